"""Turns an uploaded .csv into a workbook, so that it can be marked like any other."""

import io

import openpyxl

from ..layout import SCHOOLS
from ..reader.header import find_header
from ..reader.text_file import read_text_file
from .safe import put


def workbook_from_text(content: bytes) -> bytes:
    """Same rows, same columns, everything as text: nothing is read into it."""
    grid = read_text_file(content).grids[0]
    header = find_header(grid)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = header.layout.name if header else SCHOOLS.name
    for line in grid.lines:
        for column, cell in line.cells.items():
            put(sheet, line.number, column, cell.value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
