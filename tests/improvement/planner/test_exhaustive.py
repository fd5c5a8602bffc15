"""On districts small enough to try everything, the plan is the cheapest there is."""

from fractions import Fraction
from typing import Any

import pytest

from improvement.planner.plan import BUDGET, make_plan
from improvement.planner.told import INFEASIBLE
from indicators.calculation.rules_2017 import STANDARD_2017_1
from tests.improvement.planner.builders import PRICES, small_district
from tests.improvement.planner.exhaustive import cheapest, most_passing, most_within

BOTH = 120_000  # a PE or art teacher with the higher degree counts in A1 and A3
CODES = ("A1", "A3", "A7")


def planned(schools: list[dict[str, Any]], most: int, both: bool) -> dict[str, Any]:
    caps = {s["school_code"]: dict.fromkeys(CODES, most) for s in schools}
    payload: dict[str, Any] = {
        "schools": schools,
        "prices": {code: PRICES[code] for code in CODES},
        "caps": caps,
    }
    if both:
        payload["measures"] = [{"code": "both", "raises": ["A1", "A3"], "price": BOTH}]
        for own in caps.values():
            own["both"] = most
    return make_plan(payload, STANDARD_2017_1).as_dict()


@pytest.mark.parametrize("both", [False, True], ids=["plain", "counts twice"])
@pytest.mark.parametrize("seed", range(24))
def test_no_plan_is_cheaper(seed: int, both: bool) -> None:
    size, most = (2, 3) if both else (3, 3)
    schools = small_district(seed, size)
    measures = {(code,): PRICES[code] for code in CODES}
    if both:
        measures["A1", "A3"] = BOTH
    best = cheapest(schools, measures, most)
    found = planned(schools, most, both)
    if best is None:
        assert found["status"] == INFEASIBLE
        return
    assert found["status"] == "proven"
    assert Fraction(found["cost"]) == best
    assert Fraction(found["certified_bound"]) <= best
    assert Fraction(found["solver_bound"]) <= best


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_cheaper_with_what_is_locked_and_forbidden(seed: int) -> None:
    """Two rooms are being built at the first school, a teacher comes to the last of one stage,
    and the second may not hire for sports and arts."""
    schools = small_district(seed, 3)
    first, second, last = (school["school_code"] for school in schools)
    prices = {"hire": 100_000, "hire_pe_arts": BOTH, "multimedia": 40_000}
    raised: dict[str, tuple[str, ...]] = {
        "hire": ("A1",),
        "hire_pe_arts": ("A1", "A3"),
        "multimedia": ("A7",),
    }
    limits = {(first, raised["multimedia"]): (2, 3), (second, raised["hire_pe_arts"]): (0, 0)}
    locked = {first: {"multimedia": 2}}
    if schools[2]["school_type"] != "九年一贯制":
        locked[last] = {"hire": 1}
        limits[last, raised["hire"]] = (1, 3)
    payload = {
        "schools": schools,
        "measures": [{"code": code, "price": price} for code, price in prices.items()],
        "caps": {school["school_code"]: dict.fromkeys(prices, 3) for school in schools},
        "locked": locked,
        "forbidden": {second: ["hire_pe_arts"]},
    }
    best = cheapest(schools, {raised[code]: prices[code] for code in prices}, 3, limits)
    found = make_plan(payload, STANDARD_2017_1).as_dict()
    assert (found["status"] == INFEASIBLE) == (best is None)
    if best is not None:
        assert found["status"] == "proven"
        assert Fraction(found["cost"]) == best
        assert Fraction(found["certified_bound"]) <= best
        rooms = [row["multimedia_classrooms"] for row in (found["schools_after"][0], schools[0])]
        assert rooms[0] >= rooms[1] + 2


@pytest.mark.parametrize("budget", [150_000, 300_000, 500_000])
@pytest.mark.parametrize("seed", range(12))
def test_no_more_units_pass_for_a_budget(seed: int, budget: int) -> None:
    """Within one of what is possible, and never above what is said to be the most."""
    schools = small_district(seed, 2)
    payload = {
        "schools": schools,
        "prices": {code: PRICES[code] for code in CODES},
        "caps": {school["school_code"]: dict.fromkeys(CODES, 2) for school in schools},
        "budget": budget,
    }
    best = most_passing(schools, {(code,): PRICES[code] for code in CODES}, 2, budget)
    found = make_plan(payload, STANDARD_2017_1, BUDGET).as_dict()
    is_whole = found["status"] != INFEASIBLE and not found["coefficients"]["open"]
    assert is_whole == (best is not None)
    if best is not None:
        assert Fraction(found["cost"]) <= budget
        assert best - 1 <= found["units"]["met"] <= best <= found["units"]["at_most"]
        verdicts = [unit["verdict"] for unit in found["outcome"]["units"]]
        assert verdicts.count("met") == found["units"]["met"]


@pytest.mark.parametrize(
    ("seed", "budget"),
    [(5, 40_000), (97, 40_000), (104, 40_000), (104, 100_000), (125, 40_000), (149, 100_000)],
)
def test_a_sum_too_small_for_all_coefficients_mends_as_many_as_it_can(
    seed: int, budget: int
) -> None:
    """What it leaves is named; where it can mend none there is no plan."""
    schools = small_district(seed, 2)
    payload = {
        "schools": schools,
        "prices": {code: PRICES[code] for code in CODES},
        "caps": {school["school_code"]: dict.fromkeys(CODES, 2) for school in schools},
        "budget": budget,
    }
    found = make_plan(payload, STANDARD_2017_1, BUDGET).as_dict()
    assert found["reason"]["code"] == "coefficients_alone"
    measures = {(code,): PRICES[code] for code in CODES}
    most = most_within(schools, measures, 2, budget)
    if found["status"] == INFEASIBLE:
        assert most == most_within(schools, measures, 2, 0)
        return
    assert Fraction(found["cost"]) <= budget
    left = [(row["stage"], row["indicator"]) for row in found["coefficients"]["open"]]
    assert left == [
        (stage, code)
        for stage, table in found["outcome"]["dispersion"].items()
        for code, cell in table.items()
        if code != "composite" and cell["verdict"] != "met"
    ]
    assert found["coefficients"]["met"] == most
