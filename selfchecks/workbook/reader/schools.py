"""Reads the sheet of schools: one row per school, each stage in its own columns."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from ..findings import Finding
from ..layout import SCHOOLS
from ..layout.entry import Entry
from ..names import match_school
from ..reading import Answer, RegisterSchool, Row
from ..wording import structure as say
from .cells import LineReader
from .header import Header
from .lines import DataLines

KEY = SCHOOLS.by_code["school_code"]
NAME = SCHOOLS.by_code["school_name"]
IDENTITY = frozenset({"school_code", "school_name"})


def read_schools(
    header: Header, register: Sequence[RegisterSchool]
) -> tuple[tuple[Row, ...], list[Finding]]:
    """The rows of all schools and everything there is to say about them."""
    lines, reader = DataLines(header), LineReader(header)
    rows = []
    for line in lines:
        row = _with_code(reader.read(line), reader, register)
        rows.append(_with_stages(row, reader))
    reader.note_duplicates([(row.code, row) for row in rows], KEY, KEY.code)
    return tuple(rows), [*lines.findings, *reader.findings]


def has_figures(row: Row) -> bool:
    """Has anything been filled in beyond what the template came with?"""
    given = {"school_code", "school_name", "school_type", "location", "ownership", "boarding"}
    return any(
        code not in given and (answer.raw or answer.failed) for code, answer in row.answers.items()
    )


def _with_stages(row: Row, reader: LineReader) -> Row:
    stages = row.stages
    asked, not_asked = _by_stage(stages)
    # A blank code has its own finding once a name stands beside it.
    reader.check_blanks(row, asked, but_not=KEY.code if row.name else "")
    if not stages:  # the type is missing or wrong, which is said already
        return row
    return replace(row, not_asked=frozenset(reader.check_not_asked(row, not_asked)))


@cache
def _by_stage(stages: tuple[str, ...]) -> tuple[list[Entry], list[Entry]]:
    """The columns asked of a school with these stages, and the others."""
    asked = [entry for entry in SCHOOLS.columns if not entry.stage or entry.stage in stages]
    return asked, [entry for entry in SCHOOLS.columns if entry not in asked]


def _with_code(row: Row, reader: LineReader, register: Sequence[RegisterSchool]) -> Row:
    """A row without code gets that of the only school of its name; a person confirms it."""
    answer = row.answer(KEY.code)
    if row.code or answer.failed or not row.name:
        return row
    candidates = match_school(row.name, register)
    params = {"row_number": row.number, "rule": KEY.rule}
    place = answer.cell or row.answer(NAME.code).cell
    if len(candidates) != 1:
        kind = say.SCHOOL_AMBIGUOUS if candidates else say.SCHOOL_UNNAMED
        params["candidates"] = "、".join(f"{s.name}({s.code})" for s in candidates[:3])
        reader.add(kind, row.number, place, KEY, row.name, params)
        return row
    params["value"] = f"{candidates[0].name}({candidates[0].code})"
    reader.add(say.SCHOOL_BY_NAME, row.number, place, KEY, row.name, params)
    found = Answer(candidates[0].code, place)
    return replace(row, answers={**row.answers, KEY.code: found})
