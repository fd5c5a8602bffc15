"""Reads one table, from the first sheet people see, with the columns somebody describes."""

from collections.abc import Iterator
from dataclasses import dataclass

from .entry import Column, Entry, Row, SheetLayout
from .findings import Finding
from .grid import Book, Grid, about_hidden, address
from .guard import Scanner
from .reader import open_book
from .reader.header import Header, label_form
from .reader.lines import DataLines, LineReader
from .wording import structure as say

SEARCHED_LINES = 10  # among which the header is sought


@dataclass(frozen=True)
class Table:
    """What was read, and everything there is to say about it; errors keep the whole file out."""

    title: str
    columns: tuple[Entry, ...] = ()  # in the order of the file
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    header_row: int = 1


def read_table(
    content: bytes, filename: str, layout: SheetLayout, *, scan: Scanner | None = None
) -> Table:
    """The rows of the table by column code; ``Refused`` when the file as a whole cannot be read.

    A column is known by its label, its code or an alias, in any order. Every name in the header
    must be known: a figure in a column nobody reads would be lost without a word.
    """
    book = open_book(content, filename, scan=scan)
    grid = next((grid for grid in book.grids if grid.lines and not grid.is_hidden), None)
    if grid is None:
        return Table("", findings=(Finding(say.NO_TABLE),))
    notes = [*book.notices, *_about_sheets(book, grid)]
    header, faults = _header(grid, layout)
    if faults:
        return Table(grid.title, findings=(*notes, *faults), header_row=faults[0].row or 1)
    return _read(header, notes)


def _read(header: Header, notes: list[Finding]) -> Table:
    lines, reader = DataLines(header), LineReader(header, Row)
    rows = [reader.read(line) for line in lines]
    for row in rows:
        reader.check_blanks(row, header.columns.values())
    number = header.label_line.number if header.label_line else 1
    if not rows:
        notes.append(Finding(say.NO_ROWS, {}, header.grid.title, row=number))
    findings = (
        *notes,
        *lines.findings,
        *reader.findings,
        *about_hidden(header.grid, header.first_data, header.columns),
    )
    columns = tuple(header.columns.values())
    return Table(header.grid.title, columns, tuple(rows), findings, number)


def _about_sheets(book: Book, chosen: Grid) -> Iterator[Finding]:
    """Which sheet was read, once there is more than one."""
    others = [grid.title for grid in book.grids if grid is not chosen and grid.lines]
    if others:
        params = {"title": chosen.title, "others": "、".join(others)}
        yield Finding(say.SHEET_CHOSEN, params, chosen.title)


def _header(grid: Grid, layout: SheetLayout) -> tuple[Header, list[Finding]]:
    """The line with the most names of columns, and what is wrong with it."""
    wanted = {label_form(name): entry for entry in layout.columns for name in _names(entry)}
    lines = grid.lines[:SEARCHED_LINES]
    found = [
        {
            column: wanted[form]
            for column, text in line.texts().items()
            if (form := label_form(text)) in wanted
        }
        for line in lines
    ]
    index = max(range(len(lines)), key=lambda number: len(found[number]))
    line, columns = lines[index], found[index]
    header = Header(grid, layout, columns, index + 1, None, line)
    return header, list(_faults(header, line.number, line.texts()))


def _faults(header: Header, number: int, texts: dict[int, str]) -> Iterator[Finding]:
    title = header.grid.title
    present = [entry.code for entry in header.columns.values()]
    for entry in header.layout.columns:
        if entry.required and entry.code not in present:
            yield Finding(say.NEEDS_COLUMN, {}, title, "", number, entry.label)
        elif present.count(entry.code) > 1:
            first, other, *_ = (c for c, e in header.columns.items() if e is entry)
            params = {"other": address(number, other)}
            place = address(number, first)
            yield Finding(say.COLUMN_TWICE, params, title, place, number, entry.label)
    known = "、".join(entry.label for entry in header.layout.columns)
    for column, text in texts.items():
        if text and column not in header.columns:
            place = address(number, column)
            yield Finding(say.UNKNOWN_COLUMN, {"known": known}, title, place, number, "", text)


def _names(entry: Entry) -> tuple[str, ...]:
    return entry.names if isinstance(entry, Column) else (entry.label, entry.code)
