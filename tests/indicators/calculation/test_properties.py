"""What must hold for every district: missing never helps, order and size never matter."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.table import SCHOOL_FIELD
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from indicators.calculation.scheme import RATIOS
from tests.indicators.calculation import reference
from tests.indicators.calculation.builders import evaluate, make_payload, split
from tests.indicators.calculation.strategies import payloads

IDENTITY = ("school_code", "school_name", "school_type")


def places_of(payload: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Where a value could be missing."""
    rows = enumerate(payload["schools"])
    found: list[tuple[Any, ...]] = [
        ("schools", i, field) for i, row in rows for field in row if field not in IDENTITY
    ]
    for part in ("district", "qualitative", "veto"):
        found += [(part, key) for key in payload[part]]
    return found


def without(payload: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    changed = deepcopy(payload)
    *path, last = place
    target: Any = changed
    for key in path:
        target = target[key]
    # Half a subject of the quality monitoring is missing, not unreported: its row stays.
    target[last] = None
    return changed


def all_verdicts(result: dict[str, Any]) -> dict[tuple[str, ...], str | None]:
    """Every verdict of a result by its place."""
    found: dict[tuple[str, ...], str | None] = {(): result["verdict"]}
    found[("veto",)] = result["veto"]["verdict"]
    found |= {("indicators", code): item["verdict"] for code, item in result["indicators"].items()}
    for unit in result["units"]:
        key = ("unit", unit["school_code"], unit["stage"])
        found[key] = unit["verdict"] if unit["counted"] else "left out"
        for code, cell in unit["indicators"].items():
            found[(*key, code)] = cell["verdict"]
    for stage, table in result["dispersion"].items():
        for code in table.keys() - {"composite"}:
            found[("dispersion", stage, code)] = table[code]["verdict"]
    return found


def assert_no_new_pass(payload: dict[str, Any], place: tuple[Any, ...], rules: Rules) -> None:
    before = all_verdicts(evaluate(payload, rules))
    try:
        after = all_verdicts(evaluate(without(payload, place), rules))
    except UnusableInput:
        return
    for key, verdict in after.items():
        if verdict == "met":
            assert before.get(key, "left out") in ("met", "left out"), (place, key)
    assert before[()] == "met" or after[()] != "met"


@settings(max_examples=150, deadline=None)
@given(payloads(), st.sampled_from((STANDARD_2017, STANDARD_2017_1)), st.data())
def test_removing_a_value_never_turns_a_verdict_into_met(
    payload: dict[str, Any], rules: Rules, data: st.DataObject
) -> None:
    for _ in range(3):
        place = data.draw(st.sampled_from(places_of(payload)))
        assert_no_new_pass(payload, place, rules)
        payload = without(payload, place)


@pytest.mark.parametrize("rules", [STANDARD_2017, STANDARD_2017_1])
def test_removing_any_single_value_of_a_passing_district_leaves_it_open(rules: Rules) -> None:
    payload = make_payload()
    assert evaluate(payload, rules)["verdict"] == "met"
    idle = ("funded_pupils", "B2.quota_primary", "B2.quota_junior")
    for place in places_of(payload):
        # Without its place in town a school may still be shown to break no rule.
        if place[-1] not in idle and place[-1] != "location":
            result = evaluate(without(payload, place), rules)
            assert (result["verdict"], bool(result["missing"])) == ("unknown", True), place


@settings(max_examples=60, deadline=None)
@given(payloads(), st.randoms(use_true_random=False))
def test_the_order_of_schools_changes_nothing(payload: dict[str, Any], random: Any) -> None:
    other = deepcopy(payload)
    random.shuffle(other["schools"])
    assert evaluate(payload) == evaluate(other)


SCALED = ("pupils", "teachers", "_area", "equipment", "multimedia")


@settings(max_examples=60, deadline=None)
@given(payloads(), st.integers(2, 9))
def test_scaling_every_school_changes_no_ratio(payload: dict[str, Any], factor: int) -> None:
    payload["schools"] = [row for row in payload["schools"] if row["school_type"] != "教学点"]
    other = deepcopy(payload)
    for row in other["schools"]:
        for field in row:
            if any(word in field for word in SCALED) and SCHOOL_FIELD[field].kind != "text":
                row[field] = str(Decimal(str(row[field])) * factor)
    first, second = evaluate(payload), evaluate(other)
    shapes = ("mean", "sd", "cv", "unweighted_cv", "verdict", "borderline", "unweighted_verdict")
    for stage in first["dispersion"]:
        for code in first["dispersion"][stage].keys() - {"composite"}:
            one, two = (result["dispersion"][stage][code] for result in (first, second))
            assert {key: one[key] for key in shapes} == {key: two[key] for key in shapes}
    for one, two in zip(first["units"], second["units"], strict=True):
        assert one["verdict"] == two["verdict"]
        for code, cell in one["indicators"].items():
            same = ("value", "verdict", "borderline", "share", "adding")
            assert {k: cell[k] for k in same} == {k: two["indicators"][code][k] for k in same}


def topped_up(row: dict[str, Any], field: str, amount: Decimal) -> dict[str, Any]:
    return row | {field: str(Decimal(str(row[field])) + amount)}


@settings(max_examples=25, deadline=None)
@given(payloads(most=2))
def test_adding_the_shortfall_passes_and_one_step_less_does_not(payload: dict[str, Any]) -> None:
    rows = {row["school_code"]: row for row in payload["schools"]}
    for unit in evaluate(payload)["units"]:
        for ratio in RATIOS if unit["counted"] else ():
            cell, row = unit["indicators"][ratio.code], rows[unit["school_code"]]
            field = ratio.field_in(unit["stage"])
            step = Decimal(1).scaleb(-SCHOOL_FIELD[field].places)
            for key, wanted in (("shortfall", {"met"}), ("shortfall_to_floor", {"met", "floor"})):
                short = Decimal(cell[key])
                assert (short == 0) == (cell["verdict"] in wanted)
                for amount, passes in ((short, True), (short - step, short == 0)):
                    if amount >= 0:
                        verdict = verdict_of(topped_up(row, field, amount), unit, ratio.code)
                        assert (verdict in wanted) == passes


def verdict_of(row: dict[str, Any], unit: dict[str, Any], code: str) -> str:
    units = evaluate(make_payload(row))["units"]
    found = next(other for other in units if other["stage"] == unit["stage"])
    return str(found["indicators"][code]["verdict"])


@given(st.integers(0, 10**12), st.tuples(*[st.integers(0, 5000)] * 3))
def test_parts_sum_to_the_whole(total: int, pupils: tuple[int, int, int]) -> None:
    by_stage = dict(zip(("primary", "junior", "senior"), pupils, strict=True))
    for kind in STANDARD_2017.split_weights:
        weights = STANDARD_2017.whole_weights(kind)
        if any(by_stage[stage] for stage in weights):
            parts = split(Fraction(total, 100), by_stage, weights)
            assert sum(parts.values()) == Fraction(total, 100)


@settings(max_examples=80, deadline=None)
@given(payloads())
def test_the_result_prints_what_the_reference_computes(payload: dict[str, Any]) -> None:
    result, expected = evaluate(payload), reference.judge_district(payload["schools"])
    shown = [unit for unit in result["units"] if unit["counted"]]
    order = sorted(
        expected["units"], key=lambda unit: (unit[0]["school_code"], unit[1] == "junior")
    )
    for unit, (school, stage, cells, verdict) in zip(shown, order, strict=True):
        assert (unit["school_code"], unit["stage"]) == (school["school_code"], stage)
        assert unit["verdict"] == verdict
        for code, cell in cells.items():
            assert unit["indicators"][code]["value"] == six_places(cell.value or Fraction(0))
            assert unit["indicators"][code]["verdict"] == cell.verdict
    for stage, table in result["dispersion"].items():
        for code in table.keys() - {"composite"}:
            spread = expected["dispersion"][stage][code]
            assert table[code]["mean"] == six_places(spread.mean)
            assert table[code]["verdict"] == spread.verdict
            assert_root(table[code]["sd"], spread.variance)


def six_places(value: Fraction) -> str:
    micro = (value * 2_000_000 + 1) // 2
    return f"{micro // 1_000_000}.{micro % 1_000_000:06d}"


def assert_root(text: str, square: Fraction) -> None:
    """The printed root is the nearest: half a unit less is under it, half a unit more is over."""
    half = Fraction(1, 2_000_000)
    assert max(Fraction(0), Fraction(text) - half) ** 2 <= square < (Fraction(text) + half) ** 2
