"""交流轮岗: whole people change schools, nobody is lost, and donors keep what they need."""

import itertools
from fractions import Fraction
from typing import Any

import pytest

from improvement.planner import moves
from improvement.planner.plan import CHEAPEST, MOVES, make_plan
from improvement.planner.spread import Spread
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules_2017 import STANDARD_2017_1
from tests.improvement.planner.test_reasons import worked_example

STAFF = (
    *("qualified_teachers_primary", "backbone_teachers_primary", "pe_arts_teachers_primary"),
    *("teachers", "teachers_certified", "teachers_trained"),
)
MEASURES = [{"code": "hire", "price": 100_000}, {"code": "move", "price": 60_000}]


def three_schools(rich: int, poor: int, third: int) -> dict[str, Any]:
    """100 pupils each, alike in everything but their teachers with the higher degree."""
    schools = worked_example()["schools"][:3]
    for school, qualified in zip(schools, (rich, poor, third), strict=True):
        school |= {
            "pupils_primary": 100,
            "qualified_teachers_primary": qualified,
            "backbone_teachers_primary": 2,
            "pe_arts_teachers_primary": 2,
            "teachers": 20,
            "teachers_certified": 20,
            "teachers_trained": 20,
            "teaching_area": 1000,
            "sports_ground_area": 1000,
            "equipment_value": 100,
            "multimedia_classrooms": 10,
        }
    return {"schools": schools, "measures": MEASURES}


def test_two_people_move_and_take_everything_along() -> None:
    """By hand: the second needs 4 of 4.2 × 0.85 = 3.57 and spares A1; 13, 4, 8 differ by 0.44.
    Hiring two would leave 15, 4, 8 at 0.505, above 0.50."""
    asked = three_schools(15, 2, 8)
    found = make_plan(asked, STANDARD_2017_1, MOVES).as_dict()
    hired = make_plan(asked, STANDARD_2017_1, CHEAPEST).as_dict()
    assert (found["cost"], found["additions"], found["is_hiring"]) == ("120000", [], False)
    assert Fraction(hired["cost"]) > 200_000
    assert sum(move["people"] for move in found["moves"]) == 2
    first, second, _third = (school["school_code"] for school in asked["schools"])
    for move in found["moves"]:
        assert (move["from"], move["to"], move["stage"]) == (first, second, "primary")
        assert "A1" in move["counts_in"]
    for name in STAFF:
        before = [school[name] for school in asked["schools"]]
        after = [school[name] for school in found["schools_after"]]
        assert sum(after) == sum(before)
        assert after[2] == before[2]
    assert [school["teachers_trained"] for school in found["schools_after"]] == [18, 22, 20]
    assert {unit["verdict"] for unit in found["outcome"]["units"]} == {"met"}
    assert Fraction(found["certified_bound"]) <= 120_000


def test_where_all_have_too_few_somebody_is_hired() -> None:
    """4, 4, 2 are ten of the twelve that three floors ask for."""
    found = make_plan(three_schools(4, 4, 2), STANDARD_2017_1, MOVES).as_dict()
    assert found["is_hiring"] is True
    assert Fraction(found["cost"]) == 200_000
    assert found["moves"] == []


def test_a_school_that_may_not_give_or_take_does_not() -> None:
    asked = three_schools(15, 2, 8)
    first = asked["schools"][0]["school_code"]
    found = make_plan({**asked, "forbidden": {first: ["move"]}}, STANDARD_2017_1, MOVES).as_dict()
    assert first not in {school for move in found["moves"] for school in (move["from"], move["to"])}


def test_when_time_is_over_no_more_ranges_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of seven coefficients only so many as there is time for: of one second 0.4 at each look."""
    seen, narrowed = itertools.count(0, 0.4), list[Spread]()
    monkeypatch.setattr(moves, "process_time", lambda: next(seen))
    monkeypatch.setattr(Spread, "narrow", lambda spread, _cost: narrowed.append(spread))
    found = make_plan(three_schools(15, 2, 8), STANDARD_2017_1, MOVES, 2.0).as_dict()
    assert {unit["verdict"] for unit in found["outcome"]["units"]} == {"met"}
    assert 0 < len(narrowed) < 7


@pytest.mark.parametrize("kind", [CHEAPEST, MOVES])
def test_who_comes_from_nowhere_cannot_be_locked(kind: str) -> None:
    asked = three_schools(15, 2, 8)
    second = asked["schools"][1]["school_code"]
    with pytest.raises(UnusableInput) as refusal:
        make_plan({**asked, "locked": {second: {"move": 3}}}, STANDARD_2017_1, kind)
    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == (f"/locked/{second}/move", "locked_move")


def test_moving_has_a_price() -> None:
    asked = {**three_schools(15, 2, 8), "measures": MEASURES[:1]}
    with pytest.raises(UnusableInput) as refusal:
        make_plan(asked, STANDARD_2017_1, MOVES)
    assert [problem.code for problem in refusal.value.problems] == ["no_move_price"]
