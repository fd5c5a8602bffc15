"""On districts small enough to try everything, the plan is the cheapest there is."""

from fractions import Fraction
from typing import Any

import pytest

from improvement.planner.plan import INFEASIBLE, make_plan
from indicators.calculation.rules_2017 import STANDARD_2017_1
from tests.improvement.planner.builders import PRICES, small_district
from tests.improvement.planner.exhaustive import cheapest

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
