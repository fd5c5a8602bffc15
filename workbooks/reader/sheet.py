"""Walks one worksheet part as it streams by: its cells, and what else must be known of it.

Own code, because no library tells all of this in one pass: a formula saved without a result, an
error value, hidden rows, how a number is shown; and because it takes a third of openpyxl's time.
"""

import re
from functools import lru_cache
from xml.parsers import expat

from ..findings import N_, Message, Refused
from ..grid import Area, Line, address
from ..guard import (
    BLANK_ROWS_TO_END,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_MERGED_CELLS,
    MAX_MERGES,
    MAX_ROWS,
    MAX_TEXT_CHARS,
)
from ..guard.archive import too_big, unreadable
from ..package import YES
from ..values import Cell
from ..wording import refusals
from .contents import Contents, Setting

DIGITS = "0123456789"
NOTHING: dict[str, str] = {}
CONTENT = re.compile(rb"<(?:\w+:)?(?:[vf]|is)[\s>]")
END_OF_DATA = re.compile(rb"</(?:\w+:)?sheetData\s*>")
CELL_ADDRESS = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br=[\"']([A-Za-z]+[0-9]+)")
AREA = re.compile(r"\$?([A-Z]{1,8})\$?(\d{1,10})(?::\$?([A-Z]{1,8})\$?(\d{1,10}))?")
EXTERNAL = re.compile(r"\[\d+\]|\|'?[^<]*!")
ROOM = 50  # rows for header, title and tail
PARTS = ("row", "c", "v", "f", "is", "t", "rPh", "col", "mergeCell")


class Walker:
    """Follows expat's events; the handlers run for every cell, so they do little."""

    def __init__(self, setting: Setting) -> None:
        self.contents = Contents(setting)
        self.number = self.next = self.filled = self.column = self.count = 0
        self.row: dict[int, Cell] = {}
        self.attributes = NOTHING
        self.value: str | None = None
        self.formula: str | None = None
        self.inline: list[str] | None = None
        self.text: list[str] | None = None  # collects characters while it is a list
        self.tinted: list[int] = []
        self.lines: list[Line] = []
        self.merges: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.coloured: list[str] = []
        self.external: set[str] = set()
        self.chars = self.root_end = 0

    def walk(self, part: bytes) -> None:
        """Read the part; ``Refused`` when it reaches far outside any template."""
        if part.count(b"<v>") + part.count(b"<is>") > MAX_CELLS:
            raise too_many_cells()
        self.part = part
        try:
            self._parse(part)
        except _Enough as enough:
            # Formatted blank rows run on for a million lines: only what follows them is parsed.
            self._parse(part[: self.root_end] + part[enough.resume :])

    def _parse(self, part: bytes) -> None:
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._root
        parser.CharacterDataHandler = self._characters
        parser.Parse(part, True)

    def _root(self, name: str, _: dict[str, str]) -> None:
        """The names of one namespace: strict workbooks have another, careless ones have none."""
        space = name.rpartition(" ")[0]
        self.names = [f"{space} {part}" if space else part for part in PARTS]
        self.ROW, self.CELL, self.VALUE, self.FORMULA, self.INLINE, self.TEXT = self.names[:6]
        self.root_end = self.part.index(b">", self.parser.CurrentByteIndex) + 1
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.CELL:
            self.attributes, self.value, self.inline, self.formula = attributes, None, None, None
        elif (
            name == self.VALUE
            or name == self.FORMULA
            or name == self.TEXT
            and self.inline is not None
        ):
            self.text = []
        elif name == self.ROW:
            self._start_row(attributes)
        elif name == self.INLINE:
            self.inline = []
        elif name == self.names[7]:
            self._column(attributes)
        elif name == self.names[8]:
            self._merge(attributes.get("ref", ""))

    def _is_inline_text(self, name: str) -> bool:
        return self.inline is not None and name == self.TEXT

    def _characters(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end(self, name: str) -> None:
        if name == self.CELL:
            self._end_cell()
        elif name == self.VALUE:
            self.value, self.text = self.value or "".join(self.text or ()), None
        elif name == self.FORMULA:
            self.formula, self.text = "".join(self.text or ()), None
        elif name == self.ROW:
            self._end_row()
        elif name == self.TEXT and self.inline is not None:
            self.inline.append("".join(self.text or ()))
            self.text = None
        elif name == self.names[6] and self.inline:
            self.inline.pop()  # how to pronounce what stands before it

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.number = self.number + 1 if number is None else whole(number)
        self.column, self.row, self.tinted = 0, {}, []
        if attributes.get("hidden") in YES:
            self.hidden_rows.add(self.number)
        if self.number - self.filled > BLANK_ROWS_TO_END + 1:
            raise _Enough(self._end_of_data())

    def _end_of_data(self) -> int:
        """Where the rows end, once nothing but blanks is left of them."""
        here = self.parser.CurrentByteIndex
        end = END_OF_DATA.search(self.part, here)
        stop = end.end() if end else len(self.part)
        if content := CONTENT.search(self.part, here, stop):
            before = self.part[max(here, content.start() - 2_000) : content.start()]
            place = CELL_ADDRESS.findall(before)
            raise far(place[-1].decode().upper() if place else f"A{self.number}")
        return stop

    def _end_row(self) -> None:
        row, number = self.row, self.number
        if row and number >= self.next:  # a row told twice counts as it stood first
            self.filled = number
            self.lines.append(Line(number, dict(sorted(row.items()))))
            self.coloured += [address(number, column) for column in self.tinted]
            if len(self.lines) > MAX_ROWS + ROOM:
                raise out_of_bounds(N_("一张工作表超过 {limit} 行"), limit=MAX_ROWS)
        elif row and number < self.filled:
            raise unreadable(N_("工作表里的行没有按顺序排列"))
        self.next = max(self.next, number + 1)

    def _end_cell(self) -> None:
        attributes = self.attributes
        place = attributes.get("r")
        self.column = column_of(place.rstrip(DIGITS)) if place else self.column + 1
        look, value = self.contents.look(attributes.get("s")), self.value
        if self.inline is not None and attributes.get("t") == "inlineStr":
            value = "".join(self.inline)
        cell = self.contents.read(attributes.get("t", "n"), value, self.formula, look)
        if cell is not None:
            self._take(cell, place)
        elif look.is_coloured and self.column <= MAX_COLUMNS:
            self.tinted.append(self.column)

    def _take(self, cell: Cell, place: str | None) -> None:
        self.count += 1
        if self.column > MAX_COLUMNS:
            raise far(place or address(self.number, self.column))
        if self.count > MAX_CELLS:
            raise too_many_cells()
        if type(cell.value) is str:
            self._count_text(cell.value)
        if self.formula is not None and EXTERNAL.search(self.formula):
            self.external.add(address(self.number, self.column))
        self.row[self.column] = cell

    def _count_text(self, text: str) -> None:
        """One long string may be shared by a million cells, so the sum is what counts."""
        self.chars += len(text)
        if self.chars > MAX_TEXT_CHARS:
            raise too_big(N_("文字总量超过 {limit} 字"), limit=MAX_TEXT_CHARS)

    def _column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in YES:
            first, last = (int(attributes.get(name, "0")) for name in ("min", "max"))
            self.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))

    def _merge(self, area: str) -> None:
        match = AREA.fullmatch(area.upper())
        if match is None or len(self.merges) >= MAX_MERGES:
            raise unreadable(N_("合并单元格的记录不正常"))
        left, right = column_of(match[1]), column_of(match[3] or match[1])
        top, bottom = int(match[2]), int(match[4] or match[2])
        if (bottom - top + 1) * (right - left + 1) > MAX_MERGED_CELLS:
            reason = N_("合并区域 {area} 超过 {limit} 个单元格")
            raise out_of_bounds(reason, area=match[0], limit=MAX_MERGED_CELLS)
        self.merges.append((top, left, bottom, right))


def whole(text: str) -> int:
    """Row numbers, which some programs write as 5.0."""
    number = float(text)
    if not number.is_integer():
        raise ValueError(f"{text} is not a row number")
    return int(number)


@lru_cache(maxsize=512)
def column_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class _Enough(Exception):
    """The rows go on, but their content has ended; ``resume`` is where they end."""

    def __init__(self, resume: int) -> None:
        super().__init__(resume)
        self.resume = resume


def too_many_cells() -> Refused:
    return out_of_bounds(N_("一张工作表有内容的单元格超过 {limit} 个"), limit=MAX_CELLS)


def far(place: str) -> Refused:
    return out_of_bounds(N_("{address} 有内容，远在数据区之外"), address=place)


def out_of_bounds(reason: str, **params: object) -> Refused:
    return Refused(refusals.OUT_OF_BOUNDS, reason=Message(reason, params))
