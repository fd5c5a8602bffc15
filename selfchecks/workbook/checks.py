"""Do the figures fit each other and the school register? Plain data in, findings out."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from figures.relations import DISTRICT_RELATIONS, SCHOOL_RELATIONS, Excess, excesses
from figures.table import NOT_APPLICABLE, OFFERED_ITEMS, SCHOOL_FIELD, SCHOOL_FIELDS
from workbooks.findings import Finding, Message
from workbooks.names import name_form
from workbooks.values import plain
from workbooks.wording import structure

from . import wording as say
from .layout import DISTRICT, SCHOOLS
from .reading import Expected, Reading, RegisterSchool, Row
from .unusual import check_copies, check_last_year, check_ratios

STAGED = tuple(field for field in SCHOOL_FIELDS if field.stage)


def check(reading: Reading, expected: Expected) -> tuple[Finding, ...]:
    """Everything that cannot be seen by looking at one cell."""
    return tuple(_findings(reading, expected))


def _findings(reading: Reading, expected: Expected) -> Iterator[Finding]:
    for row in reading.schools:
        yield from _check_school(row)
        yield from check_ratios(row)
        yield from check_last_year(row, expected.last_year)
    yield from check_copies(reading.schools)
    yield from _check_district(reading)
    if SCHOOLS.name in reading.sheets and expected.register:
        yield from _check_register(reading.schools, expected.register)


def _check_school(row: Row) -> Iterator[Finding]:
    """Every contradiction inside one school's row."""
    for excess in excesses(row.amounts, SCHOOL_RELATIONS):
        yield from _exceeding(row, excess)
    yield from _check_stages(row)
    for stage in ("primary", "junior"):
        if stage in row.stages:
            yield from _check_classes(row, stage)


def _exceeding(row: Row, excess: Excess) -> Iterator[Finding]:
    """Each part that alone exceeds its whole; else their sum, at the whole."""
    (whole,) = excess.wholes
    params: dict[str, Any] = {
        "whole": Message(SCHOOL_FIELD[whole].label),
        "whole_value": plain(excess.whole),
    }
    for code in excess.alone:
        yield row.finding(say.PART_OVER_WHOLE, code, **params)
    if not excess.alone:
        parts = excess.parts.items()
        shares = "、".join(f"{SCHOOL_FIELD[code].label} {plain(amount)}" for code, amount in parts)
        params = {"total": plain(excess.total), "parts": shares}
        yield row.finding(say.PARTS_OVER_WHOLE, whole, **params)


def _check_district(reading: Reading) -> Iterator[Finding]:
    """Every contradiction between the district's own figures."""
    sheet = reading.sheets.get(DISTRICT.name, DISTRICT.name)
    amounts = {code: answer.value for code, answer in reading.district.items()}
    for excess in excesses(amounts, DISTRICT_RELATIONS):
        whole = "、".join(OFFERED_ITEMS[code].label for code in excess.wholes)
        params = {"whole": whole, "whole_value": plain(Decimal(excess.whole))}
        for code in excess.alone:
            answer = reading.district[code]
            number = int("".join(filter(str.isdigit, answer.cell)) or 0) or None
            place = (sheet, answer.cell, number, OFFERED_ITEMS[code].label, answer.raw)
            yield Finding(say.PART_OVER_WHOLE, params, *place)


def _check_stages(row: Row) -> Iterator[Finding]:
    """A figure for a stage that the school's type does not have."""
    if not row.stages:
        return
    school_type = row.value("school_type")
    for field in STAGED:
        if field.stage in row.stages or field.code in row.not_asked:
            continue
        if row.value(field.code) not in (None, 0, NOT_APPLICABLE):
            yield row.finding(say.STAGE_UNEXPECTED, field.code, school_type=school_type)


def _check_classes(row: Row, stage: str) -> Iterator[Finding]:
    pupils, classes = row.amount(f"pupils_{stage}"), row.amount(f"classes_{stage}")
    if pupils is None:
        return
    if pupils == 0:
        yield from _check_no_pupils(row, stage)
    elif classes == 0:
        yield row.finding(say.PUPILS_WITHOUT_CLASSES, f"classes_{stage}", pupils=plain(pupils))
    code = f"largest_class_{stage}"
    largest = row.amount(code)
    if largest is None:
        return
    if largest > pupils:
        yield row.finding(say.CLASS_OVER_PUPILS, code, pupils=plain(pupils))
    elif classes and largest * classes < pupils:
        average = plain((pupils / classes).quantize(Decimal("0.1")))
        params = {"pupils": plain(pupils), "classes": plain(classes), "average": average}
        yield row.finding(say.CLASS_TOO_SMALL, code, **params)


def _check_no_pupils(row: Row, stage: str) -> Iterator[Finding]:
    own = [f"{name}_{stage}" for name in ("classes", "qualified_teachers", "pe_arts_teachers")]
    if row.stages == (stage,):
        own.append("teachers")
    if any(row.amount(code) for code in own):
        yield row.finding(say.NO_PUPILS, f"pupils_{stage}")


def _check_register(rows: Sequence[Row], register: Sequence[RegisterSchool]) -> Iterator[Finding]:
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
            yield Finding(say.MISSING_SCHOOL, params, sheet, found=name, about=name)


def _check_identity(row: Row, known: Mapping[str, RegisterSchool]) -> Iterator[Finding]:
    """Spelling may differ; another name may mean another school."""
    school = known.get(row.code)
    if school is None:
        yield row.finding(say.UNKNOWN_SCHOOL, SCHOOLS.key)
        return
    if row.name and row.name != school.name:
        forms = {name_form(name) for name in (school.name, *school.former_names)}
        if name_form(row.name) in forms:
            yield row.finding(structure.NAME_ALIAS, "school_name", value=school.name)
        else:
            yield row.finding(say.RENAMED_SCHOOL, "school_name", registered=school.name)
    found = row.value("school_type")
    if school.school_type and found and found != school.school_type:
        yield row.finding(say.OTHER_TYPE, "school_type", registered=school.school_type)
