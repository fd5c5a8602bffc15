"""A sheet as rows of cells, whatever file it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from openpyxl.utils import get_column_letter

from ..findings import Finding
from ..values import BLANK, Cell
from ..values.cell import CellValue

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
