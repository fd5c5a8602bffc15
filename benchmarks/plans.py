"""How cheap are the plans, how sure, how fast? Beside SCIP, school by school, everyone to 100 %.

Made-up districts of one stage, where one measure raises one indicator, and of both stages with
shared buildings and teachers who count twice. Processor seconds. In the comparison both stop at a
gap of 0.1 % or at the same limit; a run of SCIP without a plan counts at the limit.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil
from random import Random
from statistics import median
from time import process_time
from typing import Any

from benchmarks.memory import peak
from benchmarks.plan_contenders import Found, by_hand, scip
from benchmarks.samples import make_payload
from figures.table import STAGES_OF_TYPE
from improvement.planner.budget import Spending, coefficients_alone
from improvement.planner.hand import everyone, school_by_school
from improvement.planner.measures import Measure, Terms, measure_of, one_per_indicator
from improvement.planner.plan import YEARS, make_plan
from improvement.planner.posing import pose
from improvement.planner.problem import Problem
from improvement.planner.search import Search
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.rules_2017 import STANDARD_2017_1 as RULES

PRICES = {"A1": 100_000, "A2": 30_000, "A3": 80_000, "A4": 3000, "A5": 600, "A6": 1, "A7": 40_000}
BOTH = measure_of("A1+A3", ("A1", "A3"), Fraction(120_000))
LIMIT, SEEDS = 6.0, 5
GOOD, LONG, COMPARED = 1e-3, 60.0, 3  # gap, limit and how many districts of the comparison
PART = Fraction(11, 20)  # of what the cheapest costs, a year
PARTS = (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2))
FAR = 10  # times ours: no plan anybody would look at
CASES = (("单学段 one stage", ("小学",), 30), ("单学段 one stage", ("小学",), 120),
         ("单学段 one stage", ("小学",), 180),
         ("合用校舍 shared", ("小学", "小学", "初中", "九年一贯制", "完全中学"), 120))  # fmt: skip


def district(seed: int, size: int, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Schools around the thresholds, some poor in everything and some rich."""
    random = Random(seed * 1000 + size)
    return [_school(random, number, random.choice(kinds)) for number in range(size)]


def _school(random: Random, number: int, kind: str) -> dict[str, Any]:
    """Whole steps of the raw fields, as the intake leaves them."""
    row: dict[str, Any] = {"school_code": f"{number:010d}", "school_name": f"学校{number}"}
    row |= {"school_type": kind, "location": "城区", "ownership": "公办", "indoor_sports_area": 0}
    wealth, areas = random.lognormvariate(0.05, 0.5), dict.fromkeys(("A4", "A5", "A6", "A7"), 0.0)
    for stage in STAGES_OF_TYPE[kind]:
        pupils = int(min(2400, max(60, random.lognormvariate(6.2, 0.8))))
        row[f"pupils_{stage}"] = pupils
        taught = "junior" if stage == "senior" else stage
        for code in areas:
            areas[code] += float(RULES.thresholds[code][taught]) * pupils
        if stage == "senior":
            continue
        for code, name in (("A1", "qualified"), ("A2", "backbone"), ("A3", "pe_arts")):
            usual = float(RULES.thresholds[code][stage]) * pupils / 100
            count = usual * wealth**0.6 * random.lognormvariate(0.1, 0.45)
            row[f"{name}_teachers_{stage}"] = int(count + 0.5)
    own = {code: area * wealth * random.lognormvariate(0.1, 0.45) for code, area in areas.items()}
    row["teaching_area"], row["sports_ground_area"] = int(own["A4"] * 100), int(own["A5"] * 100)
    row["equipment_value"] = int(own["A6"])
    row["multimedia_classrooms"] = int(own["A7"] / 100 + 0.5)
    return row


def problems(size: int, kinds: tuple[str, ...]) -> Iterator[Problem]:
    more: tuple[Measure, ...] = (BOTH,) if len(kinds) > 1 else ()
    prices = {code: Fraction(price) for code, price in PRICES.items()}
    terms = Terms((*one_per_indicator(prices), *more))
    for seed in range(SEEDS):
        yield pose(district(seed, size, kinds), RULES, terms)


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = process_time()
    return call(), process_time() - began


def ours(name: str, size: int, kinds: tuple[str, ...]) -> list[tuple[Problem, float, float]]:
    """A line for every district: cost, both bounds, gap, seconds."""
    found = []
    print(f"{name} {size} 所 schools：万元 cost, bound (certified), gap, s")
    for problem in problems(size, kinds):
        search, took = timed(lambda problem=problem: Search(problem, LIMIT).run())
        cost = float(search.cost)
        bounds = f"{search.bound / 1e4:10,.0f} ({search.certified / 1e4:10,.0f})"
        print(f"  {cost / 1e4:10,.0f}  {bounds}"
              f"  {1 - search.bound / cost:8.4%}  {took:5.2f}")  # fmt: skip
        found.append((problem, cost, took))
    return found


def compare(found: list[tuple[Problem, float, float]]) -> None:
    """Some of the same districts by SCIP and by hand."""
    own, theirs, dearer = [], [], {"scip": [], "greedy": [], "all": []}
    none = late = refused = 0
    for problem, cost, _took in found[:COMPARED]:
        search, took = timed(lambda problem=problem: Search(problem, LONG, GOOD).run())
        plan, took_scip = timed(lambda problem=problem: scip(problem, LONG, GOOD))
        if plan.cost is not None and plan.cost > FAR * cost:  # the first point it came upon
            plan = Found(None)
        own.append((took, 1 - search.bound / float(search.cost)))
        theirs.append(LONG if plan.cost is None else took_scip)
        none += plan.cost is None
        late += plan.cost is not None and 1 - plan.bound / plan.cost > GOOD
        refused += not plan.accepted
        others = {
            "scip": plan,
            "greedy": by_hand(school_by_school, problem),
            "all": by_hand(everyone, problem),
        }
        for other, each in others.items():
            dearer[other] += _dearer(each, cost)
    seconds = [took for took, _gap in own]
    print(f"  本站 ours to a gap of {GOOD:.1%}: {median(seconds):.2f} s median, "
          f"{max(seconds):.2f} worst; "
          f"gap at worst {max(gap for _took, gap in own):.4%}")  # fmt: skip
    print(f"  SCIP, limit {LONG:.0f} s: {median(theirs):.2f} s median, {max(theirs):.2f} worst; "
          f"of {len(theirs)} districts {none} without a plan, or {FAR} × as dear, "
          f"{late} with a larger gap, {refused} break the exact rule")  # fmt: skip
    print(f"  SCIP ÷ 本站 ours: {sum(theirs) / sum(seconds):.1f} × in all, "
          f"{min(t / s for t, s in zip(theirs, seconds, strict=True)):.1f} × at least")  # fmt: skip
    told = (f"{other} {median(costs):+.2%}" for other, costs in dearer.items() if costs)
    print("  贵多少 dearer than ours, median, those that keep the rule: " + ", ".join(told),
          flush=True)  # fmt: skip


def _dearer(plan: Found, cost: float) -> list[float]:
    """Nothing of a plan that breaks the rule: it is none."""
    return [] if plan.cost is None or not plan.accepted else [plan.cost / cost - 1]


def variants() -> None:
    """Budgets a part of the way from the coefficients alone to everything, and what it takes."""
    for name, kinds, size in (CASES[1], CASES[3]):
        for problem in problems(size, kinds):
            whole = Search(problem, LIMIT).run()
            alone = Search(coefficients_alone(problem), LIMIT).run()
            for part in PARTS:
                budget = alone.cost + (whole.cost - alone.cost) * part
                spending = lambda: Spending(problem, budget, alone.best).run()  # noqa: B023, E731
                most, took = timed(spending)
                met = int(most.passing.sum())
                print(f"  预算 budget, {name}, {float(part):.0%} of the way: {met} pass, "
                      f"at most {most.at_most}, {took:.2f} s", flush=True)  # fmt: skip


def over_years() -> None:
    """Two years with other pupils in the second, each with a little more than half the money."""
    for size in (60, 120):
        payload = {**make_payload(size), "prices": PRICES}
        half = ceil(make_plan(payload, STANDARD_2017).cost * PART)
        years = [{"budget": half}, {"budget": half, "rates": {"primary": "0.97", "junior": "1.02"}}]
        plan, took = timed(lambda: make_plan({**payload, "years": years}, STANDARD_2017, YEARS))  # noqa: B023
        told = ", ".join(f"{year['units']['met']} pass, at most {year['units']['at_most']}"
                         for year in plan.more.get("years", ()))  # fmt: skip
        gap = "–" if plan.gap is None else f"{plan.gap:.4%}"
        print(f"  两年 years, {size} 所 schools: {plan.status}, gap {gap}, {told}, {took:.2f} s")


def main() -> None:
    done = [ours(name, size, kinds) for name, kinds, size in CASES]
    print(f"内存峰值 peak memory: {peak():.0f} MB")
    variants()
    over_years()
    for (name, _kinds, size), found in zip(CASES, done, strict=True):
        print(f"{name} {size} 所 schools")
        compare(found)


if __name__ == "__main__":
    main()
