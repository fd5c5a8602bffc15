"""Walks the cells of one worksheet part as they stream by, without building a tree of it."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHEET_MAIN_NS

from ..values.cell import CellValue

ROW, CELL, VALUE, INLINE, TEXT, PHONETIC = (
    f"{SHEET_MAIN_NS} {name}" for name in ("row", "c", "v", "is", "t", "rPh")
)
DIGITS = "0123456789"
NO_ATTRIBUTES: dict[str, str] = {}


RawCell = tuple[CellValue, str, int]  # the value, the file's own letter for its type, the style
Cells = dict[int, RawCell]
OnRow = Callable[[int, Cells], bool]  # answers whether the row holds anything


class Dates(NamedTuple):
    """What turns a number into a date: the workbook's first day and its styles."""

    epoch: Any
    styles: set[int]
    durations: set[int]


class _Enough(Exception):
    """The sheet goes on, but its data has ended."""


def walk_cells(
    part: bytes, strings: list[str], dates: Dates, on_row: OnRow, blanks_to_end: int
) -> None:
    """Call ``on_row`` for every row with cells, downwards, until only blank rows are left.

    Damaged cells raise whatever Python says of them.
    """
    try:
        _Walker(strings, dates, on_row, blanks_to_end).walk(part)
    except _Enough:
        return


class _Walker:
    """Follows expat's events; the three handlers run for every cell, so they do little."""

    def __init__(self, strings: list[str], dates: Dates, on_row: OnRow, blanks_to_end: int) -> None:
        self.strings, self.dates = strings, dates
        self.on_row, self.blanks_to_end = on_row, blanks_to_end
        self.number = self.next = self.filled = self.column = 0
        self.cells: Cells = {}
        self.attributes = NO_ATTRIBUTES
        self.value: str | None = None
        self.inline: list[str] | None = None
        self.text: list[str] | None = None  # collects characters while it is a list

    def walk(self, part: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(part, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == CELL:
            self.attributes, self.value, self.inline = attributes, None, None
        elif name == VALUE or (name == TEXT and self.inline is not None):
            self.text = []
        elif name == ROW:
            self._start_row(attributes.get("r"))
        elif name == INLINE:
            self.inline = []

    def _characters(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end(self, name: str) -> None:
        if name == CELL:
            self._end_cell()
        elif name == VALUE:
            self.value, self.text = self.value or "".join(self.text or ()), None
        elif name == ROW:
            self._end_row()
        elif name == TEXT and self.inline is not None:
            self.inline.append("".join(self.text or ()))
            self.text = None
        elif name == PHONETIC and self.inline:
            self.inline.pop()  # how to pronounce what stands before it

    def _start_row(self, number: str | None) -> None:
        self.number = self.number + 1 if number is None else _whole(number)
        self.column, self.cells = 0, {}
        if self.number - self.filled > self.blanks_to_end + 1:
            raise _Enough

    def _end_row(self) -> None:
        is_below = self.number >= self.next  # a row told twice counts as it stood first
        if self.cells and is_below and self.on_row(self.number, self.cells):
            self.filled = self.number
        self.next = max(self.next, self.number + 1)

    def _end_cell(self) -> None:
        attributes = self.attributes
        place = attributes.get("r")
        self.column = _column(place) if place else self.column + 1
        kind, style = attributes.get("t", "n"), int(attributes.get("s") or 0)
        self.cells[self.column] = self._cell(kind, style)

    def _cell(self, kind: str, style: int) -> RawCell:
        if kind == "inlineStr":
            return (None if self.inline is None else "".join(self.inline), kind, style)
        text = self.value
        if not text:
            return (None, kind, style)
        if kind == "n":
            return self._number(text, style)
        if kind == "s":
            return (self.strings[int(text)], kind, style)
        return (_OTHERS[kind](text) if kind in _OTHERS else text, kind, style)

    def _number(self, text: str, style: int) -> RawCell:
        number = int(text) if text.isdigit() else _number(text)
        if style not in self.dates.styles:
            return (number, "n", style)
        is_duration = style in self.dates.durations
        try:
            return (from_excel(number, self.dates.epoch, timedelta=is_duration), "d", style)
        except (OverflowError, ValueError):
            return ("#VALUE!", "e", style)


def _number(text: str) -> int | float:
    return float(text) if any(c in text for c in ".eE") else int(text)


_OTHERS: dict[str, Callable[[str], Any]] = {"b": lambda text: bool(int(text)), "d": from_ISO8601}


def _whole(text: str) -> int:
    """Row numbers, which some programs write as 5.0."""
    if text.isdigit():
        return int(text)
    number = float(text)
    if not number.is_integer():
        raise ValueError(f"{text} is not a row number")
    return int(number)


def _column(place: str) -> int:
    letters = place.rstrip(DIGITS)
    return _of_letters(letters) if len(letters) < len(place) else coordinate_to_tuple(place)[1]


@cache
def _of_letters(letters: str) -> int:
    return int(coordinate_to_tuple(f"{letters}1")[1])
