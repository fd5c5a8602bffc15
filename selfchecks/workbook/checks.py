"""Do the figures fit each other and last year, and are they usual? Data in, findings out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from figures.relations import (
    DISTRICT_RELATIONS,
    PUPILS,
    SCHOOL_RELATIONS,
    USUAL_RANGES,
    Excess,
    UsualRange,
    contradicts,
    excesses,
)
from figures.shown import RATE, VALUE, shown
from figures.table import NOT_APPLICABLE, OFFERED_ITEMS, SCHOOL_FIELD, SCHOOL_FIELDS, YES_NO
from workbooks.findings import Finding, Message
from workbooks.values import plain

from . import wording as say
from .lines import check_register
from .reading import DISTRICT, SCHOOLS, VETO, Expected, Figures, Reading, Row

YES = YES_NO[0]
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
    for row in reading.veto.values():
        yield from _check_veto(row)
    if SCHOOLS.name in reading.sheets and expected.register:
        yield from check_register(reading.schools, expected.register)


def _check_school(row: Row) -> Iterator[Finding]:
    """Every contradiction inside one school's row."""
    for excess in excesses(row.amounts, SCHOOL_RELATIONS):
        yield from _exceeding(row, excess)
    ownership = row.value("ownership")
    if contradicts(row.value("organiser"), ownership):
        yield row.finding(say.OTHER_ORGANISER, "organiser", ownership=ownership)
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
        for code in excess.alone:
            answer = reading.district[code]
            found = plain(Decimal(excess.parts[code]))
            params = {"whole": whole, "whole_value": plain(Decimal(excess.whole)), "found": found}
            number = int("".join(filter(str.isdigit, answer.cell)) or 0) or None
            place = (sheet, answer.cell, number, OFFERED_ITEMS[code].label, answer.raw)
            yield Finding(say.PART_OVER_WHOLE, params, *place)


def _check_veto(row: Row) -> Iterator[Finding]:
    """What happened has to be told, wherever the answer comes from."""
    note = row.answer("veto_note")
    if row.value("answer") == YES and not str(note.value or "").strip():
        label = VETO.by_code["veto_note"].label
        yield Finding(say.VETO_UNEXPLAINED, {}, row.sheet, note.cell, row.number, label, note.raw)


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


NUMBERS = tuple(figure.code for figure in SCHOOL_FIELDS if figure.is_number)
UNUSUAL_BY_NATURE = frozenset({"特殊教育学校"})
WRONG_UNITS = (10, 100, 1_000, 10_000)
NEAR = Decimal("1.25")  # how far figures of two years differ from each other besides the unit
JUMP, CHANGE = Decimal(8), Decimal(60)  # a factor, and a percentage, against last year
SMALLEST_BASE = Decimal(30)  # below it a percentage says little
FEWEST_PUPILS = 50  # smaller schools have unusual ratios by nature
SAME_RUN = 8  # so many rows below one another with one value look copied
SAME_ABOVE = Decimal(10)  # small figures are alike by nature
SAME_FIGURES = 8  # so many equal figures make two rows alike


def check_last_year(row: Row, last_year: Mapping[str, Figures]) -> Iterator[Finding]:
    """Jumps near a power of ten point to a wrong unit, other changes to a slip of the pen."""
    before, amounts = last_year.get(row.code, {}), row.amounts
    same = 0
    for code in NUMBERS if before else ():
        now, then = amounts.get(code), _to_amount(before.get(code))
        if now is None or then is None:
            continue
        same += now == then and now != 0
        if now > 0 and then > 0 and now != then:
            yield from _compare(row, code, now, then)
    if same >= SAME_FIGURES and same == sum(1 for c in NUMBERS if row.amount(c)):
        place = row.answer(SCHOOLS.key).cell
        params = {"row_number": row.number}
        yield Finding(say.SAME_AS_LAST_YEAR, params, row.sheet, place, row.number)


def _to_amount(value: Any) -> Decimal | None:
    """Last year's figure, whether it comes as a number or as a decimal string."""
    if isinstance(value, Decimal):
        return value
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None


def _compare(row: Row, code: str, now: Decimal, then: Decimal) -> Iterator[Finding]:
    factor = max(now / then, then / now)
    params: dict[str, Any] = {"last_year": plain(then)}
    if factor >= JUMP and max(now, then) >= SMALLEST_BASE:
        kind = say.JUMP if _points_to_a_unit(factor) else say.LEAP
        yield row.finding(kind, code, factor=plain(factor.quantize(Decimal(1))), **params)
        return
    percent = abs(now - then) / then * 100
    if percent > CHANGE and min(now, then) >= SMALLEST_BASE:
        params |= {"percent": shown(percent, RATE), "limit": plain(CHANGE)}
        yield row.finding(say.CHANGE, code, **params)


def _points_to_a_unit(factor: Decimal) -> bool:
    return any(unit / NEAR <= factor <= unit * NEAR for unit in WRONG_UNITS)


def check_ratios(row: Row) -> Iterator[Finding]:
    """Figures that would be unusual for any school of some size."""
    pupils = _sum(row, PUPILS)
    if pupils is None or pupils < FEWEST_PUPILS:
        return
    if row.value("school_type") in UNUSUAL_BY_NATURE:
        return
    for ratio in USUAL_RANGES:
        over, under = _sum(row, ratio.over), _sum(row, ratio.under)
        if not over or not under:
            continue
        value = over * ratio.factor / under
        if not ratio.low <= value <= ratio.high:
            yield _unlikely(row, ratio, value)


def _unlikely(row: Row, ratio: UsualRange, value: Decimal) -> Finding:
    params = {
        "name": Message(ratio.name),
        "ratio": shown(value, VALUE),
        "low": plain(ratio.low),
        "high": plain(ratio.high),
    }
    code = next(code for code in ratio.over if row.amount(code))
    return row.finding(say.UNLIKELY, code, **params)


def _sum(row: Row, codes: tuple[str, ...]) -> Decimal | None:
    """The sum over the stages a school has; None when one of them is unknown."""
    total = None
    for code in codes:
        if code in row.not_asked:
            continue
        amount = row.amounts.get(code)
        if amount is None:
            return None
        total = amount if total is None else total + amount
    return total


def check_copies(rows: Sequence[Row]) -> Iterator[Finding]:
    """Whole rows alike, or one value all the way down."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        figures = tuple(map(row.amounts.get, NUMBERS))
        if sum(map(bool, figures)) >= SAME_FIGURES:
            groups.setdefault(figures, []).append(row)
    for same in groups.values():
        if len(same) > 1:
            place = same[1].answer(SCHOOLS.key).cell
            params = {"rows": "、".join(str(row.number) for row in same[:20])}
            yield Finding(say.SAME_ROWS, params, same[1].sheet, place, same[1].number)
    for code in NUMBERS:
        yield from _same_column(code, rows)


def _same_column(code: str, rows: Sequence[Row]) -> Iterator[Finding]:
    """A run of equal values below one another, among the schools that are asked."""
    asked = [row for row in rows if code in row.amounts]
    shortest = min(SAME_RUN, max(5, len(asked)))
    end = 0
    for amount, run in groupby(row.amounts[code] for row in asked):
        start, end = end, end + len(list(run))
        if end - start < shortest or amount <= SAME_ABOVE:
            continue
        same = asked[start:end]
        cells = [row.answer(code).cell for row in same]
        params = {"first": cells[0], "last": cells[-1], "count": len(same)}
        found = same[0].finding(say.SAME_COLUMN, code, **params)
        yield replace(found, about=f"{same[0].name} … {same[-1].name}")
