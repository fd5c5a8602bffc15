"""Opens a guarded .xlsx with openpyxl and hands on its sheets as plain grids."""

import io
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from ..findings import N_, Message, Refused
from ..guard import Inspection, SheetFacts
from ..guard.limits import BLANK_ROWS_TO_END, MAX_COLUMNS, MAX_TEXT_CHARS
from ..layout import IDENTITY_SHEET, IGNORED_SHEETS
from ..values import Cell
from ..wording import refusals
from .grid import Book, Grid, Identity, Line, address

MAX_COLOURED = 1_000
NOT_READ = IGNORED_SHEETS - {IDENTITY_SHEET}
STRING, RUN, TEXT = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))
NO_FACTS = SheetFacts()
WHITES = {"00000000", "FFFFFFFF", "00FFFFFF"}


def read_excel(content: bytes, inspection: Inspection) -> Book:
    """Every sheet of the workbook; a file no parser understands is ``Refused``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions it skips
            return _read(content, inspection)
    except Refused:
        raise
    except Exception as error:  # openpyxl answers damaged XML with nearly every exception there is
        reason = Message(N_("内部结构已损坏"))
        raise Refused(refusals.UNREADABLE, reason=reason) from error


def _read(content: bytes, inspection: Inspection) -> Book:
    reader = _Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        reader.read()
        book = reader.wb
        is_1904 = book.epoch == CALENDAR_MAC_1904
        wanted = [sheet for sheet in book.worksheets if sheet.title not in NOT_READ]
        grids = tuple(_grid(sheet, inspection, is_1904) for sheet in wanted)
        return Book(grids, _identity(book, grids))
    finally:
        reader.archive.close()


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl builds objects for every run of every text, of which only the words are needed."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_strings(source))


def _strings(source: Any) -> Iterator[str]:
    for _, element in iterparse(source):
        if element.tag == STRING:
            texts = (*element.iterfind(TEXT), *element.iterfind(f"{RUN}/{TEXT}"))
            yield "".join(text.text or "" for text in texts).replace("x005F_", "")
            element.clear()


def _grid(sheet: Any, inspection: Inspection, is_1904: bool) -> Grid:
    facts = inspection.sheets.get(sheet._worksheet_path, NO_FACTS)
    sheet.reset_dimensions()  # what the file says about its size is often wrong
    collector = _Collector(facts, is_1904)
    lines = tuple(collector.lines(sheet.iter_rows(max_col=MAX_COLUMNS)))
    return Grid(
        title=sheet.title,
        lines=lines,
        merges=facts.merges,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        coloured_blanks=tuple(collector.coloured),
        external=facts.external,
    )


class _Collector:
    """Turns openpyxl's rows into lines and stops at the end of the data."""

    def __init__(self, facts: SheetFacts, is_1904: bool) -> None:
        self.facts, self.is_1904 = facts, is_1904
        self.coloured: list[str] = []
        self.styles: dict[int, tuple[bool, bool]] = {}  # style → is percent, has colour
        self.chars = 0

    def lines(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[Line]:
        blank = 0
        for number, row in enumerate(rows, 1):
            cells = self._cells(number, row)
            blank = 0 if cells else blank + 1
            if blank > BLANK_ROWS_TO_END:
                return
            if cells:
                self._note_colours(number, row)
                yield Line(number, cells)

    def _cells(self, number: int, row: tuple[Any, ...]) -> dict[int, Cell]:
        has_uncached = bool(self.facts.uncached)
        cells: dict[int, Cell] = {}
        for column, cell in enumerate(row, 1):
            if cell.value is not None:
                cells[column] = self._cell(cell)
            elif has_uncached and address(number, column) in self.facts.uncached:
                cells[column] = Cell(None, is_uncached=True)
        return cells

    def _cell(self, cell: Any) -> Cell:
        value = cell.value
        if isinstance(value, str):
            self._count_text(value)
            return Cell(value, is_error=cell.data_type == "e")
        is_percent = cell.has_style and self._style(cell)[0]
        return Cell(value, is_percent=is_percent, epoch_1904=self.is_1904)

    def _count_text(self, text: str) -> None:
        """One long string may be shared by a million cells, so the sum is what counts."""
        self.chars += len(text)
        if self.chars > MAX_TEXT_CHARS:
            reason = Message(N_("文字总量超过 {limit} 字"), {"limit": MAX_TEXT_CHARS})
            raise Refused(refusals.TOO_BIG, reason=reason)

    def _note_colours(self, number: int, row: tuple[Any, ...]) -> None:
        for column, cell in enumerate(row, 1):
            if cell.value is None and _is_styled(cell) and self._style(cell)[1]:
                if len(self.coloured) >= MAX_COLOURED:
                    return
                self.coloured.append(address(number, column))

    def _style(self, cell: Any) -> tuple[bool, bool]:
        key = cell._style_id
        if key not in self.styles:
            self.styles[key] = ("%" in cell.number_format, _is_coloured(cell.fill))
        return self.styles[key]


def _is_styled(cell: Any) -> bool:
    return cell is not EMPTY_CELL and bool(cell.has_style)


def _is_coloured(fill: Any) -> bool:
    pattern = getattr(fill, "patternType", None)
    if pattern in (None, "none"):
        return False
    colour = fill.fgColor
    return not (colour.type == "rgb" and colour.rgb in WHITES)


def _identity(book: Any, grids: Iterable[Grid]) -> Identity:
    """The hidden sheet first: document properties do not survive every program."""
    for grid in grids:
        if grid.title == IDENTITY_SHEET:
            pairs = {line.text(1): line.text(2) for line in grid.lines}
            return _from_pairs(pairs)
    return _from_pairs({prop.name: str(prop.value) for prop in book.custom_doc_props.props})


def _from_pairs(pairs: dict[str, str]) -> Identity:
    names = ("template", "year", "unit_code", "unit_name")
    return Identity(*(pairs.get(name, "") for name in names))
