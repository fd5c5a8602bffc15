"""What one figure decides: by hand, and as the engine says of the whole district."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.calculation.intake import Inputs, read_payload
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.what_if import Other, effects, judge_other
from tests.indicators.calculation.builders import make_payload, make_school
from tests.indicators.calculation.strategies import payloads
from tests.indicators.calculation.test_special_cases import OPEN, case, village

CODE = "5001060001"


def read(*schools: dict[str, Any], **parts: Any) -> Inputs:
    return read_payload(make_payload(*schools, **parts), STANDARD_2017)


def effect_of(inputs: Inputs, other: Other) -> dict[Any, Any]:
    return effects(inputs, STANDARD_2017, [other])[0]


def test_a_school_that_meets_the_standard_only_because_its_pupils_fell() -> None:
    """700 pupils, 1,823 the year before. Per 100: 35 teachers 5.00 or 1.92, 9 backbone 1.29 or
    0.49, 8 of sports and arts 1.14 or 0.44, limits 4.2, 1, 0.9. Per head: 4,300 ㎡ 6.14 or 2.36,
    limit 4.5; 6,664 ㎡ 9.52 or 3.66, limit 7.5; 3,682 yuan or 1,414, limit 2,000; per 100: 35
    rooms 5.00 or 1.92, limit 2.3."""
    school = make_school(
        1, pupils_primary=700, qualified_teachers_primary=35, backbone_teachers_primary=9,
        pe_arts_teachers_primary=8, teaching_area="4300.00", indoor_sports_area="0.00",
        sports_ground_area="6664.00", equipment_value="257.7400", multimedia_classrooms=35,
    )  # fmt: skip
    found = effect_of(read(school), Other(CODE, "pupils_primary", 1823))
    assert found.pop(("A", "primary")) == ("not_met", "met")
    assert found == {(f"A{place}", "primary"): ("below", "met") for place in range(1, 8)}


def test_one_person_decides_exactly_at_the_limit() -> None:
    """500 pupils need 21 teachers for 4.2 in 100: 21 is met, 20 is 4.0, above the floor of 3.57."""
    inputs = read(make_school(1, qualified_teachers_primary=21))
    assert effect_of(inputs, Other(CODE, "qualified_teachers_primary", 20)) == {
        ("A1", "primary"): ("floor", "met")
    }
    assert effect_of(inputs, Other(CODE, "qualified_teachers_primary", 22)) == {}


def test_limits_of_one_school_are_decided_too() -> None:
    """At most 45 in a class of a primary school; one music room per 12 classes begun."""
    inputs = read(make_school(1))
    assert effect_of(inputs, Other(CODE, "largest_class_primary", 46)) == {
        ("B5", ""): ("not_met", "met")
    }
    assert effect_of(inputs, Other(CODE, "music_rooms", None)) == {("B3", ""): ("unknown", "met")}


def test_a_district_figure_decides_its_indicator_or_nothing_where_it_contradicts() -> None:
    inputs = read(make_school(1))
    assert effect_of(inputs, Other("", "B7.special_budget_per_pupil", 599_900)) == {
        ("B7", ""): ("not_met", "met")
    }
    whole = judge_other(inputs, STANDARD_2017, Other("", "B7.special_budget_per_pupil", 599_900))
    assert whole is not None
    assert whole.indicators["B7"].verdict == "not_met"
    impossible = Other("", "B11.eligible", 50)  # 100 of 50 were exchanged
    assert effect_of(inputs, impossible) == {}
    assert judge_other(inputs, STANDARD_2017, impossible) is None


def test_a_special_case_may_hang_on_the_very_figure() -> None:
    """A teacher shared with another school counts in a village school of fewer than 100 pupils."""
    cases = [case("A3.shared_teachers", stage="primary", amount=1)]
    inputs = read_payload(make_payload(village(), special_cases=cases), OPEN)
    others = [Other(CODE, "pupils_primary", 120), Other(CODE, "teaching_area", 100)]
    assert effects(inputs, OPEN, others) == [
        {("A3", "primary"): ("below", "met"), ("A", "primary"): ("not_met", "met")},
        {},
    ]


def test_rooms_beyond_the_building_they_are_in_say_nothing() -> None:
    other = Other(CODE, "teaching_area", 100)  # 1 ㎡ around 2,000 ㎡ of indoor sports
    assert effect_of(read(make_school(1)), other) == {}
    assert judge_other(read(make_school(1)), STANDARD_2017, other) is None


FIGURES = st.sampled_from(
    (
        *("pupils_primary", "pupils_junior", "qualified_teachers_primary", "teaching_area"),
        *("indoor_sports_area", "sports_ground_area", "equipment_value", "multimedia_classrooms"),
        *("classes_primary", "largest_class_junior", "art_rooms"),
    )
)


@settings(max_examples=80, deadline=None)
@given(payloads(most=4), st.data())
def test_the_effect_is_what_the_whole_engine_says_of_that_school(
    payload: dict[str, Any], data: st.DataObject
) -> None:
    inputs = read_payload(payload, STANDARD_2017)
    school = data.draw(st.sampled_from(inputs.schools))
    figure = data.draw(FIGURES.filter(lambda name: name in school))
    other = Other(
        school["school_code"], figure, data.draw(st.none() | st.integers(0, 3 * school[figure] + 9))
    )
    whole = judge_other(inputs, STANDARD_2017, other)
    found = effect_of(inputs, other)
    if whole is None:
        assert found == {}
        return
    unchanged = judge_other(inputs, STANDARD_2017, Other(other.school_code, figure, school[figure]))
    assert unchanged is not None
    turned = {
        ("A", then.stage): (then.verdict, now.verdict)
        for then, now in zip(whole.units, unchanged.units, strict=True)
        if then.school_code == other.school_code and then.verdict != now.verdict
    }
    assert {key: both for key, both in found.items() if key[0] == "A"} == turned
