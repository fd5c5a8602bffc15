"""Plans over some years: each within its budget, the last one whole, as many as possible before."""

from fractions import Fraction
from typing import Any

import pytest

from improvement.planner.plan import YEARS, make_plan
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules_2017 import STANDARD_2017_1
from tests.improvement.planner.builders import given

COST = 6_475_000  # of the cheapest plan of ties-30-1


def planned(years: Any, **more: Any) -> dict[str, Any]:
    content = {**given("ties-30-1"), "years": years, **more}
    return make_plan(content, STANDARD_2017_1, YEARS).as_dict()


def test_every_year_keeps_its_budget_and_the_last_one_is_whole() -> None:
    found = planned([{"budget": 2_000_000}, {"budget": 2_500_000}, {"budget": 2_100_000}])
    first, second, third = found["years"]
    assert Fraction(found["cost"]) == COST
    assert sum(Fraction(year["cost"]) for year in found["years"]) == COST
    for year in found["years"]:
        assert Fraction(year["cost"]) <= Fraction(year["budget"])
        verdicts = [unit["verdict"] for unit in year["outcome"]["units"]]
        assert verdicts.count("met") == year["units"]["met"] <= year["units"]["at_most"]
        assert year["units"]["met"] >= year["units"]["at_most"] - 1
    assert first["units"]["met"] < second["units"]["met"] < third["units"]["met"] == 30
    assert third["schools_after"] == found["schools_after"]


def test_pupils_of_the_last_year_decide_what_is_bought() -> None:
    """A tenth more pupils ask for more; fewer for less; figures after it have those pupils."""
    now = given("ties-30-1")["schools"][0]
    more = planned([{}, {"rates": {"primary": "1.1"}}])
    fewer = planned([{}, {"rates": {"primary": "0.9"}}])
    assert Fraction(fewer["cost"]) < COST < Fraction(more["cost"])
    pupils = int(now["pupils_primary"] * Fraction(11, 10) + Fraction(1, 2))
    assert more["schools_after"][0]["pupils_primary"] == pupils
    told = {now["school_code"]: {"pupils_primary": 200}}
    named = planned([{}, {"rates": {"primary": "1.1"}, "pupils": told}])
    assert named["schools_after"][0]["pupils_primary"] == 200


def test_budgets_that_do_not_reach_say_what_is_needed() -> None:
    found = planned(2, budget=3_000_000)
    assert (found["status"], found["reason"]["code"]) == ("infeasible", "budgets")
    assert Fraction(found["reason"]["cost"]) == COST
    assert Fraction(found["reason"]["bound"]) > 6_000_000


def test_bad_years_are_refused_at_their_place() -> None:
    rows = [{"budget": 0}, {"rates": {"senor": 1}, "pupils": {"1": {}}}, {"price": 1}]
    with pytest.raises(UnusableInput) as refusal:
        planned(rows)
    assert {(problem.pointer, problem.code) for problem in refusal.value.problems} == {
        ("/years/0/budget", "not_positive"),
        ("/years/1/rates/senor", "unknown_field"),
        ("/years/1/pupils/1", "unknown_school"),
        ("/years/2/price", "unknown_field"),
    }
    missing, asked = "缺少年数", "1 到 5 的整数，或各年的列表"
    for years, words in ((0, "0"), (9, "9"), ("2", "2"), ([], "0"), ([{}] * 6, "6")):
        with pytest.raises(UnusableInput) as refusal:
            planned(years)
        (problem,) = refusal.value.problems
        assert (problem.detail, problem.expected) == (f"年数写的是「{words}」", asked)
    with pytest.raises(UnusableInput) as refusal:
        planned(None)
    assert [problem.detail for problem in refusal.value.problems] == [missing]


def test_pupils_no_school_could_report_are_refused_at_their_year() -> None:
    with pytest.raises(UnusableInput) as refusal:
        planned([{}, {"rates": {"primary": 100_000}}])
    problem = refusal.value.problems[0]
    assert (problem.pointer, problem.code) == ("/years/1", "too_large")
    assert problem.detail.startswith("学校001：小学在校生数为 ")


def test_pupils_of_a_stage_the_school_has_not_are_refused() -> None:
    code = given("ties-30-1")["schools"][0]["school_code"]
    with pytest.raises(UnusableInput) as refusal:
        planned([{}, {"pupils": {code: {"pupils_junior": 10}}}])
    (problem,) = refusal.value.problems
    assert problem.pointer == f"/years/1/pupils/{code}/pupils_junior"
    assert problem.detail == "学校001没有初中学段"
