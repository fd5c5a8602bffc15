"""Schools the calculation refuses, with the exact place, kind and words."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from figures.table import SCHOOL_FIELD
from indicators.calculation.intake import read_payload
from indicators.calculation.problems import (
    TEXTS,
    Problem,
    Unreadable,
    UnusableInput,
    escape,
    shown,
)
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.school_intake import read_field
from tests.indicators.calculation.builders import evaluate, make_payload, make_school


def refusals(payload: object, **limits: int) -> list[tuple[str, str]]:
    with pytest.raises(UnusableInput) as refused:
        read_payload(payload, STANDARD_2017, **limits)
    for problem in refused.value.problems:
        assert "{" not in problem.detail + problem.expected
    return [(problem.pointer, problem.code) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"pupils_primary": -1}, "pupils_primary", "negative"),
        ({"pupils_primary": "-5"}, "pupils_primary", "negative"),
        ({"teaching_area": "-0.01"}, "teaching_area", "negative"),
        ({"pupils_primary": "约500"}, "pupils_primary", "not_number"),
        ({"pupils_primary": "NaN"}, "pupils_primary", "not_number"),
        ({"pupils_primary": float("nan")}, "pupils_primary", "not_number"),
        ({"pupils_primary": float("inf")}, "pupils_primary", "not_number"),
        ({"teaching_area": Decimal("NaN")}, "teaching_area", "not_number"),
        ({"teaching_area": Decimal("1E+5")}, "teaching_area", "not_number"),
        ({"teaching_area": "inf"}, "teaching_area", "not_number"),
        ({"teaching_area": "1e5"}, "teaching_area", "not_number"),
        ({"teaching_area": 1e22}, "teaching_area", "not_number"),
        ({"pupils_primary": "1_000"}, "pupils_primary", "not_number"),
        ({"pupils_primary": "1,000"}, "pupils_primary", "not_number"),
        ({"pupils_primary": "５００"}, "pupils_primary", "not_number"),
        ({"pupils_primary": "٥"}, "pupils_primary", "not_number"),
        ({"pupils_primary": " 500"}, "pupils_primary", "not_number"),
        ({"pupils_primary": "+5"}, "pupils_primary", "not_number"),
        ({"teaching_area": ".5"}, "teaching_area", "not_number"),
        ({"teaching_area": "5."}, "teaching_area", "not_number"),
        ({"pupils_primary": "9" * 5000}, "pupils_primary", "not_number"),
        ({"pupils_primary": [500]}, "pupils_primary", "not_number"),
        ({"pupils_primary": b"5"}, "pupils_primary", "not_number"),
        ({"pupils_primary": Fraction(5)}, "pupils_primary", "not_number"),
        ({"pupils_primary": True}, "pupils_primary", "is_boolean"),
        ({"teaching_area": False}, "teaching_area", "is_boolean"),
        ({"pupils_primary": "500.5"}, "pupils_primary", "not_whole"),
        ({"pupils_primary": 500.5}, "pupils_primary", "not_whole"),
        ({"teaching_area": "1.234"}, "teaching_area", "too_many_places"),
        ({"equipment_value": 1.23456}, "equipment_value", "too_many_places"),
        ({"pupils_primary": 1_000_001}, "pupils_primary", "too_large"),
        ({"pupils_primary": 10**5000}, "pupils_primary", "too_large"),
        ({"teaching_area": "100000000.01"}, "teaching_area", "too_large"),
        ({"pupils_junior": 1}, "pupils_junior", "not_asked"),
        ({"pupils_senior": "12"}, "pupils_senior", "not_asked"),
        ({"pupils_primary": "不适用"}, "pupils_primary", "may_apply"),
        ({"intake_junior": "不适用"}, "intake_junior", "may_apply"),
        ({"school_code": "50010600"}, "school_code", "bad_school_code"),
        ({"school_code": "５００１０６０００１"}, "school_code", "bad_school_code"),
        ({"school_code": 5001060001}, "school_code", "not_text"),
        ({"school_name": 12}, "school_name", "not_text"),
        ({"school_name": "长" * 201}, "school_name", "too_long"),
        ({"school_name": "甲\ud800"}, "school_name", "unfit_text"),
        ({"school_name": "甲\n乙"}, "school_name", "unfit_text"),
        ({"school_type": "幼儿园"}, "school_type", "not_choice"),
        ({"school_type": ["小学"]}, "school_type", "not_choice"),
        ({"location": "城市"}, "location", "not_choice"),
        ({"school_code": None}, "school_code", "missing"),
        ({"school_name": "  "}, "school_name", "missing"),
        ({"school_type": None}, "school_type", "missing"),
        ({"pupils": 5}, "pupils", "unknown_field"),
        ({"a/b~c": 5}, "a~1b~0c", "unknown_field"),
        ({"teachers_certified": 121}, "teachers_certified", "part_exceeds_whole"),
        ({"teachers_trained": 121}, "teachers_trained", "part_exceeds_whole"),
        ({"nearby_intake_primary": 101}, "nearby_intake_primary", "part_exceeds_whole"),
        ({"indoor_sports_area": "20000.01"}, "indoor_sports_area", "part_exceeds_whole"),
    ],
)
def test_refused(changes: dict[str, Any], pointer: str, code: str) -> None:
    payload = make_payload(make_school(1), make_school(2) | changes)
    if None in changes.values():
        payload["schools"][1] = make_school(2, **changes)
    assert refusals(payload) == [(f"/schools/1/{pointer}", code)]


def test_nobody_is_taught_but_teachers_are_there() -> None:
    school = make_school(1, pupils_primary=0)
    found = refusals(make_payload(school))
    staff = ("qualified_teachers", "backbone_teachers", "pe_arts_teachers")
    assert found == [
        *((f"/schools/0/{kind}_primary", "teachers_without_pupils") for kind in staff),
        ("/schools/0/classes_primary", "classes_without_pupils"),
        ("/schools/0/largest_class_primary", "classes_without_pupils"),
        ("/schools/0/teachers", "teachers_without_pupils"),
    ]


def test_one_empty_stage_refuses_only_its_own_teachers() -> None:
    school = make_school(1, "九年一贯制", pupils_junior=0, classes_junior=0, largest_class_junior=0)
    school |= {"backbone_teachers_junior": 0, "pe_arts_teachers_junior": 0}
    assert refusals(make_payload(school)) == [
        ("/schools/0/qualified_teachers_junior", "teachers_without_pupils")
    ]


def test_empty_stages_hide_no_other_disagreement() -> None:
    nobody = {
        "pupils_primary": 0,
        "pupils_junior": 0,
        "teachers": None,
        "indoor_sports_area": 20001,
    }
    found = refusals(make_payload(make_school(1, "九年一贯制", **nobody)))
    counts = [("teachers", 3), ("classes", 2)]
    empty = [f"{kind}_without_pupils" for kind, times in counts for _ in range(times)]
    assert [code for _, code in found] == ["part_exceeds_whole", *empty, *empty]


def test_everything_wrong_is_said_at_once() -> None:
    payload = make_payload(
        make_school(1, pupils_primary=-1, teaching_area="很大"), make_school(1), "不是学校"
    )
    assert sorted(refusals(payload | {"standard": "2012", "extra": 1})) == [
        ("/extra", "unknown_field"),
        ("/schools/0/pupils_primary", "negative"),
        ("/schools/0/teaching_area", "not_number"),
        ("/schools/1/school_code", "duplicate"),
        ("/schools/2", "not_object"),
        ("/standard", "wrong_standard"),
    ]


@pytest.mark.parametrize("payload", [None, [], "x", 5])
def test_a_payload_is_an_object(payload: object) -> None:
    assert refusals(payload) == [("", "not_object")]


@pytest.mark.parametrize(("extra", "refused"), [(0, False), (1, True)])
def test_five_thousand_schools_are_taken(extra: int, refused: bool) -> None:
    schools = [{"school_name": 1}] * (5_000 + extra)
    found = refusals({"standard": "2017", "schools": schools})
    assert (found == [("/schools", "too_many_schools")]) is refused


@pytest.mark.parametrize("stage", ["primary", "junior"])
def test_nearby_intake_is_part_of_the_intake(stage: str) -> None:
    school = make_school(1, "九年一贯制", **{f"nearby_intake_{stage}": 101})
    assert refusals(make_payload(school)) == [
        (f"/schools/0/nearby_intake_{stage}", "part_exceeds_whole")
    ]


def test_schools_are_a_list_of_limited_length() -> None:
    assert refusals({"standard": "2017"}) == [("/schools", "missing")]
    assert refusals({"schools": []}) == [("/standard", "missing")]
    assert refusals(make_payload() | {"schools": {}}) == [("/schools", "not_list")]
    assert refusals(make_payload(), max_schools=2) == [("/schools", "too_many_schools")]
    assert len(read_payload(make_payload(), STANDARD_2017, max_schools=3).schools) == 3


@pytest.mark.parametrize("year", [2000, 2100])
def test_years_of_this_century_are_taken(year: int) -> None:
    assert read_payload(make_payload(year=year), STANDARD_2017).year == year


@pytest.mark.parametrize("year", ["2026", 26, 1999, 2101, True])
def test_years_have_four_digits(year: object) -> None:
    assert refusals(make_payload(year=year)) == [("/year", "not_number")]


def test_words_of_one_refusal() -> None:
    school = make_school(3, pupils_junior=7)
    with pytest.raises(UnusableInput, match="小学没有初中学段") as refused:
        evaluate(make_payload(school))
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code) == ("/schools/0/pupils_junior", "not_asked")
    assert problem.detail == "小学没有初中学段，不应填写初中在校生数"
    assert problem.expected == "留空"
    assert problem.template == TEXTS["not_asked"][0]
    assert problem.expected_template == TEXTS["not_asked"][1]
    assert "!" not in "".join(a + b for a, b in TEXTS.values())


def test_words_name_figures_in_their_own_unit() -> None:
    with pytest.raises(UnusableInput) as refused:
        evaluate(make_payload(make_school(1, indoor_sports_area="20000.50")))
    assert (
        refused.value.problems[0].detail
        == "室内体育用房面积（20000.50）大于教学及辅助用房面积（20000.00）"
    )


def test_what_is_taken() -> None:
    school = make_school(
        1,
        pupils_primary="500",
        teaching_area=1234.5,
        indoor_sports_area=Decimal("100.50"),
        equipment_value="12.50000",
        multimedia_classrooms=3.0,
        intake_primary="不适用",
        nearby_intake_primary="不适用",
    )
    school |= {"music_rooms": "", "art_rooms": None, "boarding": " ", "pupils_senior": 0}
    school["school_name"] = "长" * 200
    (read,) = read_payload(make_payload(school), STANDARD_2017).schools
    assert read["pupils_primary"] == 500
    assert read["teaching_area"] == 123_450
    assert read["indoor_sports_area"] == 10_050
    assert read["equipment_value"] == 125_000
    assert read["multimedia_classrooms"] == 3
    assert read["intake_primary"] == "不适用"
    assert not {"music_rooms", "art_rooms", "boarding", "pupils_senior"} & read.keys()


def test_schools_come_in_order_of_their_code() -> None:
    schools = read_payload(make_payload(make_school(2), make_school(1)), STANDARD_2017).schools
    assert [school["school_code"] for school in schools] == ["5001060001", "5001060002"]


def test_long_and_odd_values_are_shown_short() -> None:
    assert shown("长" * 60) == "长" * 39 + "…"
    assert shown("短" * 40) == "短" * 40
    assert shown("长" * 41) == "长" * 39 + "…"
    assert shown(10**30) == "超过 30 位的整数"
    assert shown(-5) == "-5"
    assert shown("\ud800") == "?"
    assert escape("a/~\ud800") == "a~1~0?"


def test_the_message_names_the_first_problems() -> None:
    problems = [Problem(f"/{i}", "not_object") for i in range(30)]
    text = str(UnusableInput(problems))
    assert text.count("这里应为") == 20
    assert text.startswith("/0 这里应为")
    pair = [Problem(f"/{place}", "not_list") for place in "ab"]
    assert str(UnusableInput(pair)) == "/a 这里应为学校列表;/b 这里应为学校列表"
    assert str(Unreadable("negative")) == "negative"


def test_one_choice_is_read_as_it_stands() -> None:
    assert read_field(SCHOOL_FIELD["location"], "城区", None) == "城区"
