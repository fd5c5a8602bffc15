"""Turns an uploaded .csv into a workbook, so that it can be marked like any other."""

import io
from collections.abc import Sequence

import openpyxl

from ..entry import SheetLayout
from ..reader.header import find_header
from ..reader.text_file import read_text_file
from .safe import put


def workbook_from_text(
    content: bytes, layouts: Sequence[SheetLayout] = (), title: str = ""
) -> bytes:
    """Same rows, same columns, everything as text: nothing is read into it."""
    grid = read_text_file(content).grids[0]
    header = find_header(grid, layouts)
    known = header.layout if header else next(iter(layouts), None)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title or (known.name if known else sheet.title)
    for line in grid.lines:
        for column, cell in line.cells.items():
            put(sheet, line.number, column, cell.value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
