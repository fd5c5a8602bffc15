"""What is worse of a certified unit, and how heavy it is: figures changed one at a time."""

from typing import Any

import pytest

from indicators.calculation.evaluate import evaluate
from indicators.calculation.outcome import Outcome
from schedule.regression import GRADES, Regression, heaviest, regressions
from tests.indicators.calculation.builders import make_district, make_payload, make_school

FIRST = "5001060001"


def outcome(*schools: dict[str, Any], **district: Any) -> Outcome:
    changes = {"district": make_district(**district)} if district else {}
    return evaluate(make_payload(*schools, **changes))


def seen(found: list[Regression]) -> list[tuple[str, str, str]]:
    return [(each.grade, each.indicator, each.school_code) for each in found]


def three(**first: Any) -> tuple[dict[str, Any], ...]:
    """Two primary schools alike and a junior one, the first with other figures."""
    rooms = {"multimedia_classrooms": 12}
    return (
        make_school(1, **rooms | first),
        make_school(2, **rooms),
        make_school(3, "初中", **rooms),
    )


def test_nothing_is_worse_where_everything_is_met() -> None:
    assert regressions(outcome(), outcome()) == []
    assert heaviest([]) == ""


def test_a_floor_newly_touched_is_the_lightest() -> None:
    """10 multimedia rooms for 500 pupils are 2 per 100 of 2.3, above the floor of 1.955."""
    now = outcome(*three(multimedia_classrooms=10))
    assert now.verdict == "met"
    (found,) = regressions(now, outcome(*three()))
    assert (found.grade, found.indicator, found.school_code) == ("floor", "A7", FIRST)
    assert (found.found, found.required) == ("2.000000", "2.3")


def test_a_floor_touched_before_is_no_news() -> None:
    now = outcome(*three(multimedia_classrooms=10))
    assert regressions(now, now) == []


def test_without_a_result_before_nobody_says_newly() -> None:
    assert regressions(outcome(*three(multimedia_classrooms=10))) == []


def test_a_school_that_fails() -> None:
    found = regressions(outcome(*three(multimedia_classrooms=9)), outcome(*three()))
    assert seen(found) == [("failing", "A7", FIRST)]  # 1.8 is below the floor


def test_a_school_below_two_thresholds_fails_in_both() -> None:
    found = regressions(outcome(*three(multimedia_classrooms=10, qualified_teachers_primary=20)))
    assert sorted(seen(found)) == [("failing", "A1", FIRST), ("failing", "A7", FIRST)]


def test_a_coefficient_that_fails() -> None:
    found = regressions(outcome(*three(equipment_value="9000.0000")))
    assert [(each.grade, each.indicator, each.field) for each in found] == [("failing", "A6", "cv")]
    assert found[0].required == "0.50"


def test_a_school_that_misses_a_requirement_of_the_government() -> None:
    found = regressions(outcome(*three(largest_class_primary=46)))
    assert seen(found) == [("failing", "B5", FIRST)]
    assert (found[0].found, found[0].required) == ("46", "45")


def test_the_district_itself_is_the_heaviest() -> None:
    found = regressions(
        outcome(*three(multimedia_classrooms=9), B7__special_budget_per_pupil="5999.00")
    )
    assert seen(found) == [("lost", "B7", ""), ("failing", "A7", FIRST)]
    assert heaviest(found) == "lost"
    assert (found[0].found, found[0].required) == ("5999.00", "6000")


def test_a_veto_is_the_heaviest() -> None:
    payload = make_payload()
    item = next(iter(payload["veto"]))
    payload["veto"][item] = "是"
    (found,) = regressions(evaluate(payload))
    assert (found.grade, found.indicator, found.field) == ("lost", "V", item)


def test_what_is_missing_is_never_a_pass() -> None:
    found = regressions(outcome(B7__special_budget_per_pupil=None))
    assert seen(found) == [("unknown", "B7", "")]
    found = regressions(outcome(*three(multimedia_classrooms=None)))
    assert {each.grade for each in found} == {"unknown"}


@pytest.mark.parametrize("grade", GRADES)
def test_the_whole_is_as_heavy_as_its_heaviest(grade: str) -> None:
    lighter = [Regression(each, "A1") for each in GRADES[: GRADES.index(grade) + 1]]
    assert heaviest(lighter) == grade


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (Regression("failing", "A5", "primary", "2150000001"), "2150000001:primary:A5"),
        (Regression("failing", "A5", "primary", field="cv"), "500106:primary:A5"),
        (Regression("failing", "B4", "", "2150000001", field="size.pupils"), "500106::B4"),
        (Regression("lost", "V", field="V3"), "500106::V3"),
        (Regression("floor", "A5", "primary", "2150000001"), ""),
        (Regression("unknown", "B7"), ""),
    ],
)
def test_a_place_is_where_the_ledger_has_what_the_figures_say(
    found: Regression, place: str
) -> None:
    assert found.place("500106") == place
