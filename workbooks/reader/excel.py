"""Opens a guarded .xlsx with openpyxl and hands on its sheets as plain grids."""

import io
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from ..findings import N_, Message, Refused
from ..guard import Inspection, SheetFacts
from ..guard.limits import BLANK_ROWS_TO_END, MAX_COLUMNS, MAX_TEXT_CHARS
from ..values import Cell
from ..wording import refusals
from .grid import Book, Grid, Line, address
from .sheet_cells import Cells, Dates, RawCell, walk_cells

MAX_COLOURED = 1_000
STRING, RUN, TEXT = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))
NO_FACTS = SheetFacts()
WHITES = {"00000000", "FFFFFFFF", "00FFFFFF"}


def read_excel(
    content: bytes, inspection: Inspection, not_read: frozenset[str] = frozenset()
) -> Book:
    """Every sheet of the workbook; a file no parser understands is ``Refused``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions it skips
            return _read(content, inspection, not_read)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # openpyxl answers damaged XML with nearly every exception there is
        reason = Message(N_("内部结构已损坏"))
        raise Refused(refusals.UNREADABLE, reason=reason) from error


def _read(content: bytes, inspection: Inspection, not_read: frozenset[str]) -> Book:
    reader = _Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        reader.read()
        wanted = [sheet for sheet in reader.sheets if sheet.title not in not_read]
        grids = tuple(_grid(reader, sheet, inspection) for sheet in wanted)
        properties = {prop.name: str(prop.value) for prop in reader.wb.custom_doc_props.props}
        return Book(grids, properties)
    finally:
        reader.archive.close()


class _Sheet(NamedTuple):
    """A worksheet's title and the part that holds it."""

    title: str
    path: str
    is_hidden: bool


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl for package, workbook and styles; it builds more objects of texts and cells than
    are needed here, so both are read by ourselves."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_strings(source))

    def read_worksheets(self) -> None:
        self.sheets = [
            _Sheet(sheet.name, relation.target, sheet.state != "visible")
            for sheet, relation in self.parser.find_sheets()
            if relation.target in self.valid_files and "chartsheet" not in relation.Type
        ]


def _strings(source: Any) -> Iterator[str]:
    for _, element in iterparse(source):
        if element.tag == STRING:
            texts = (*element.iterfind(TEXT), *element.iterfind(f"{RUN}/{TEXT}"))
            yield "".join(text.text or "" for text in texts).replace("x005F_", "")
            element.clear()


def _grid(reader: _Reader, sheet: _Sheet, inspection: Inspection) -> Grid:
    facts, book = inspection.sheets.get(sheet.path, NO_FACTS), reader.wb
    collector = _Collector(facts, book)
    dates = Dates(book.epoch, book._date_formats, book._timedelta_formats)
    part = reader.archive.read(sheet.path)
    walk_cells(part, reader.shared_strings, dates, collector.take, BLANK_ROWS_TO_END)
    return Grid(
        title=sheet.title,
        lines=tuple(collector.lines),
        merges=facts.merges,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        coloured_blanks=tuple(collector.coloured),
        external=facts.external,
        is_hidden=sheet.is_hidden,
    )


class _Collector:
    """Turns a part's rows into lines and remembers what else there is to say about them."""

    def __init__(self, facts: SheetFacts, book: Any) -> None:
        self.uncached, self.book = facts.uncached, book
        self.is_1904 = book.epoch == CALENDAR_MAC_1904
        self.lines: list[Line] = []
        self.coloured: list[str] = []
        self.styles: dict[int, tuple[bool, bool]] = {}  # style → is percent, has colour
        self.chars = 0

    def take(self, number: int, row: Cells) -> bool:
        """Keep the row if any of its cells says something."""
        cells = {}
        for column in sorted(row):
            if column <= MAX_COLUMNS and (cell := self._cell(number, column, row[column])):
                cells[column] = cell
        if cells:
            self._note_colours(number, row)
            self.lines.append(Line(number, cells))
        return bool(cells)

    def _cell(self, number: int, column: int, raw: RawCell) -> Cell | None:
        value, kind, style = raw
        if isinstance(value, str):
            self._count_text(value)
            return Cell(value, is_error=kind == "e")
        if value is not None:
            is_percent = style != 0 and self._style(style)[0]
            return Cell(value, is_percent, epoch_1904=self.is_1904)
        if self.uncached and address(number, column) in self.uncached:
            return Cell(None, is_uncached=True)
        return None

    def _count_text(self, text: str) -> None:
        """One long string may be shared by a million cells, so the sum is what counts."""
        self.chars += len(text)
        if self.chars > MAX_TEXT_CHARS:
            reason = Message(N_("文字总量超过 {limit} 字"), {"limit": MAX_TEXT_CHARS})
            raise Refused(refusals.TOO_BIG, reason=reason)

    def _note_colours(self, number: int, row: Cells) -> None:
        for column in sorted(row):
            value, _, style = row[column]
            is_blank = value is None and style != 0 and column <= MAX_COLUMNS
            if is_blank and self._style(style)[1] and len(self.coloured) < MAX_COLOURED:
                self.coloured.append(address(number, column))

    def _style(self, style: int) -> tuple[bool, bool]:
        if style not in self.styles:
            cell = ReadOnlyCell(SimpleNamespace(parent=self.book), 1, 1, None, style_id=style)
            self.styles[style] = ("%" in cell.number_format, _is_coloured(cell.fill))
        return self.styles[style]


def _is_coloured(fill: Any) -> bool:
    pattern = getattr(fill, "patternType", None)
    if pattern in (None, "none"):
        return False
    colour = fill.fgColor
    return not (colour.type == "rgb" and colour.rgb in WHITES)
