"""Why this plan: the worked example as a district of its own, its drivers worked out apart."""

from fractions import Fraction
from typing import Any

import pytest

from improvement.planner.curve import budget_curve
from improvement.planner.plan import BUDGET, make_plan
from indicators.calculation.rules_2017 import STANDARD_2017_1
from tests.improvement.planner.builders import given

ROOMS, PUPILS = [279, 137, 935, 160, 402], [45, 37, 89, 76, 55]


def worked_example(**more: Any) -> dict[str, Any]:
    """Five schools that are alike in everything but their multimedia classrooms."""
    rows = zip(ROOMS, PUPILS, strict=True)
    schools = [_school(number, rooms, pupils) for number, (rooms, pupils) in enumerate(rows)]
    return {"schools": schools, "prices": {"A7": 40_000}, **more}


def _school(number: int, rooms: int, pupils: int) -> dict[str, Any]:
    teachers = {f"{name}_primary": pupils for name in
                ("qualified_teachers", "backbone_teachers", "pe_arts_teachers")}  # fmt: skip
    return {
        "school_code": f"{5_001_060_001 + number}",
        "school_name": f"第{number + 1}小学",
        "school_type": "小学",
        "location": "城区",
        "ownership": "公办",
        "pupils_primary": pupils,
        **teachers,
        "teaching_area": 10 * pupils,
        "indoor_sports_area": 0,
        "sports_ground_area": 10 * pupils,
        "equipment_value": pupils,
        "multimedia_classrooms": rooms,
    }


def test_seventeen_rooms_at_the_fourth_and_who_drives_it() -> None:
    found = make_plan(worked_example(), STANDARD_2017_1).as_dict()
    (addition,) = found["additions"]
    assert (addition["school_code"], addition["amount"]) == ("5001060004", "17")
    (binding,) = found["reason"]["binding"]
    assert (binding["indicator"], binding["limit"], binding["raised"]) == ("A7", "0.500000", 1)
    mean = Fraction(sum(ROOMS), sum(PUPILS))
    parts = [n * (Fraction(x, n) - mean) ** 2 for x, n in zip(ROOMS, PUPILS, strict=True)]
    variance = sum(parts) / sum(PUPILS)
    assert float(binding["without"]) == pytest.approx(
        float(variance) ** 0.5 / float(mean), abs=1e-6
    )
    assert float(binding["after"]) <= 0.5 < float(binding["without"])
    told = {each["school_code"][-1]: each for each in binding["drivers"]}
    for at, part in enumerate(parts, 1):
        assert float(told[str(at)]["share"]) == pytest.approx(float(part / sum(parts)), abs=1e-4)
    assert [told[str(at)]["side"] for at in (2, 3, 4)] == ["below", "above", "below"]


def test_caps_that_cannot_do_it_name_the_lowest_and_who_is_held_down_at_once() -> None:
    """All but the first are at their cap: the third only makes it worse, the fourth is lowest."""
    codes = [f"{5_001_060_001 + at}" for at in range(5)]
    caps = {code: {"A7": 0} for code in codes[1:]}
    found = make_plan(worked_example(caps=caps), STANDARD_2017_1, seconds=0).as_dict()
    assert (found["status"], found["reason"]["code"]) == ("infeasible", "coefficient")
    assert 0.5 < float(found["reason"]["lowest"]) < 0.52
    assert codes[3] in {unit["school_code"] for unit in found["reason"]["units"]}


def test_the_curve_rises_from_the_coefficients_to_everything() -> None:
    content = given("ties-30-1")
    told = budget_curve(content, STANDARD_2017_1, 5)
    counts = [point["met"] for point in told["points"]]
    assert counts == sorted(counts)
    assert counts[-1] == told["of"] == 30
    assert (told["alone"], told["all"]) == ("880000", "6475000")
    for point in told["points"]:
        assert point["at_most"] - 1 <= point["met"] <= point["at_most"]
    middle = told["points"][2]
    one = make_plan({**content, "budget": middle["budget"]}, STANDARD_2017_1, BUDGET).as_dict()
    assert abs(one["units"]["met"] - middle["met"]) <= 1


def test_where_the_coefficients_ask_for_everything_the_curve_has_one_point() -> None:
    """The worked example: every unit has six of seven, the coefficient of A7 alone fails."""
    told = budget_curve(worked_example(), STANDARD_2017_1)
    assert told["alone"] == told["all"]
    assert [(point["met"], point["at_most"]) for point in told["points"]] == [(5, 5)]
