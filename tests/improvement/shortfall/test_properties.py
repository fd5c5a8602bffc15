"""For any district: what is lacking, added, passes by the ordinary engine; one step less fails."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from figures.table import SCHOOL_FIELD
from improvement.shortfall.lacking import Aim, Need, SchoolNeeds, find_shortfalls
from improvement.shortfall.money import KINDS
from indicators.calculation.evaluate import evaluate
from indicators.calculation.judged import UnitOutcome
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import make_payload
from tests.indicators.calculation.strategies import payloads

Added = Mapping[tuple[str, str], Decimal]  # school and raw field → how much more
PRICES = st.fixed_dictionaries({kind: st.integers(1, 10**6).map(Decimal) for kind in KINDS})


def after(payload: dict[str, Any], added: Added) -> dict[str, UnitOutcome]:
    """Units by school and stage once the amounts are added; everybody hired is a teacher."""
    rows = [dict(row) for row in payload["schools"]]
    for row in rows:
        for (code, field), amount in added.items():
            if code == row["school_code"]:
                row[field] = str(Decimal(str(row[field])) + amount)
        row |= dict.fromkeys(("teachers", "teachers_certified", "teachers_trained"), 10_000)
    units = evaluate(make_payload(*rows)).units
    return {f"{unit.school_code} {unit.stage}": unit for unit in units if unit.counted}


def amounts(schools: Iterable[SchoolNeeds], aim: Aim) -> dict[tuple[str, str], Decimal]:
    return {(s.code, need.field): getattr(need, aim) for s in schools for need in s.needs}


def one_step(need: Need) -> Decimal:
    return Decimal(1).scaleb(-SCHOOL_FIELD[need.field].places)


@settings(deadline=None, max_examples=60)
@given(payloads())
def test_all_seven_pass_and_one_step_less_of_anything_does_not(payload: dict[str, Any]) -> None:
    schools = find_shortfalls(evaluate(payload), STANDARD_2017).schools
    added = amounts(schools, "full")
    assert {unit.met_count for unit in after(payload, added).values()} <= {7}
    less = {
        (school.code, need.field): added[school.code, need.field] - one_step(need)
        for school in schools
        for need in school.needs
    }
    units = after(payload, less)
    for school in schools:
        for need in school.needs:
            cells = [units[f"{school.code} {stage}"].indicators[need.code] for stage in need.stages]
            assert any(cell["verdict"] != "met" for cell in cells)


@settings(deadline=None, max_examples=30)
@given(payloads(2))
def test_the_least_passes_and_one_step_less_of_anything_does_not(payload: dict[str, Any]) -> None:
    schools = find_shortfalls(evaluate(payload), STANDARD_2017).schools
    added = amounts(schools, "least")
    assert {unit.verdict for unit in after(payload, added).values()} <= {"met"}
    for school in schools:
        for need in school.needs:
            if need.least:
                less = {(school.code, need.field): need.least - one_step(need)}
                units = after(payload, {**added, **less})
                own = [unit.verdict for unit in units.values() if unit.school_code == school.code]
                assert "not_met" in own


@settings(deadline=None, max_examples=60)
@given(payloads(2), PRICES)
def test_no_other_choice_of_what_is_left_is_cheaper(
    payload: dict[str, Any], prices: dict[str, Decimal]
) -> None:
    """Beside every choice, tried one by one in fractions of yuan."""
    schools = find_shortfalls(evaluate(payload), STANDARD_2017, prices).schools
    assert {u.verdict for u in after(payload, amounts(schools, "least")).values()} <= {"met"}
    units = evaluate(payload).units
    for school in schools:
        own = [unit for unit in units if unit.school_code == school.code and unit.counted]
        tried = [
            _yuan(own, chosen, prices)
            for chosen in product(*([*unit.indicators, ""] for unit in own))
        ]
        measures = school.measures("least").items()
        scale = {"equipment": 10_000}
        cost = sum(Fraction(n * scale.get(k, 1) * prices[k]) for k, n in measures)
        assert cost == min(tried, default=0)


def _yuan(
    units: list[UnitOutcome], chosen: tuple[str, ...], prices: Mapping[str, Decimal]
) -> Fraction:
    """Of one school, each unit leaving the indicator chosen for it at its floor."""
    asked: dict[tuple[str, str], Fraction] = {}
    for unit, left in zip(units, chosen, strict=True):
        for code, cell in unit.indicators.items():
            key = code, unit.stage if code in ("A1", "A2", "A3") else ""
            name = "shortfall_to_floor" if code == left else "shortfall"
            asked[key] = max(asked.get(key, Fraction()), Fraction(cell[name]))
    total = Fraction()
    for (code, stage), amount in asked.items():
        if code == "A1":
            amount = max(Fraction(), amount - asked["A3", stage])
        price = Fraction(prices[KINDS[int(code[1]) - 1]])
        total += amount * price * (10_000 if code == "A6" else 1)
    return total
