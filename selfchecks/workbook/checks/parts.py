"""Do the figures of one row fit together: parts within the whole, classes, stages, types?"""

from collections.abc import Iterator
from decimal import Decimal

from figures.relations import DISTRICT_RELATIONS, SCHOOL_RELATIONS, Excess, excesses
from figures.table import NOT_APPLICABLE, OFFERED_ITEMS, SCHOOL_FIELD

from ..findings import Finding, Message
from ..layout import DISTRICT, SCHOOLS
from ..reading import Reading, Row
from ..values import plain
from ..wording import checks as say
from .places import at_item, at_school

STAGED = tuple(entry for entry in SCHOOLS.columns if entry.stage)


def check_school(row: Row) -> Iterator[Finding]:
    """Every contradiction inside one school's row."""
    for excess in excesses(row.amounts, SCHOOL_RELATIONS):
        yield from _exceeding(row, excess)
    yield from _check_stages(row)
    for stage in ("primary", "junior"):
        if stage in row.stages:
            yield from _check_classes(row, stage)


def check_district(reading: Reading) -> Iterator[Finding]:
    """Every contradiction between the district's own figures."""
    sheet = reading.sheets.get(DISTRICT.name, DISTRICT.name)
    amounts = {code: answer.value for code, answer in reading.district.items()}
    for excess in excesses(amounts, DISTRICT_RELATIONS):
        whole = "、".join(OFFERED_ITEMS[code].label for code in excess.wholes)
        params = {"whole": whole, "whole_value": plain(Decimal(excess.whole))}
        for code in excess.alone:
            yield at_item(say.PART_OVER_WHOLE, sheet, code, reading.district[code], **params)


def _exceeding(row: Row, excess: Excess) -> Iterator[Finding]:
    """Each part that alone exceeds its whole; else their sum, at the whole."""
    (whole,) = excess.wholes
    params = {"whole": Message(SCHOOL_FIELD[whole].label), "whole_value": plain(excess.whole)}
    for code in excess.alone:
        yield at_school(say.PART_OVER_WHOLE, row, code, **params)
    if not excess.alone:
        parts = excess.parts.items()
        told = "、".join(f"{SCHOOL_FIELD[code].label} {plain(amount)}" for code, amount in parts)
        params = {"total": plain(Decimal(excess.total)), "parts": told}
        yield at_school(say.PARTS_OVER_WHOLE, row, whole, **params)


def _check_stages(row: Row) -> Iterator[Finding]:
    """A figure for a stage that the school's type does not have."""
    if not row.stages:
        return
    school_type = row.value("school_type")
    for entry in STAGED:
        if entry.stage in row.stages or entry.code in row.not_asked:
            continue
        if row.value(entry.code) not in (None, 0, NOT_APPLICABLE):
            yield at_school(say.STAGE_UNEXPECTED, row, entry.code, school_type=school_type)


def _check_classes(row: Row, stage: str) -> Iterator[Finding]:
    pupils, classes = row.amount(f"pupils_{stage}"), row.amount(f"classes_{stage}")
    if pupils is None:
        return
    if pupils == 0:
        yield from _check_no_pupils(row, stage)
    elif classes == 0:
        yield at_school(say.PUPILS_WITHOUT_CLASSES, row, f"classes_{stage}", pupils=plain(pupils))
    yield from _check_largest(row, stage, pupils, classes)


def _check_largest(
    row: Row, stage: str, pupils: Decimal, classes: Decimal | None
) -> Iterator[Finding]:
    code = f"largest_class_{stage}"
    largest = row.amount(code)
    if largest is None:
        return
    if largest > pupils:
        yield at_school(say.CLASS_OVER_PUPILS, row, code, pupils=plain(pupils))
    elif classes and largest * classes < pupils:
        average = plain((pupils / classes).quantize(Decimal("0.1")))
        params = {"pupils": plain(pupils), "classes": plain(classes), "average": average}
        yield at_school(say.CLASS_TOO_SMALL, row, code, **params)


def _check_no_pupils(row: Row, stage: str) -> Iterator[Finding]:
    own = [f"{name}_{stage}" for name in ("classes", "qualified_teachers", "pe_arts_teachers")]
    if row.stages == (stage,):
        own.append("teachers")
    if any(row.amount(code) for code in own):
        yield at_school(say.NO_PUPILS, row, f"pupils_{stage}")
