"""Are these the schools of the register: all of them, no others, under their names?"""

from collections.abc import Iterator, Mapping, Sequence

from workbooks.findings import Finding
from workbooks.names import name_form
from workbooks.wording import structure

from ..layout import SCHOOLS
from ..reading import RegisterSchool, Row
from ..wording import checks
from .places import at_school


def check_register(rows: Sequence[Row], register: Sequence[RegisterSchool]) -> Iterator[Finding]:
    """Expected against received. Without a register there is nothing to compare."""
    if not register:
        return
    known = {school.code: school for school in register}
    for row in rows:
        if row.code:
            yield from _check_school(row, known)
    yield from _missing(rows, register)


def _check_school(row: Row, known: Mapping[str, RegisterSchool]) -> Iterator[Finding]:
    school = known.get(row.code)
    if school is None:
        yield at_school(checks.UNKNOWN_SCHOOL, row, SCHOOLS.key)
        return
    yield from _check_name(row, school)
    found = row.value("school_type")
    if school.school_type and found and found != school.school_type:
        yield at_school(checks.OTHER_TYPE, row, "school_type", registered=school.school_type)


def _check_name(row: Row, school: RegisterSchool) -> Iterator[Finding]:
    """Spelling may differ; another name may mean another school."""
    if not row.name or row.name == school.name:
        return
    forms = {name_form(name) for name in (school.name, *school.former_names)}
    if name_form(row.name) in forms:
        yield at_school(structure.NAME_ALIAS, row, "school_name", value=school.name)
    else:
        yield at_school(checks.RENAMED_SCHOOL, row, "school_name", registered=school.name)


def _missing(rows: Sequence[Row], register: Sequence[RegisterSchool]) -> Iterator[Finding]:
    received = {row.code for row in rows}
    found = sum(school.code in received for school in register)
    counts = {"expected_count": len(register), "received_count": found}
    sheet = rows[0].sheet if rows else SCHOOLS.name
    for school in register:
        if school.code not in received:
            params = {"name": school.name, "school_code": school.code, **counts}
            name = school.name
            yield Finding(checks.MISSING_SCHOOL, params, sheet, found=name, about=name)
