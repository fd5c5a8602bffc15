"""Puts a finding at the cell of a figure."""

from typing import Any

from figures.table import SCHOOL_FIELD
from workbooks.findings import Finding, Kind
from workbooks.rows import Answer

from ..layout import district_entry
from ..reading import Row


def at_school(kind: Kind, row: Row, code: str, **params: Any) -> Finding:
    answer = row.answer(code)
    label, found = SCHOOL_FIELD[code].label, answer.raw or str(answer.value)
    return Finding(kind, params, row.sheet, answer.cell, row.number, label, found)


def at_item(kind: Kind, sheet: str, code: str, answer: Answer, **params: Any) -> Finding:
    entry = district_entry(code)
    label = entry.label if entry else code
    number = int("".join(filter(str.isdigit, answer.cell)) or 0) or None
    return Finding(kind, params, sheet, answer.cell, number, label, answer.raw)
