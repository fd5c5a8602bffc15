"""Reads the lines of the four sheets, and tells which school of the register each one means."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from figures.table import OFFERED_ITEMS, SCHOOL_FIELD
from workbooks.entry import Answer, Entry, rule_of
from workbooks.findings import Finding
from workbooks.grid import Line
from workbooks.names import name_form
from workbooks.reader.header import Header
from workbooks.reader.lines import DataLines, LineReader
from workbooks.values import matching_form
from workbooks.wording import structure as say

from . import wording as said
from .reading import DISTRICT, SCHOOLS, RegisterSchool, Row, asked

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
    return any(
        not SCHOOL_FIELD[code].is_word and (answer.raw or answer.failed)
        for code, answer in row.answers.items()
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


def read_lines(header: Header) -> tuple[dict[str, Row], list[Finding]]:
    """The rows by their code, in the order of the sheet."""
    lines, reader = DataLines(header), LineReader(header, Row)
    found = [_read_line(reader, line) for line in lines]
    rows = [(code, row) for code, row in found if code]
    key = header.layout.key
    reader.note_duplicates(rows, header.layout.by_code[key], key)
    _note_missing(reader, {code for code, _row in rows})
    # Of two lines with one code the first counts.
    return dict(reversed(dict(reversed(rows)).items())), [*lines.findings, *reader.findings]


def _read_line(reader: LineReader[Row], line: Line) -> tuple[str, Row]:
    """Code and values of a line; no code where it is none of ours."""
    layout, columns = reader.header.layout, reader.header.columns
    answers = {
        entry.code: reader.read_cell(entry, line, column)
        for column, entry in columns.items()
        if entry.code != layout.answer
    }
    row = Row(reader.title, line.number, answers)
    code = _code_of(reader, row)
    question = asked(layout, code)
    if question is None:
        key, entry = row.answer(layout.key), layout.by_code[layout.key]
        reader.add(say.UNKNOWN_ITEM, row.number, key.cell, entry, key.raw)
        return "", row
    column = reader.header.column_of(layout.answer)
    if column is not None:
        answers[layout.answer] = answer = reader.read_cell(question, line, column)
        reader.check_blanks(Row(reader.title, line.number, {question.code: answer}), [question])
    return code, row


def _code_of(reader: LineReader[Row], row: Row) -> str:
    """The code of a line, or that of its name when only the name is there."""
    layout = reader.header.layout
    code = str(row.value(layout.key) or "").replace(" ", "").replace("\uff0e", ".")
    if code or layout is not DISTRICT:
        return code
    wanted = matching_form(str(row.value("item_name") or "-"))
    items = OFFERED_ITEMS.items()
    names = ((code, name) for code, item in items for name in (item.label, item.former) if name)
    return next((code for code, name in names if matching_form(name) == wanted), "")


def _note_missing(reader: LineReader[Row], present: set[str]) -> None:
    layout = reader.header.layout
    for code in layout.lines:
        question = asked(layout, code)
        if code not in present and question and question.expected:
            label = question.label if layout is DISTRICT else code
            params = {"sheet": reader.title, "label": label, "item": code}
            reader.findings.append(Finding(say.ITEM_MISSING, params, reader.title, field=label))


def check_register(rows: Sequence[Row], register: Sequence[RegisterSchool]) -> Iterator[Finding]:
    """Are these the schools of the register: all of them, no others, under their names?"""
    known = {school.code: school for school in register}
    for row in rows:
        if row.code:
            yield from _check_identity(row, known)
    received = {row.code for row in rows}
    counts = {"expected_count": len(known), "received_count": len(known.keys() & received)}
    sheet = rows[0].sheet if rows else SCHOOLS.name
    for school in register:
        if school.code not in received:
            params = {"name": school.name, "school_code": school.code, **counts}
            name = school.name
            yield Finding(said.MISSING_SCHOOL, params, sheet, found=name, about=name)


def _check_identity(row: Row, known: Mapping[str, RegisterSchool]) -> Iterator[Finding]:
    """Spelling may differ; another name may mean another school."""
    school = known.get(row.code)
    if school is None:
        yield row.finding(said.UNKNOWN_SCHOOL, SCHOOLS.key)
        return
    if row.name and row.name != school.name:
        forms = {name_form(name) for name in (school.name, *school.former_names)}
        if name_form(row.name) in forms:
            yield row.finding(say.NAME_ALIAS, "school_name", value=school.name)
        else:
            yield row.finding(said.RENAMED_SCHOOL, "school_name", registered=school.name)
    found = row.value("school_type")
    if school.school_type and found and found != school.school_type:
        yield row.finding(said.OTHER_TYPE, "school_type", registered=school.school_type)
