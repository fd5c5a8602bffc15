"""What a district looks like after changes, and which of its schools pass or fail otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from improvement.planner.terms import KEYS, read_terms
from improvement.shortfall.lacking import Shortfalls, find_shortfalls
from improvement.shortfall.money import KIND_OF, Bill, Prices, bill
from indicators.calculation.evaluate import evaluate
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import Problems, UnusableInput
from indicators.calculation.rules import Rules


@dataclass(frozen=True, slots=True)
class Change:
    """A school in one stage: its verdict before and after, empty where it takes no part in part A,
    None where it does not exist."""

    school_code: str
    school_name: str
    stage: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared; ``least`` and ``full`` are what its shortfalls cost."""

    outcome: Outcome
    shortfalls: Shortfalls
    least: Bill
    full: Bill


def judge(payload: Mapping[str, Any], rules: Rules) -> Side:
    """Figures with the terms beside them. Raises UnusableInput for terms that make no sense."""
    figures = {key: value for key, value in payload.items() if key not in KEYS}
    outcome = evaluate(figures, rules, is_stored=True)
    names = {row["school_code"]: row["school_name"] for row in figures["schools"]}
    prices = _prices(payload, names)
    found = find_shortfalls(outcome, rules, prices)
    least, full = (bill(found.measures(aim), prices) for aim in ("least", "full"))
    return Side(outcome, found, least, full)


def _prices(payload: Mapping[str, Any], names: Mapping[str, str]) -> Prices:
    """Of the kind meant for an indicator; where it has no price, of the cheapest raising it."""
    problems = Problems()
    if not (payload.get("measures") or payload.get("prices")):
        return {}
    measures = read_terms(payload, names, problems).measures
    if problems:
        raise UnusableInput(problems)
    found = {}
    for code, kind in KIND_OF.items():
        own = [each.price for each in measures if each.code == kind]
        others = [each.price for each in measures if code in each.raises]
        if own or others:
            price = own[0] if own else min(others)
            found[kind] = Decimal(price.numerator) / price.denominator
    return found


def changes_between(before: Outcome, after: Outcome) -> Iterator[Change]:
    """Schools that come or go, and those whose verdict is another, in the order they stand in."""
    old, new = ({(u.school_code, u.stage): u for u in o.units} for o in (before, after))
    for key in dict.fromkeys([*old, *new]):
        then, now = (side.get(key) for side in (old, new))
        verdicts = [unit.verdict or "" if unit else None for unit in (then, now)]
        if verdicts[0] != verdicts[1]:
            unit = now or then
            assert unit
            yield Change(unit.school_code, unit.school_name, unit.stage, *verdicts)
