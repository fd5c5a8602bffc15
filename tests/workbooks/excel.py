"""Fills the real template and lets a test spoil it the way people do."""

import io
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from selfchecks.workbook.examine import examine
from selfchecks.workbook.reading import (
    DISTRICT,
    FIRST_DATA_ROW,
    QUALITATIVE,
    SCHOOLS,
    VETO,
    Expected,
    Reading,
)
from selfchecks.workbook.template import Prefill, write_template
from workbooks.entry import hint_of
from workbooks.findings import Finding

from . import district

Spoil = Callable[[Any], None]
SHEET = SCHOOLS.name


def template(found: list[dict[str, Any]], **changes: Any) -> bytes:
    given = {
        "year": district.YEAR,
        "unit_code": district.UNIT_CODE,
        "unit_name": district.UNIT_NAME,
        "schools": found,
    }
    return write_template(Prefill(**{**given, **changes}))


@cache
def clean(count: int = 12, seed: int = 0) -> bytes:
    """The template of a whole district, completely filled in."""
    book = openpyxl.load_workbook(io.BytesIO(template(district.schools(count, seed))))
    _fill_lists(book)
    return save(book)


def clean_book(count: int = 12, seed: int = 0) -> Any:
    """The same, open for changes."""
    return openpyxl.load_workbook(io.BytesIO(clean(count, seed)))


def _fill_lists(book: Any) -> None:
    for row, code in enumerate(DISTRICT.lines, FIRST_DATA_ROW):
        cell = book[DISTRICT.name].cell(row, DISTRICT.position("value"))
        cell.value = district.DISTRICT_FIGURES.get(code)
    for row in range(FIRST_DATA_ROW, FIRST_DATA_ROW + len(QUALITATIVE.lines)):
        book[QUALITATIVE.name].cell(row, QUALITATIVE.position("conclusion")).value = "达标"
    for row in range(FIRST_DATA_ROW, FIRST_DATA_ROW + len(VETO.lines)):
        book[VETO.name].cell(row, VETO.position("answer")).value = "否"


def save(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def spoiled(spoil: Spoil, count: int = 12, seed: int = 0) -> bytes:
    """A clean file with something done to it; ``spoil`` gets the workbook."""
    book = clean_book(count, seed)
    spoil(book)
    return save(book)


def with_cell(code: str, value: Any, row: int = 5, **style: Any) -> bytes:
    """A clean file where one cell of the schools' sheet holds something else."""

    def spoil(book: Any) -> None:
        cell = book[SHEET].cell(row, SCHOOLS.position(code))
        cell.value = value
        if isinstance(value, str) and value.startswith("="):
            cell.data_type = style.pop("data_type", "s")
        for name, setting in style.items():
            setattr(cell, name, setting)

    return spoiled(spoil)


def place(code: str, row: int = 5) -> str:
    return f"{get_column_letter(SCHOOLS.position(code))}{row}"


def expected(count: int = 12, seed: int = 0, **changes: Any) -> Expected:
    return district.expected(district.schools(count, seed), **changes)


def read(content: bytes, filename: str = "自查.xlsx", **changes: Any) -> Reading:
    return examine(content, filename, expected(**changes))


def found(reading: Reading, code: str) -> list[Finding]:
    return [finding for finding in reading.findings if finding.code == code]


def serious(reading: Reading) -> list[tuple[str, str]]:
    """Errors and warnings as (code, cell)."""
    return [(f.code, f.cell) for f in (*reading.errors, *reading.warnings)]


def value(reading: Reading, code: str, row: int = 5) -> Any:
    return next(r for r in reading.schools if r.number == row).value(code)


def as_text(found_schools: list[Mapping[str, Any]], separator: str = ",") -> str:
    """The schools' sheet as a .csv with its three header rows."""
    codes = [entry.code for entry in SCHOOLS.columns]
    lines = [codes, [e.label for e in SCHOOLS.columns], [hint_of(e) for e in SCHOOLS.columns]]
    lines += [[str(s.get(code, "")) for code in codes] for s in found_schools]
    return "\r\n".join(separator.join(f'"{text}"' for text in line) for line in lines)
