"""Writes tables as an Excel workbook people can work with: numbers are numbers, text is text."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from workbooks.writer.room import MARGIN, lines_of, width_of

LONGEST_TEXT = 32_767  # of a cell; openpyxl would cut what is longer without a word
LONGEST_TITLE = 31
NARROWEST, HEAD, WIDEST = 7, 14, 48  # of a column, in digits; longer heads wrap
LINE_HEIGHT = 15  # points; not every program makes a row higher by itself
READABLE = 190  # digits across a page in landscape; wider sheets go on beside
_NOT_IN_TITLES = str.maketrans("", "", "[]:*?/\\'")


class Number(NamedTuple):
    """An exact number that a cell shows with ``places``, then with ``after``; sums and copies have
    all of it."""

    exact: Decimal
    places: int
    after: str = ""

    @classmethod
    def read(cls, exact: str | Decimal | None, places: int) -> "Number | str":
        """A blank cell where nothing is known: unknown is not zero."""
        return "" if exact in (None, "") else cls(Decimal(exact or 0), places)

    def __str__(self) -> str:
        """In full, as a CSV has it."""
        return format(self.exact, "f")

    @property
    def text(self) -> str:
        """As the cell shows it."""
        return f"{self.exact:.{self.places}f}{self.after}"

    @property
    def look(self) -> str:
        number = f"0.{'0' * self.places}" if self.places else "0"
        after = self.after.replace('"', "”")
        return f'{number}"{after}"' if after else number


class Sheet(NamedTuple):
    """A named table, header first; the first ``frozen`` columns stay in sight."""

    title: str
    rows: Sequence[Sequence[Any]]
    frozen: int = 0


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """The bytes of an .xlsx: heads frozen, filtered and repeated on paper, columns wide enough."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book.create_sheet(title_of(sheet.title)), sheet)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def title_of(text: str) -> str:
    """A name Excel takes for a sheet."""
    return text.translate(_NOT_IN_TITLES)[:LONGEST_TITLE] or "1"


def _write(page: Any, sheet: Sheet) -> None:
    head, last = sheet.rows[0], get_column_letter(max(1, len(sheet.rows[0])))
    page.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}2"
    page.auto_filter.ref = f"A1:{last}{len(sheet.rows)}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9  # A4
    widths = list(_widths(sheet.rows))
    for index, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(index)].width = width
    if sheet.frozen:
        page.print_title_cols = f"A:{get_column_letter(sheet.frozen)}"
    if sum(widths) <= READABLE:
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.page_setup.fitToHeight = 0
    page.row_dimensions[1].height = LINE_HEIGHT * lines_of(head, widths)
    page.append([_bold(cell) for cell in _cells(page, head)])
    for row in sheet.rows[1:]:
        page.append(list(_cells(page, row)))


def _widths(rows: Sequence[Sequence[Any]]) -> Iterator[int]:
    for index, head in enumerate(rows[0]):
        widest = max((width_of(_text(row[index])) for row in rows[1:]), default=0)
        yield min(WIDEST, max(NARROWEST, widest, min(width_of(head), HEAD)) + MARGIN)


def _text(value: Any) -> Any:
    """The longest line of what the cell shows."""
    shown = value.text if isinstance(value, Number) else str("" if value is None else value)
    return max(shown.splitlines() or [""], key=len)


def _cells(page: Any, row: Sequence[Any]) -> Iterator[WriteOnlyCell]:
    for value in row:
        if isinstance(value, Number):
            cell = WriteOnlyCell(page, value.exact)
            cell.number_format = value.look
        elif isinstance(value, str):
            cell = WriteOnlyCell(page, _fitting(value))
            cell.data_type = "s"
        else:
            cell = WriteOnlyCell(page, value)
        yield cell


def _bold(cell: WriteOnlyCell) -> WriteOnlyCell:
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _fitting(text: str) -> str:
    """Text as a cell can hold it; one that is too long ends with how much more there is."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(text) <= LONGEST_TEXT:
        return text
    note = gettext("……〔全文 %s 字，一格放不下；全文见 CSV 或 JSON〕") % len(text)
    return text[: LONGEST_TEXT - len(note)] + note
