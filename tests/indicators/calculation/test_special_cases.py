"""Special cases: off by default, applied only where they hold, the verdict without them kept."""

from dataclasses import replace
from typing import Any

import pytest

from indicators.calculation.rules import SPECIAL_CASES
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import evaluate, make_payload, make_school
from tests.indicators.calculation.test_intake_schools import refusals

OPEN = replace(STANDARD_2017, special_cases=SPECIAL_CASES, attached_points=True)
FIRST = "5001060001"


def case(name: str, **more: Any) -> dict[str, Any]:
    return {"school_code": FIRST, "case": name, "evidence": "批复文件"} | more


def village(**changes: Any) -> dict[str, Any]:
    small: dict[str, Any] = {
        "pupils_primary": 60,
        "location": "乡村",
        "pe_arts_teachers_primary": 0,
    }
    return make_school(1, **(small | changes))


def test_off_by_default() -> None:
    cases = [case("B4.larger_limit")]
    payload = make_payload(make_school(1, pupils_primary=2400), special_cases=cases)
    result = evaluate(payload)
    assert result["indicators"]["B4"]["verdict"] == "not_met"
    assert result["special_cases"]["applied"] == []


@pytest.mark.parametrize(
    ("kind", "pupils", "expected"),
    [
        ("小学", {"pupils_primary": 2400}, "met"),
        ("小学", {"pupils_primary": 2401}, "not_met"),
        ("九年一贯制", {"pupils_primary": 2000, "pupils_junior": 1000}, "met"),
        ("九年一贯制", {"pupils_primary": 2000, "pupils_junior": 1001}, "not_met"),
    ],
)
def test_b4_larger_limit(kind: str, pupils: dict[str, int], expected: str) -> None:
    cases = [case("B4.larger_limit")]
    result = evaluate(make_payload(make_school(1, kind, **pupils), special_cases=cases), OPEN)
    assert result["indicators"]["B4"]["verdict"] == expected
    without = result["special_cases"]["without"]
    assert without["indicators"] == ({"B4": "not_met"} if expected == "met" else {})
    assert without["verdict"] == "not_met"
    (applied,) = result["special_cases"]["applied"]
    assert (applied["stage"], applied["amount"], applied["to"]) == ("", 0, "")


def test_a3_counts_shared_teachers_of_small_village_schools() -> None:
    cases = [case("A3.shared_teachers", stage="primary", amount=1)]
    result = evaluate(make_payload(village(), special_cases=cases), OPEN)
    assert result["units"][0]["indicators"]["A3"]["value"] == "1.666667"
    assert result["special_cases"]["without"]["units"] == [
        {"school_code": FIRST, "stage": "primary", "counted": True, "verdict": "not_met"}
    ]
    assert result["special_cases"]["applied"] == [
        {
            **{"school_code": FIRST, "case": "A3.shared_teachers", "stage": "primary"},
            **{"amount": 1, "to": "", "until": None, "evidence": "批复文件"},
        }
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"pupils_primary": 49},
        {"pupils_primary": 100},
        {"pupils_primary": None},
        {"location": "镇区"},
        {"location": None},
        {"pe_arts_teachers_primary": None},
    ],
)
def test_a3_holds_only_for_small_village_schools(changes: dict[str, Any]) -> None:
    cases = [case("A3.shared_teachers", stage="primary", amount=1)]
    result = evaluate(make_payload(village(**changes), special_cases=cases), OPEN)
    assert result["special_cases"]["applied"] == []


@pytest.mark.parametrize("pupils", [50, 99])
def test_a3_small_is_from_50_to_99(pupils: int) -> None:
    cases = [case("A3.shared_teachers", stage="primary", amount=1)]
    payload = make_payload(village(pupils_primary=pupils), special_cases=cases)
    assert len(evaluate(payload, OPEN)["special_cases"]["applied"]) == 1


def test_a5_counts_extra_venues_in_the_city() -> None:
    cases = [case("A5.extra_venues", amount="750.00")]
    tight = {"sports_ground_area": "1000.00"}
    result = evaluate(make_payload(make_school(1, **tight), special_cases=cases), OPEN)
    assert result["units"][0]["indicators"]["A5"]["value"] == "7.500000"
    rural = make_payload(make_school(1, **tight, location="乡村"), special_cases=cases)
    assert evaluate(rural, OPEN)["special_cases"]["applied"] == []


@pytest.mark.parametrize("kind", ["music", "art"])
def test_b3_counts_rooms_of_the_older_size(kind: str) -> None:
    school = make_school(1, **{f"{kind}_rooms": 0})
    cases = [case(f"B3.{kind}_rooms", amount=1)]
    result = evaluate(make_payload(school, special_cases=cases), OPEN)
    assert result["indicators"]["B3"]["verdict"] == "met"
    assert result["special_cases"]["without"]["indicators"] == {"B3": "not_met"}


@pytest.mark.parametrize(("year", "applied"), [(2026, 1), (2027, 1), (2028, 0)])
def test_a_case_ends_with_its_year(year: int, applied: int) -> None:
    cases = [case("B4.larger_limit", until=2027)]
    result = evaluate(make_payload(make_school(1), special_cases=cases, year=year), OPEN)
    assert len(result["special_cases"]["applied"]) == applied


def attached(centre: dict[str, Any], point: dict[str, Any], rules: Any = OPEN) -> dict[str, Any]:
    cases = [case("point.attached", school_code=point["school_code"], to=centre["school_code"])]
    return evaluate(make_payload(centre, point, special_cases=cases), rules)


def test_an_attached_point_counts_with_its_centre() -> None:
    result = attached(make_school(2), make_school(1, "教学点", pupils_primary=40))
    point, centre = result["units"]
    assert (point["counted"], point["reason"]) == (False, "attached_point")
    assert centre["pupils"] == "540"
    assert [case["to"] for case in result["special_cases"]["applied"]] == ["5001060002"]
    # Twice 18000 ㎡, 18000 ㎡, 400 万元 and 40 rooms; teachers stay where they are.
    assert [centre["indicators"][f"A{i}"]["numerator"] for i in (1, 4, 5, 6, 7)] == [
        *("40", "36000.000000", "36000.000000", "8000000.000000", "80.000000")
    ]


def test_what_an_attached_point_lacks_the_centre_lacks() -> None:
    point = make_school(1, "教学点", pupils_primary=40, equipment_value=None)
    assert attached(make_school(2), point)["units"][1]["indicators"]["A6"]["verdict"] == "unknown"
    neither = attached(make_school(2, equipment_value=None), point)
    assert neither["units"][1]["indicators"]["A6"]["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("centre", "point"),
    [
        (make_school(2), make_school(1, "教学点", pupils_primary=50)),
        (make_school(2), make_school(1, "教学点", pupils_primary=None)),
        (make_school(2), make_school(1, "小学", pupils_primary=40)),
        (make_school(2, "教学点"), make_school(1, "教学点", pupils_primary=40)),
        (make_school(2, "特殊教育学校"), make_school(1, "教学点", pupils_primary=40)),
        (make_school(2, "初中"), make_school(1, "教学点", pupils_primary=40)),
        (make_school(2, pupils_primary=None), make_school(1, "教学点", pupils_primary=40)),
    ],
)
def test_what_cannot_be_attached_is_not(centre: dict[str, Any], point: dict[str, Any]) -> None:
    assert attached(centre, point)["special_cases"]["applied"] == []


def test_an_empty_point_is_not_attached() -> None:
    none = dict.fromkeys(("qualified_teachers_primary", "backbone_teachers_primary"), 0)
    none |= {"pe_arts_teachers_primary": 0, "classes_primary": 0, "largest_class_primary": 0}
    point = make_school(1, "教学点", pupils_primary=0, teachers=None, **none)
    result = attached(make_school(2), point)
    assert result["special_cases"]["applied"] == []
    assert result["units"][0]["reason"] == "no_pupils"


def test_a_point_is_attached_once() -> None:
    cases = [case("point.attached", to=f"500106000{i}") for i in (2, 3)]
    schools = [make_school(1, "教学点", pupils_primary=40), make_school(2), make_school(3)]
    result = evaluate(make_payload(*schools, special_cases=cases), OPEN)
    assert [unit["pupils"] for unit in result["units"]] == ["40", "540", "500"]


def test_attaching_is_off_by_default() -> None:
    point = make_school(1, "教学点", pupils_primary=40)
    assert attached(make_school(2), point, STANDARD_2017)["units"][0]["reason"] == "small_point"


def test_fifty_and_under_is_a_setting() -> None:
    rules = replace(STANDARD_2017, point_comparison="<=")
    units = evaluate(make_payload(make_school(1, "教学点", pupils_primary=50)), rules)["units"]
    assert units[0]["reason"] == "small_point"
    units = evaluate(make_payload(make_school(1, "教学点", pupils_primary=51)), rules)["units"]
    assert units[0]["counted"]


@pytest.mark.parametrize(
    ("row", "pointer", "code"),
    [
        ({"case": "A9"}, "case", "bad_case"),
        ({"case": ["A9"]}, "case", "bad_case"),
        ({"case": "B4.larger_limit", "school_code": "1"}, "school_code", "unknown_school"),
        ({"case": "B4.larger_limit", "school_code": []}, "school_code", "unknown_school"),
        ({"case": "point.attached"}, "to", "unknown_school"),
        ({"case": "A3.shared_teachers", "stage": "senior"}, "stage", "not_choice"),
        ({"case": "B4.larger_limit", "evidence": " "}, "evidence", "missing"),
        ({"case": "B4.larger_limit", "evidence": 5}, "evidence", "missing"),
        ({"case": "B4.larger_limit", "evidence": "长" * 201}, "evidence", "too_long"),
        ({"case": "B4.larger_limit", "evidence": "\x00"}, "evidence", "unfit_text"),
        ({"case": "B4.larger_limit", "until": "2027"}, "until", "not_number"),
        ({"case": "B4.larger_limit", "until": 2027}, "until", "year_needed"),
        ({"case": "B3.art_rooms", "amount": "1.5"}, "amount", "not_whole"),
        ({"case": "A5.extra_venues", "amount": "1.555"}, "amount", "too_many_places"),
        ({"case": "B3.art_rooms", "amount": 1_000_001}, "amount", "too_large"),
        ({"case": "B4.larger_limit", "why": 1}, "why", "unknown_field"),
    ],
)
def test_refused_cases(row: dict[str, Any], pointer: str, code: str) -> None:
    payload = make_payload(make_school(1), special_cases=[case("") | row])
    assert refusals(payload) == [(f"/special_cases/0/{pointer}", code)]


def test_cases_are_a_list_of_objects() -> None:
    assert refusals(make_payload(special_cases={})) == [("/special_cases", "not_list")]
    assert refusals(make_payload(special_cases=[1, 2])) == [
        ("/special_cases/0", "not_object"),
        ("/special_cases/1", "not_object"),
    ]


@pytest.mark.parametrize(
    ("changes", "applied"),
    [
        ({"attached_points": True, "special_cases": ()}, ["point.attached"]),
        ({"attached_points": False, "special_cases": ("B4.larger_limit",)}, ["B4.larger_limit"]),
    ],
)
def test_attaching_and_the_other_cases_are_allowed_apart(
    changes: dict[str, Any], applied: list[str]
) -> None:
    schools = [make_school(1, "教学点", pupils_primary=40), make_school(2)]
    cases = [case("point.attached", to="5001060002"), case("B4.larger_limit", amount=None)]
    payload = make_payload(*schools, special_cases=cases)
    found = evaluate(payload, replace(STANDARD_2017, **changes))["special_cases"]["applied"]
    assert [item["case"] for item in found] == applied
