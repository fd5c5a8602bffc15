"""A plan as it is given out: known best costs, figures a school could report, refusals by name."""

import copy
from fractions import Fraction
from typing import Any

import pytest

from improvement.planner import relaxation
from improvement.planner.plan import EVERYONE, GREEDY, Progress, make_plan
from improvement.planner.told import FEASIBLE, INFEASIBLE
from indicators.calculation.evaluate import evaluate
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules_2017 import STANDARD_2017_1
from tests.improvement.planner.builders import PRICES, given, small_district

NAMES = ("base-30-1", "caps-30-1", "ties-30-1", "outlier-30-1")


@pytest.fixture(scope="module", params=NAMES)
def known(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """A district whose best cost is known, and our plan for it."""
    content = given(request.param)
    return content, make_plan(content, STANDARD_2017_1).as_dict()


def test_the_best_known_cost_is_reached_and_bounded(known: Any) -> None:
    content, found = known
    cost = Fraction(found["cost"])
    assert cost <= Fraction(content["best_cost"]) * Fraction(10_001, 10_000)
    assert Fraction(found["certified_bound"]) <= Fraction(content["best_cost"])
    assert (cost - Fraction(found["solver_bound"])) / cost <= Fraction(1, 1000)
    assert (cost - Fraction(found["certified_bound"])) / cost <= Fraction(2, 100)
    binding = {each["indicator"] for each in found["reason"]["binding"]}
    assert binding == set(content["binding"])


def test_the_figures_after_it_are_what_was_added_and_pass(known: Any) -> None:
    content, found = known
    after = {row["school_code"]: row for row in found["schools_after"]}
    before = {row["school_code"]: row for row in content["schools"]}
    fields = {"A1": "qualified_teachers", "A2": "backbone_teachers", "A3": "pe_arts_teachers"}
    areas = {"A4": "teaching_area", "A5": "sports_ground_area", "A7": "multimedia_classrooms"}
    total = Fraction()
    for each in found["additions"]:
        code, measure = each["school_code"], each["measure"]
        name = areas.get(measure) or f"{fields.get(measure)}_{content['stage']}"
        scale = 1
        if measure == "A6":
            name, scale = "equipment_value", 10_000
        gained = (Fraction(after[code][name]) - Fraction(before[code][name])) * scale
        assert gained == Fraction(each["amount"]) * (1 if measure != "A6" else 10_000)
        total += Fraction(each["cost"])
    assert total == Fraction(found["cost"])
    judged = evaluate({"standard": "2017.1", "schools": found["schools_after"]}, STANDARD_2017_1)
    assert judged.digest == found["outcome"]["digest"]
    assert judged.part_a.units["met"] == len(content["schools"])


def test_caps_are_kept(known: Any) -> None:
    content, found = known
    for each in found["additions"]:
        cap = content["caps"].get(each["school_code"], {}).get(each["measure"])
        amount = Fraction(each["amount"]) * (10_000 if each["measure"] == "A6" else 1)
        assert cap is None or amount <= Fraction(str(cap))


def test_a_hire_raises_everything_a_hire_raises() -> None:
    """Nobody is 持证 and 专任 in one column only."""
    schools = small_district(3, 3)
    for school in schools:
        school |= {"teachers": 60, "teachers_certified": 60, "teachers_trained": 60}
    found = make_plan({"schools": schools, "prices": PRICES}, STANDARD_2017_1).as_dict()
    hired = dict.fromkeys((school["school_code"] for school in schools), 0)
    for each in found["additions"]:
        hired[each["school_code"]] += int(each["amount"]) if each["measure"] in ("A1", "A3") else 0
    assert any(hired.values())
    for row in found["schools_after"]:
        more = hired[row["school_code"]]
        assert (row["teachers"], row["teachers_certified"]) == (60 + more, 60 + more)
        assert row["teachers_trained"] == 60


def test_what_gets_worse_is_said() -> None:
    """B9 asks that all teachers are trained; whoever is hired is not yet."""
    schools = small_district(3, 3)
    for school in schools:
        school |= {"teachers": 60, "teachers_certified": 60, "teachers_trained": 60}
    found = make_plan({"schools": schools, "prices": PRICES}, STANDARD_2017_1).as_dict()
    assert found["worse"]["B9"] == ["met", "not_met"]


def test_too_small_caps_name_indicator_and_school() -> None:
    content = given("caps-30-1")
    first = content["schools"][0]["school_code"]
    content["schools"][0]["qualified_teachers_primary"] = 0
    content["caps"][first]["A1"] = 1
    found = make_plan(content, STANDARD_2017_1).as_dict()
    assert found["status"] == INFEASIBLE
    assert (found["reason"]["code"], found["reason"]["indicator"]) == ("caps", "A1")
    assert found["reason"]["units"] == [{"school_code": first, "stage": "primary"}]
    assert "cost" not in found


def test_a_solver_that_says_infeasible_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is there without it; what it says is then no bound and no proof."""
    monkeypatch.setattr(relaxation.Relaxation, "solve", lambda _self: None)
    found = make_plan(given("base-30-1"), STANDARD_2017_1).as_dict()
    assert found["status"] == FEASIBLE
    assert found["solver_bound"] == found["certified_bound"] == "0"
    assert found["gap"] == "1.000000"


@pytest.mark.parametrize("kind", [EVERYONE, GREEDY])
def test_what_people_do_by_hand_passes_and_claims_no_bound(kind: str) -> None:
    content = given("base-30-1")
    found = make_plan(content, STANDARD_2017_1, kind).as_dict()
    assert (found["kind"], found["status"], found["gap"]) == (kind, FEASIBLE, None)
    assert Fraction(found["cost"]) >= Fraction(content["best_cost"])
    assert {unit["verdict"] for unit in found["outcome"]["units"]} == {"met"}
    assert (found["spared"] == {}) is (kind == EVERYONE)


def test_whoever_listens_may_end_it_and_keeps_the_best_so_far() -> None:
    heard: list[Progress] = []

    def stop(progress: Progress) -> bool:
        heard.append(progress)
        return True

    found = make_plan(given("outlier-30-1"), STANDARD_2017_1, tell=stop).as_dict()
    assert len(heard) == 1
    assert heard[0].cost is not None
    assert heard[0].cost >= Fraction(found["cost"]) >= heard[0].bound


def test_a_district_that_passes_needs_nothing() -> None:
    content = given("base-30-1")
    first = make_plan(content, STANDARD_2017_1).as_dict()
    again = make_plan({**content, "schools": first["schools_after"]}, STANDARD_2017_1).as_dict()
    assert (again["status"], again["cost"], again["additions"]) == ("proven", "0", [])


def refused(**changes: Any) -> set[tuple[str, str]]:
    content = {"schools": small_district(1, 3), "prices": dict(PRICES)} | copy.deepcopy(changes)
    with pytest.raises(UnusableInput) as refusal:
        make_plan(content, STANDARD_2017_1)
    return {(problem.pointer, problem.code) for problem in refusal.value.problems}


def test_every_bad_term_is_refused_at_its_place() -> None:
    assert refused(prices={"A1": 0, "A2": -3, "A9": 1}) == {
        ("/prices/A1", "not_positive"),
        ("/prices/A2", "not_positive"),
        ("/prices/A9", "unknown_field"),
    }
    assert refused(prices={}) == {("/prices", "no_prices")}
    assert refused(caps={"9999999999": {"A1": 1}}) == {("/caps/9999999999", "unknown_school")}
    code = small_district(1, 3)[0]["school_code"]
    assert refused(caps={code: {"gym": 1, "A1": -1}}) == {
        (f"/caps/{code}/gym", "unknown_measure"),
        (f"/caps/{code}/A1", "bad_amount"),
    }
    assert refused(
        locked={code: {"A1": "0.5", "A3": 2}, "1": {}}, forbidden={code: ["A3", "A8"]}
    ) == {
        (f"/locked/{code}/A1", "bad_amount"),
        ("/locked/1", "unknown_school"),
        (f"/forbidden/{code}/1", "unknown_measure"),
        (f"/locked/{code}/A3", "locked_beyond_cap"),
    }
    assert refused(forbidden={code: "A1"}) == {(f"/forbidden/{code}", "bad_forbidden")}
    assert refused(measures=[{"code": "hire", "raises": ["A2"], "price": 1}]) == {
        ("/measures/0/raises", "bad_raises")
    }
    assert refused(measures=[{"code": "x", "raises": ["B3"], "price": 1}]) == {
        ("/measures/0/raises", "bad_raises")
    }
    for raises in ([["A1"]], [{}], ["A1", None]):  # no list of texts
        assert refused(measures=[{"code": "x", "raises": raises, "price": 1}]) == {
            ("/measures/0/raises", "bad_raises")
        }
    assert refused(measures="A1") == {("/measures", "bad_measures")}
    many = [{"code": f"x{at}", "raises": ["A1"], "price": 1} for at in range(21)]
    assert refused(measures=many) == {("/measures", "bad_measures")}


def test_a_refusal_names_school_and_measure() -> None:
    school = small_district(1, 3)[0]
    code = school["school_code"]
    terms = {"caps": {code: {"hire": 2}}, "locked": {code: {"hire": 3}}}
    measures = [{"code": "hire", "price": 100_000}]
    content = {"schools": small_district(1, 3), "measures": measures, **terms}
    with pytest.raises(UnusableInput) as refusal:
        make_plan(content, STANDARD_2017_1)
    (problem,) = refusal.value.problems
    assert problem.detail == "第1学校的「招聘学历教师」锁定 3，超过上限 2"


def told(**changes: Any) -> list[tuple[str, str]]:
    content = {"schools": small_district(1, 3), "prices": dict(PRICES)} | changes
    with pytest.raises(UnusableInput) as refusal:
        make_plan(content, STANDARD_2017_1)
    return [(problem.pointer, problem.detail) for problem in refusal.value.problems]


def test_a_refusal_says_whose_price_and_whose_figure_it_is() -> None:
    assert told(prices={"A1": 0}) == [("/prices/A1", "A1：价格为 0，应大于 0")]
    hire = [{"code": "hire", "price": 0}]
    assert told(measures=hire) == [("/measures/0/price", "招聘学历教师：价格为 0，应大于 0")]
    schools = small_district(1, 3)
    schools[1]["teachers"] = -1
    assert told(schools=schools) == [("/schools/1/teachers", "第2学校：专任教师数为 -1，不能为负")]


def test_more_than_a_school_can_report_is_refused_where_it_was_locked() -> None:
    code = small_district(1, 3)[0]["school_code"]
    found = told(locked={code: {"A7": 10**9}})
    assert {place for place, _sentence in found} == {"/locked"}
    assert found[0][1].startswith("第1学校：")
    assert "超过上限" in found[0][1]


def test_an_indoor_hall_counts_in_sports_alone() -> None:
    """It is a teaching building, too, and taken off there: A4 stays, A5 grows."""
    content = given("base-30-1")
    school = content["schools"][0]
    code = school["school_code"]
    school["teaching_area"] = str(school["teaching_area"])
    terms = {"measures": [{"code": "build_indoor", "price": 4000}]}
    locked = {"locked": {code: {"build_indoor": "250.5"}}}
    found = make_plan({**content, **terms, **locked}, STANDARD_2017_1).as_dict()
    after = next(row for row in found["schools_after"] if row["school_code"] == code)
    hall = Fraction(after["indoor_sports_area"]) - Fraction(school["indoor_sports_area"])
    rooms = Fraction(after["teaching_area"]) - Fraction(school["teaching_area"])
    more = {e["measure"]: Fraction(e["amount"]) for e in found["additions"]
            if e["school_code"] == code}  # fmt: skip
    assert hall == more["build_indoor"] >= Fraction("250.5")
    assert rooms == hall + more.get("A4", 0)
    assert Fraction(found["cost"]) >= 1_002_000


def test_what_is_unknown_is_not_planned_around() -> None:
    schools = small_district(1, 3)
    del schools[1]["multimedia_classrooms"]
    code = schools[1]["school_code"]
    assert refused(schools=schools) == {(f"/schools/{code}/multimedia_classrooms", "cannot_plan")}
    assert refused(schools=[]) == {("/schools", "nothing_to_plan")}
