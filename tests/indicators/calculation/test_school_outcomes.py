"""Indicators every school must meet, at their edges and with figures missing."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import evaluate, make_payload, make_school


def outcome(code: str, *schools: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = evaluate(make_payload(*schools))["indicators"][code]
    return found


def verdict(code: str, kind: str = "小学", **changes: Any) -> str:
    return str(outcome(code, make_school(1, kind), make_school(2, kind, **changes))["verdict"])


GONE: Any = None

CASES: list[tuple[str, str, dict[str, Any], str]] = [
    # B3: one music and one art room per 12 classes begun.
    ("B3", "小学", {"classes_primary": 36}, "met"),
    ("B3", "小学", {"classes_primary": 37}, "not_met"),
    ("B3", "小学", {"classes_primary": 37, "music_rooms": 4}, "not_met"),
    ("B3", "小学", {"classes_primary": 37, "music_rooms": 4, "art_rooms": 4}, "met"),
    ("B3", "小学", {"classes_primary": GONE}, "unknown"),
    ("B3", "小学", {"music_rooms": GONE}, "unknown"),
    ("B3", "小学", {"music_rooms": GONE, "art_rooms": 0}, "not_met"),
    ("B3", "九年一贯制", {"classes_primary": 24, "classes_junior": 12}, "met"),
    ("B3", "九年一贯制", {"classes_primary": 24, "classes_junior": 13}, "not_met"),
    ("B3", "九年一贯制", {"classes_primary": 37, "classes_junior": GONE}, "not_met"),
    ("B3", "九年一贯制", {"classes_primary": 36, "classes_junior": GONE}, "unknown"),
    ("B3", "特殊教育学校", {"music_rooms": 0}, "unknown"),
    # B4: 2000 in one stage, 2500 over primary and junior; senior pupils do not count.
    ("B4", "小学", {"pupils_primary": 2000}, "met"),
    ("B4", "小学", {"pupils_primary": 2001}, "not_met"),
    ("B4", "小学", {"pupils_primary": GONE}, "unknown"),
    ("B4", "九年一贯制", {"pupils_primary": 2000, "pupils_junior": 500}, "met"),
    ("B4", "九年一贯制", {"pupils_primary": 2000, "pupils_junior": 501}, "not_met"),
    ("B4", "九年一贯制", {"pupils_primary": 2501, "pupils_junior": GONE}, "not_met"),
    ("B4", "九年一贯制", {"pupils_primary": 2500, "pupils_junior": GONE}, "unknown"),
    ("B4", "十二年一贯制", {"pupils_senior": 5000}, "met"),
    ("B4", "完全中学", {"pupils_junior": 2001}, "not_met"),
    # B5
    ("B5", "小学", {"largest_class_primary": 45}, "met"),
    ("B5", "小学", {"largest_class_primary": 46}, "not_met"),
    ("B5", "初中", {"largest_class_junior": 50}, "met"),
    ("B5", "初中", {"largest_class_junior": 51}, "not_met"),
    ("B5", "初中", {"largest_class_junior": GONE}, "unknown"),
    ("B5", "小学", {"pupils_primary": 1, "largest_class_primary": 46}, "not_met"),
    # B6: village schools and teaching points under 100 pupils.
    ("B6", "教学点", {"pupils_primary": 99, "funded_pupils": 99}, "not_met"),
    ("B6", "教学点", {"pupils_primary": 99, "funded_pupils": 100}, "met"),
    ("B6", "教学点", {"pupils_primary": 100, "funded_pupils": 99}, "met"),
    ("B6", "教学点", {"pupils_primary": 99, "funded_pupils": GONE}, "unknown"),
    ("B6", "教学点", {"pupils_primary": GONE, "funded_pupils": 99}, "unknown"),
    ("B6", "教学点", {"pupils_primary": GONE, "funded_pupils": 100}, "met"),
    ("B6", "小学", {"pupils_primary": 99, "funded_pupils": 1, "location": "乡村"}, "not_met"),
    ("B6", "小学", {"pupils_primary": 99, "funded_pupils": 1, "location": "镇区"}, "met"),
    ("B6", "小学", {"pupils_primary": 99, "funded_pupils": 1, "location": GONE}, "unknown"),
    ("B6", "初中", {"pupils_junior": 99, "funded_pupils": 1, "location": "乡村"}, "met"),
    # B9, B12: every teacher.
    ("B9", "小学", {"teachers_trained": 119}, "not_met"),
    ("B9", "小学", {"teachers_trained": GONE}, "unknown"),
    ("B9", "小学", {"teachers": GONE}, "unknown"),
    ("B12", "小学", {"teachers_certified": 120}, "met"),
    ("B12", "小学", {"teachers_certified": 119}, "not_met"),
    ("B12", "小学", {"teachers_certified": GONE}, "unknown"),
    # B13: 城区 everyone, 镇区 95 % together; public day schools only.
    ("B13", "小学", {"nearby_intake_primary": 99}, "not_met"),
    ("B13", "小学", {"nearby_intake_primary": 99, "ownership": "民办"}, "met"),
    ("B13", "小学", {"nearby_intake_primary": 99, "boarding": "是"}, "met"),
    ("B13", "小学", {"nearby_intake_primary": 99, "location": "乡村"}, "met"),
    ("B13", "小学", {"nearby_intake_primary": 95, "location": "镇区"}, "met"),
    ("B13", "小学", {"nearby_intake_primary": 94, "location": "镇区"}, "not_met"),
    ("B13", "小学", {"nearby_intake_primary": 99, "boarding": GONE}, "unknown"),
    ("B13", "小学", {"ownership": GONE}, "unknown"),
    ("B13", "小学", {"location": GONE}, "unknown"),
    ("B13", "小学", {"intake_primary": GONE}, "unknown"),
    ("B13", "小学", {"boarding": GONE, "ownership": "民办"}, "met"),
    ("B13", "小学", {"intake_primary": "不适用", "nearby_intake_primary": GONE}, "met"),
    ("B13", "小学", {"intake_primary": 0, "nearby_intake_primary": 0}, "met"),
    # C4: at least 5 % of the running budget.
    ("C4", "小学", {"training_budget": "5.0000"}, "met"),
    ("C4", "小学", {"training_budget": "4.9999"}, "not_met"),
    ("C4", "小学", {"operating_budget": "0.0001", "training_budget": 0}, "not_met"),
    ("C4", "小学", {"operating_budget": 0}, "unknown"),
    ("C4", "小学", {"operating_budget": GONE}, "unknown"),
    ("C4", "小学", {"training_budget": GONE}, "unknown"),
]


@pytest.mark.parametrize(("code", "kind", "changes", "expected"), CASES)
def test_by_hand(code: str, kind: str, changes: dict[str, Any], expected: str) -> None:
    assert verdict(code, kind, **changes) == expected


def test_a_failing_school_is_named_with_what_is_needed() -> None:
    found = outcome("B3", make_school(1), make_school(2, classes_primary=37))
    (check,) = found["checks"]
    assert check["failing"] == [
        {
            "school_code": "5001060002",
            "school_name": "第2学校",
            "field": field,
            "found": "3",
            "needed": "4",
        }
        for field in ("music_rooms", "art_rooms")
    ]
    assert (check["schools"], check["music_area"], check["art_area"]) == (2, "96", "90")


@pytest.mark.parametrize(
    ("code", "changes", "field", "found", "needed"),
    [
        ("B4", {"pupils_primary": 2001}, "pupils_primary", "2001", "2000"),
        ("B5", {"largest_class_primary": 46}, "largest_class_primary", "46", "45"),
        ("B9", {"teachers_trained": 7}, "teachers_trained", "7", "120"),
        ("B12", {"teachers_certified": 7}, "teachers_certified", "7", "120"),
        ("B13", {"nearby_intake_primary": 7}, "nearby_intake_primary", "7", "100"),
        ("C4", {"training_budget": "4.99"}, "training_budget", "4.9900", "5.0000"),
    ],
)
def test_failing_figures(
    code: str, changes: dict[str, Any], field: str, found: str, needed: str
) -> None:
    checks = outcome(code, make_school(1, **changes))["checks"]
    failing = [item for check in checks for item in check["failing"]]
    assert [(item["field"], item["found"], item["needed"]) for item in failing] == [
        (field, found, needed)
    ]


def test_b6_names_the_funding() -> None:
    point = make_school(1, "教学点", pupils_primary=60, funded_pupils=60)
    (failing,) = outcome("B6", point)["checks"][0]["failing"]
    assert (failing["field"], failing["found"], failing["needed"]) == ("funded_pupils", "60", "100")


def test_rates_stand_beside_the_schools() -> None:
    rate = outcome("B12", make_school(1, teachers_certified=119))["checks"][1]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == ("119", "120", "0.991667")
    assert (rate["needed"], rate["comparison"], rate["verdict"]) == ("1", ">=", "not_met")


def test_what_is_missing_is_named() -> None:
    found = outcome("B9", make_school(1, teachers_trained=None))
    assert found["missing"] == ["5001060001.teachers_trained"]
    assert found["checks"][1]["value"] is None


def test_a_stage_without_pupils_asks_for_no_classes() -> None:
    staff = ("qualified_teachers", "backbone_teachers", "pe_arts_teachers")
    empty = {"pupils_junior": 0, "classes_junior": None, "largest_class_junior": None}
    empty |= {f"{kind}_junior": 0 for kind in staff}
    empty |= {"nearby_intake_junior": None, "intake_junior": None}
    indicators = evaluate(make_payload(make_school(1, "九年一贯制", **empty)))["indicators"]
    assert {indicators[code]["verdict"] for code in ("B3", "B4", "B5", "B13")} == {"met"}


def test_b6_names_all_that_leaves_it_open() -> None:
    found = outcome("B6", make_school(1, pupils_primary=None, funded_pupils=1, location=None))
    assert found["missing"] == ["5001060001.pupils_primary", "5001060001.location"]


def test_one_city_school_short_of_everyone_decides_though_others_are_silent() -> None:
    short = make_school(1, nearby_intake_primary=99)
    silent = make_school(2, nearby_intake_primary=None)
    assert outcome("B13", short, silent)["verdict"] == "not_met"
    town = [school | {"location": "镇区"} for school in (short, silent)]
    assert outcome("B13", *town)["verdict"] == "unknown"


def test_a_running_budget_of_zero_is_named_as_missing() -> None:
    found = outcome("C4", make_school(1, operating_budget=0))
    assert found["missing"] == ["5001060001.operating_budget"]


def test_missing_figures_stay_open_under_the_smallest_limits() -> None:
    small = {"B5.primary": Decimal(0), "B6.pupils": Decimal(1)}
    rules = replace(STANDARD_2017, limits=STANDARD_2017.limits | small)
    gone = {"pupils_primary": None, "largest_class_primary": None, "funded_pupils": 0}
    found = evaluate(make_payload(make_school(1, "教学点", **gone)), rules)["indicators"]
    assert (found["B5"]["verdict"], found["B6"]["verdict"]) == ("unknown", "unknown")


def test_towns_are_judged_together() -> None:
    town = {"location": "镇区", "boarding": "否"}
    schools = [
        make_school(1, **town, nearby_intake_primary=90),
        make_school(2, **town, nearby_intake_primary=100),
    ]
    found = outcome("B13", *schools)
    assert found["verdict"] == "met"
    (check,) = found["checks"]
    assert check["name"] == "B13.town_primary"
    assert [item["school_code"] for item in check["failing"]] == ["5001060001"]
    assert (check["value"], check["needed"]) == ("0.950000", "0.95")


def test_without_anyone_to_ask_nothing_is_met() -> None:
    assert outcome("B13", make_school(1, location="乡村"))["verdict"] == "unknown"
    empty = evaluate({"standard": "2017", "schools": []})["indicators"]
    assert {empty[code]["verdict"] for code in ("B3", "B4", "B5", "B6", "B9", "C4")} == {"unknown"}


def test_special_schools_have_no_catchment_and_no_class_size() -> None:
    special = make_school(2, "特殊教育学校", largest_class_primary=99, nearby_intake_primary=0)
    indicators = evaluate(make_payload(make_school(1), special))["indicators"]
    assert indicators["B5"]["verdict"] == indicators["B13"]["verdict"] == "met"
    counted = [indicators[code]["checks"][0]["schools"] for code in ("B3", "B4", "B5", "B6")]
    assert counted == [1, 1, 1, 2]
    assert indicators["B12"]["checks"][0]["schools"] == 2


def test_c4_says_which_accounts() -> None:
    (check,) = outcome("C4", make_school(1))["checks"]
    assert (check["needed"], check["accounts"]) == ("0.05", "budget")
