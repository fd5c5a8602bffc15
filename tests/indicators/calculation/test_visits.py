"""D1 has two rates since engine 2: questionnaires and visits; engine 1 knows the first only."""

from typing import Any

import pytest

from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from tests.indicators.calculation.builders import evaluate, make_district, make_payload

VISITED, SATISFIED = "D1.visited", "D1.visited_satisfied"


def recognition(rules: Rules = STANDARD_2017_1, **items: Any) -> dict[str, Any]:
    """D1 with 900 of 1,000 questionnaires saying satisfied, which is enough."""
    given = {f"D1.{name}": value for name, value in items.items()}
    payload = make_payload(district=make_district() | given) | {"standard": rules.standard}
    found: dict[str, Any] = evaluate(payload, rules)["indicators"]["D1"]
    return found


@pytest.mark.parametrize(
    ("visited", "satisfied", "verdict", "borderline"),
    [
        (100, 85, "met", False),  # exactly 85 %
        (100, 84, "not_met", False),
        (10_000, 8_499, "not_met", True),  # 84.99 % prints as 85.0 %
        (10_000, 8_494, "not_met", False),  # 84.9 %
        (0, 0, "unknown", False),
    ],
)
def test_visits_are_held_against_the_same_share(
    visited: int, satisfied: int, verdict: str, borderline: bool
) -> None:
    found = recognition(visited=visited, visited_satisfied=satisfied)
    assert found["verdict"] == verdict
    questionnaires, visits = found["checks"]
    assert (questionnaires["name"], questionnaires["verdict"]) == ("D1.satisfied", "met")
    assert (visits["name"], visits["borderline"]) == ("D1.visited", borderline)
    assert (visits["denominator"], visits["needed"]) == (str(visited), "0.85")


def test_good_visits_do_not_make_up_for_questionnaires() -> None:
    assert recognition(satisfied=849, visited=100, visited_satisfied=100)["verdict"] == "not_met"


@pytest.mark.parametrize(
    ("items", "missing"), [({"visited": 50}, SATISFIED), ({"visited_satisfied": 50}, VISITED)]
)
def test_half_of_the_visits_is_no_pass(items: dict[str, int], missing: str) -> None:
    found = recognition(**items)
    assert (found["verdict"], found["missing"]) == ("unknown", [missing])


def test_without_visits_the_questionnaires_decide_as_before() -> None:
    (check,) = recognition()["checks"]
    assert (check["name"], check["verdict"]) == ("D1.satisfied", "met")


def test_the_first_engine_does_not_read_them() -> None:
    found = recognition(STANDARD_2017, visited=100, visited_satisfied=1)
    assert found == recognition(STANDARD_2017)


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ({"issued": 999}, "sample"),  # 1,000 valid ones
        ({"visited": 10, "visited_satisfied": 11}, "visited_satisfied"),
        ({"家长.issued": 5, "家长.sample": 6}, "家长.sample"),
        ({"家长.visited": 3, "家长.visited_satisfied": 4}, "家长.visited_satisfied"),
        ({"issued": 1000, "家长.issued": 1001}, "家长.issued"),
        ({"visited": 10, "家长.visited": 11}, "家长.visited"),
        ({"visited": 9, "visited_satisfied": 2, "家长.visited_satisfied": 3}, None),
    ],
)
def test_parts_of_the_survey_stay_within_their_whole(items: dict[str, int], place: Any) -> None:
    with pytest.raises(UnusableInput) as refused:
        recognition(**items)
    pointers = [problem.pointer for problem in refused.value.problems]
    assert pointers == [f"/district/D1.{place or '家长.visited_satisfied'}"]
