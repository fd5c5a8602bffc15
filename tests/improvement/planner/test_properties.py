"""Whatever the district: one step less fails, ties and single units are planned like any other."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.planner.plan import make_plan
from improvement.planner.told import INFEASIBLE, PROVEN
from indicators.calculation.evaluate import evaluate
from indicators.calculation.rules_2017 import STANDARD_2017_1
from tests.improvement.planner.builders import PRICES, small_district

MEASURES = {"hire": 100_000, "hire_pe_arts": 120_000, "multimedia": 40_000}
FIELDS = {
    "hire": ("qualified_teachers_{stage}",),
    "hire_pe_arts": ("qualified_teachers_{stage}", "pe_arts_teachers_{stage}"),
    "multimedia": ("multimedia_classrooms",),
}
seeds, sizes = st.integers(0, 10_000), st.integers(1, 6)


def planned(schools: list[dict[str, Any]]) -> dict[str, Any]:
    measures = [{"code": code, "price": price} for code, price in MEASURES.items()]
    return make_plan({"schools": schools, "measures": measures}, STANDARD_2017_1).as_dict()


def passes(schools: list[dict[str, Any]]) -> bool:
    """By the ordinary engine: every unit and every coefficient of the stages that are there."""
    judged = evaluate({"standard": "2017.1", "schools": schools}, STANDARD_2017_1)
    units = judged.as_dict()["units"]
    found = [unit["verdict"] for unit in units]
    for stage in {unit["stage"] for unit in units}:
        found += [each.verdict for each in judged.dispersion[stage].coefficients.values()]
    return set(found) == {"met"}


def one_less(found: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """The figures after a plan without one step of one addition, for each addition."""
    for each in found["additions"]:
        rows = [dict(row) for row in found["schools_after"]]
        row = next(row for row in rows if row["school_code"] == each["school_code"])
        for name in FIELDS[each["measure"]]:
            row[name.format(stage=each["stage"])] -= 1
        yield rows


@given(seeds, sizes)
@settings(max_examples=30, deadline=None)
def test_the_plan_passes_and_one_person_or_room_less_does_not(seed: int, size: int) -> None:
    """Every step costs something: were the rest enough, it would be a cheaper plan."""
    found = planned(small_district(seed, size))
    assert found["status"] == PROVEN
    assert passes(found["schools_after"])
    assert not any(map(passes, one_less(found)))


@given(seeds, st.integers(2, 4))
@settings(max_examples=15, deadline=None)
def test_schools_that_are_alike_cost_alike(seed: int, copies: int) -> None:
    """Of one school several times nothing differs: no coefficient asks, each pays for itself."""
    (school,) = small_district(seed, 1)
    alike = [{**school, "school_code": str(5_001_060_100 + at)} for at in range(copies)]
    assert Fraction(planned(alike)["cost"]) == copies * Fraction(planned([school])["cost"])


@given(seeds, sizes)
@settings(max_examples=15, deadline=None)
def test_a_stage_without_pupils_asks_for_nothing(seed: int, size: int) -> None:
    """A new school nobody attends yet: the plan of the others is as cheap as before."""
    schools = small_district(seed, size)
    empty = small_district(seed + 1, 1)[0] | {"school_code": "5001069999", "school_type": "小学"}
    empty |= dict.fromkeys(("pupils_primary", "qualified_teachers_primary"), 0)
    empty |= dict.fromkeys(("backbone_teachers_primary", "pe_arts_teachers_primary"), 0)
    empty = {name: value for name, value in empty.items() if not name.endswith("_junior")}
    assert planned([*schools, empty])["cost"] == planned(schools)["cost"]


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_caps_of_what_was_bought_change_nothing_and_one_less_costs_more(seed: int) -> None:
    schools = small_district(seed, 3)
    asked: dict[str, Any] = {"schools": schools, "prices": PRICES}
    found = make_plan(asked, STANDARD_2017_1).as_dict()
    caps: dict[str, dict[str, int]] = {
        school["school_code"]: dict.fromkeys(PRICES, 0) for school in schools
    }
    for each in found["additions"]:
        own = caps[each["school_code"]]
        own[each["measure"]] = max(own[each["measure"]], int(each["amount"]))
    again = make_plan({**asked, "caps": caps}, STANDARD_2017_1).as_dict()
    assert again["cost"] == found["cost"]
    if not found["additions"]:
        return
    first = found["additions"][0]
    caps[first["school_code"]][first["measure"]] -= 1
    less = make_plan({**asked, "caps": caps}, STANDARD_2017_1).as_dict()
    assert less["status"] == INFEASIBLE or Fraction(less["cost"]) >= Fraction(found["cost"])
