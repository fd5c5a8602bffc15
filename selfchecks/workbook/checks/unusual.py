"""Is a figure far from last year's, or far from what schools usually have?"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from figures.relations import PUPILS, UsualRange

from ..findings import Finding, Message
from ..layout import SCHOOLS
from ..reading import Figures, Row
from ..values import plain
from ..wording import checks as say
from .places import at_school
from .thresholds import Thresholds

NUMBERS = tuple(entry.code for entry in SCHOOLS.columns if entry.is_number)
UNUSUAL_BY_NATURE = frozenset({"特殊教育学校"})
WRONG_UNITS = (10, 100, 1_000, 10_000)
NEAR = Decimal("1.25")  # how far figures of two years differ from each other besides the unit


def check_last_year(
    row: Row, last_year: Mapping[str, Figures], limits: Thresholds
) -> Iterator[Finding]:
    """Jumps near a power of ten point to a wrong unit, other changes to a slip of the pen."""
    before, amounts = last_year.get(row.code, {}), row.amounts
    same = 0
    for code in NUMBERS if before else ():
        now, then = amounts.get(code), to_amount(before.get(code))
        if now is None or then is None:
            continue
        same += now == then and now != 0
        if now > 0 and then > 0 and now != then:
            yield from _compare(row, code, now, then, limits)
    if same >= limits.same_figures and same == sum(1 for c in NUMBERS if row.amount(c)):
        answer = row.answer(SCHOOLS.key)
        params = {"row_number": row.number}
        yield Finding(say.SAME_AS_LAST_YEAR, params, row.sheet, answer.cell, row.number)


def check_ratios(row: Row, limits: Thresholds) -> Iterator[Finding]:
    """Figures that would be unusual for any school of some size."""
    pupils = _sum(row, PUPILS)
    if pupils is None or pupils < limits.fewest_pupils:
        return
    if row.value("school_type") in UNUSUAL_BY_NATURE:
        return
    for ratio in limits.ratios:
        yield from _check_ratio(row, ratio)


def to_amount(value: Any) -> Decimal | None:
    """Last year's figure, whether it comes as a number or as a decimal string."""
    if isinstance(value, Decimal):
        return value
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None


def _compare(
    row: Row, code: str, now: Decimal, then: Decimal, limits: Thresholds
) -> Iterator[Finding]:
    factor = max(now / then, then / now)
    params: dict[str, Any] = {"last_year": plain(then)}
    if factor >= limits.jump and max(now, then) >= limits.smallest_base:
        kind = say.JUMP if _points_to_a_unit(factor) else say.LEAP
        yield at_school(kind, row, code, factor=plain(factor.quantize(Decimal(1))), **params)
        return
    percent = abs(now - then) / then * 100
    limit = limits.change_of.get(code, limits.change)
    if percent > limit and min(now, then) >= limits.smallest_base:
        params |= {"percent": plain(percent.quantize(Decimal("0.1"))), "limit": plain(limit)}
        yield at_school(say.CHANGE, row, code, **params)


def _points_to_a_unit(factor: Decimal) -> bool:
    return any(unit / NEAR <= factor <= unit * NEAR for unit in WRONG_UNITS)


def _check_ratio(row: Row, ratio: UsualRange) -> Iterator[Finding]:
    over, under = _sum(row, ratio.over), _sum(row, ratio.under)
    if not over or not under:
        return
    value = over * ratio.factor / under
    if ratio.low <= value <= ratio.high:
        return
    params = {
        "name": Message(ratio.name),
        "ratio": plain(value.quantize(Decimal("0.01"))),
        "low": plain(ratio.low),
        "high": plain(ratio.high),
    }
    code = next(code for code in ratio.over if row.amount(code))
    yield at_school(say.UNLIKELY, row, code, **params)


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
