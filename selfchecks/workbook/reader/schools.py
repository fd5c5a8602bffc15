"""Reads the sheet of schools: one row per school, each stage in its own columns."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from workbooks.entry import Entry, rule_of
from workbooks.findings import Finding
from workbooks.names import name_form
from workbooks.reader.cells import LineReader
from workbooks.reader.header import Header
from workbooks.reader.lines import DataLines
from workbooks.rows import Answer
from workbooks.wording import structure as say

from ..layout import SCHOOLS
from ..reading import RegisterSchool, Row

KEY = SCHOOLS.by_code["school_code"]
NAME = SCHOOLS.by_code["school_name"]
DISTRICT_BEFORE = re.compile(r"^[\u4e00-\u9fff]{2,6}?(区|县)")


def read_schools(
    header: Header, register: Sequence[RegisterSchool]
) -> tuple[tuple[Row, ...], list[Finding]]:
    """The rows of all schools and everything there is to say about them."""
    lines, reader = DataLines(header), LineReader(header, Row)
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


def _with_stages(row: Row, reader: LineReader[Row]) -> Row:
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


def _with_code(row: Row, reader: LineReader[Row], register: Sequence[RegisterSchool]) -> Row:
    """A row without code gets that of the only school of its name; a person confirms it."""
    answer = row.answer(KEY.code)
    if row.code or answer.failed or not row.name:
        return row
    candidates = match_school(row.name, register)
    params = {"row_number": row.number, "rule": rule_of(KEY)}
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


def match_school(name: str, register: Sequence[RegisterSchool]) -> list[RegisterSchool]:
    """The schools a name may mean: by full name first, then without the district before it."""
    form = name_form(name)
    exact = [school for school in register if form in _forms(school)]
    if exact:
        return exact
    short = DISTRICT_BEFORE.sub("", form)
    return [s for s in register if short in {DISTRICT_BEFORE.sub("", form) for form in _forms(s)}]


def _forms(school: RegisterSchool) -> set[str]:
    return {name_form(name) for name in (school.name, *school.former_names)}
