"""Do the figures of one row fit together: parts within the whole, classes, stages, types?"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from figures.table import RESPONDENT_GROUPS, SCHOOL_FIELD
from workbooks.findings import Finding, Message
from workbooks.rows import Answer
from workbooks.values import NOT_APPLICABLE, plain

from ..layout import DISTRICT, SCHOOLS, district_entry
from ..reading import Reading, Row
from ..wording import checks as say
from .places import at_item, at_school

# Parts that together make up no more than the whole.
SCHOOL_PARTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("teachers_certified",), "teachers"),
    (("teachers_trained",), "teachers"),
    (("qualified_teachers_primary", "qualified_teachers_junior"), "teachers"),
    (("backbone_teachers_primary", "backbone_teachers_junior"), "teachers"),
    (("pe_arts_teachers_primary", "pe_arts_teachers_junior"), "teachers"),
    (("indoor_sports_area",), "teaching_area"),
    (("nearby_intake_primary",), "intake_primary"),
    (("nearby_intake_junior",), "intake_junior"),
    (("intake_primary",), "pupils_primary"),
    (("intake_junior",), "pupils_junior"),
)
DISTRICT_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("B11.exchanged", ("B11.eligible",)),
    ("B11.exchanged_backbone", ("B11.exchanged",)),
    ("B14.allocated", ("B14.places",)),
    ("B15.enrolled", ("B15.eligible",)),
    ("C1.graduates", ("C1.entrants", "C1.transferred_in")),
    ("C1.deceased", ("C1.entrants",)),
    ("C2.enrolled", ("C2.eligible",)),
    ("D1.satisfied", ("D1.sample",)),
    *((f"D1.{g}.satisfied", (f"D1.{g}.sample",)) for g in RESPONDENT_GROUPS),
    *((f"D1.{g}.sample", ("D1.sample",)) for g in RESPONDENT_GROUPS),
)
STAGED = tuple(entry for entry in SCHOOLS.columns if entry.stage)


def check_school(row: Row) -> Iterator[Finding]:
    """Every contradiction inside one school's row."""
    for parts, whole in SCHOOL_PARTS:
        yield from _check_parts(row, parts, whole)
    yield from _check_stages(row)
    for stage in ("primary", "junior"):
        if stage in row.stages:
            yield from _check_classes(row, stage)


def check_district(reading: Reading) -> Iterator[Finding]:
    """Every contradiction between the district's own figures."""
    sheet = reading.sheets.get(DISTRICT.name, DISTRICT.name)
    for part, wholes in DISTRICT_PARTS:
        amount = _amount(reading.district, part)
        amounts = [_amount(reading.district, whole) for whole in wholes]
        known = [number for number in amounts if number is not None]
        if amount is None or len(known) < len(amounts) or amount <= sum(known):
            continue
        labels = "、".join(entry.label for w in wholes if (entry := district_entry(w)))
        params = {"whole": labels, "whole_value": plain(Decimal(sum(known)))}
        yield at_item(say.PART_OVER_WHOLE, sheet, part, reading.district[part], **params)


def _check_parts(row: Row, parts: tuple[str, ...], whole: str) -> Iterator[Finding]:
    known, total = row.amounts, row.amount(whole)
    if total is None or sum([known.get(part, 0) for part in parts]) <= total:
        return
    amounts = {part: known[part] for part in parts if part in known}
    over = [part for part, amount in amounts.items() if amount > total]
    for part in over:
        label = Message(SCHOOL_FIELD[whole].label)
        params = {"whole": label, "whole_value": plain(total)}
        yield at_school(say.PART_OVER_WHOLE, row, part, **params)
    if not over:
        told = "、".join(f"{SCHOOL_FIELD[p].label} {plain(a)}" for p, a in amounts.items())
        params = {"total": plain(Decimal(sum(amounts.values()))), "parts": told}
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


def _amount(district: Mapping[str, Answer], code: str) -> Decimal | None:
    value = district[code].value if code in district else None
    return Decimal(value) if isinstance(value, int | Decimal) else None
