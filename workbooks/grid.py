"""A sheet as rows of cells, whatever file it came from, and what reading a cell gave."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from .findings import Finding, Kind
from .wording import structure as say

CellValue = str | int | float | bool | datetime | date | time | timedelta | None
Value = int | Decimal | str | None

NOT_APPLICABLE = "不适用"


# One of each for every cell of a district's file: named tuples are made fastest.
class Cell(NamedTuple):
    """``from_text`` marks files that hold nothing but text, where a number as text is no news."""

    value: CellValue
    is_percent: bool = False
    is_error: bool = False
    is_uncached: bool = False
    from_text: bool = False
    epoch_1904: bool = False
    shows_percent: bool = False  # a sign that is only for show

    @property
    def text(self) -> str:
        """What the person sees or typed, for messages and for keeping."""
        if self.value is None:
            return ""
        if self.is_percent and isinstance(self.value, int | float):
            return f"{plain(Decimal(str(self.value)) * 100)}%"
        if self.shows_percent:
            return f"{plain(Decimal(str(self.value)))}%"
        if isinstance(self.value, float) and self.value.is_integer():
            return plain(Decimal(str(self.value)))
        if isinstance(self.value, datetime) and self.value.time() == time():
            return self.value.date().isoformat()
        return str(self.value)


BLANK = Cell(None)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about a value; the reader adds where it stood."""

    kind: Kind
    params: dict[str, Any] = field(default_factory=dict)


class Parsed(NamedTuple):
    """``value`` is None both for a blank and for what could not be read; ``failed`` tells which."""

    value: Value
    remarks: tuple[Remark, ...] = ()
    failed: bool = False


NOTHING = Parsed(None)


def failure(kind: Kind, **params: Any) -> Parsed:
    return Parsed(None, (Remark(kind, params),), failed=True)


def remarked(value: Value, kind: Kind, **params: Any) -> Parsed:
    return Parsed(value, (Remark(kind, {"value": show(value), **params}),))


def plain(number: Decimal) -> str:
    """Digits only, without exponent or needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


BARE = BLANK[1:]  # a cell of which nothing but its value is to be said
Area = tuple[int, int, int, int]  # first row, first column, last row, last column


@lru_cache(maxsize=512)
def letters(column: int) -> str:
    return str(get_column_letter(column))


def address(row: int, column: int) -> str:
    return f"{letters(column)}{row}"


def area_name(area: Area) -> str:
    return f"{address(area[0], area[1])}:{address(area[2], area[3])}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its own number in the file and those of its cells that hold something."""

    number: int
    cells: Mapping[int, Cell]

    def __reduce__(self) -> tuple[Any, ...]:
        """Bare values where that is all: every line comes over from the process that read it."""
        odd = {column: cell for column, cell in self.cells.items() if cell != (cell.value, *BARE)}
        values = [cell.value for cell in self.cells.values()]
        return _line, (self.number, list(self.cells), values, odd)

    def text(self, column: int) -> str:
        return self.cells.get(column, BLANK).text.strip()

    def words(self) -> Iterator[tuple[int, str]]:
        """What is written in letters, by column; a number is no heading."""
        return (
            (column, cell.value.strip())
            for column, cell in self.cells.items()
            if isinstance(cell.value, str)
        )

    def texts(self) -> dict[int, str]:
        return {column: cell.text.strip() for column, cell in self.cells.items()}


def _line(number: int, columns: list[int], values: list[CellValue], odd: dict[int, Cell]) -> Line:
    return Line(number, {**dict(zip(columns, map(Cell, values), strict=True)), **odd})


@dataclass(frozen=True)
class Grid:
    """The lines with content of one sheet, and what the file says about rows and columns."""

    title: str
    lines: tuple[Line, ...]
    merges: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    coloured_blanks: tuple[str, ...] = ()
    external: frozenset[str] = frozenset()
    is_hidden: bool = False


@dataclass(frozen=True)
class Book:
    """All sheets of a file, and the properties its author gave it."""

    grids: tuple[Grid, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    separator: str = ""
    notices: tuple[Finding, ...] = ()  # about parts of the file nobody opened


def about_hidden(grid: Grid, first_data: int, read: Collection[int]) -> list[Finding]:
    """Hidden rows and columns are read like any other, which must be said."""
    findings = []
    data = {line.number for line in grid.lines[first_data:]}
    rows = sorted(data & grid.hidden_rows)
    columns = sorted(grid.hidden_columns.intersection(read))
    if rows:
        params = {"rows": "、".join(map(str, rows))}
        findings.append(Finding(say.HIDDEN_ROWS, params, grid.title, row=rows[0]))
    if columns:
        params = {"columns": "、".join(map(letters, columns))}
        findings.append(Finding(say.HIDDEN_COLUMNS, params, grid.title))
    if grid.coloured_blanks:
        findings.append(_coloured(grid))
    return findings


def _coloured(grid: Grid) -> Finding:
    params = {"count": len(grid.coloured_blanks)}
    return Finding(say.COLOURED_BLANKS, params, grid.title, grid.coloured_blanks[0])
