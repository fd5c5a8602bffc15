"""A plan from a payload: found, judged whole by the ordinary engine, and told in figures.

What leaves here was bought in whole steps and evaluated (A to D) like a school's own report; a
plan the engine does not accept is an error of ours and never shown.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from figures.table import SCHOOL_FIELD
from improvement.planner.buying import Steps, reached
from improvement.planner.measures import Measure
from improvement.planner.obstacles import Obstacle, obstacle
from improvement.planner.posing import pose
from improvement.planner.problem import Problem
from improvement.planner.search import GAP, Search
from improvement.planner.terms import KEYS, read_terms, written
from indicators.calculation.columns import Integers
from indicators.calculation.evaluate import evaluate
from indicators.calculation.intake import read_payload
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import (
    Problems,
    UnusableInput,
    set_point,
    write_steps,
)
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES
from indicators.calculation.school_intake import School
from indicators.calculation.special_cases import apply_cases
from indicators.calculation.units import list_units

PROVEN, FEASIBLE, INFEASIBLE = "proven", "feasible", "infeasible"
_FREE = ("note", "name", "stage", "best_cost", "lower_bound", "gap", "binding")


class NotAccepted(AssertionError):
    """The engine refuses a plan of ours."""


@dataclass(frozen=True)
class Plan:
    """``before`` and ``after`` are the ordinary outcomes; without a plan there is an obstacle.

    ``rows`` are the schools' raw figures after it; bounds and cost in yuan.
    """

    problem: Problem
    search: Search
    before: Outcome
    after: Outcome | None
    rows: tuple[dict[str, Any], ...]
    found: Obstacle | None = None

    @property
    def status(self) -> str:
        if self.after is None:
            return INFEASIBLE
        return PROVEN if self.search.is_proven else FEASIBLE

    @property
    def steps(self) -> Steps:
        return self.search.best or {}

    @property
    def spared(self) -> Integers:
        """Per unit the indicator that stays between floor and threshold; −1 for none."""
        problem = self.problem
        below = reached(problem, self.steps)[problem.stock_of] < problem.need
        return np.where(below.any(axis=0), below.argmax(axis=0), -1)

    @property
    def worse(self) -> dict[str, tuple[str, str]]:
        """Indicators outside part A whose verdict the plan changes for the worse."""
        if self.after is None:
            return {}
        pairs = (
            (code, found.verdict, self.after.indicators[code].verdict)
            for code, found in self.before.indicators.items()
        )
        return {code: (old, new) for code, old, new in pairs if old == "met" != new}

    def as_dict(self) -> dict[str, Any]:
        """As the contract has it; amounts and money are decimal strings, money in yuan."""
        search = self.search
        told = {"status": self.status, "reason": reason_of(self)}
        if self.after is None:
            return told
        locked = self.problem.price_of_locked
        cost, bound = search.cost + locked, search.bound + float(locked)
        gap = (float(cost) - bound) / float(cost) if cost else 0.0
        return {
            **told,
            "cost": written(cost),
            "certified_bound": _floored(search.certified + float(locked)),
            "solver_bound": _floored(bound),
            "gap": f"{max(gap, 0.0):.6f}",
            "additions": list(additions_of(self.problem, self.steps)),
            "spared": spared_of(self),
            "schools_after": list(self.rows),
            "outcome": self.after.as_dict(),
            "worse": {code: list(pair) for code, pair in self.worse.items()},
        }


def make_plan(
    payload: object,
    rules: Rules,
    seconds: float = 5.0,
    tell: Callable[[Search], bool | None] = lambda _search: None,
) -> Plan:
    """The cheapest additions by which every unit and coefficient of part A passes.

    ``payload`` is what ``evaluate`` takes, with ``prices``, ``caps`` and ``measures``. Raises
    UnusableInput with every problem; a figure that part A needs and nobody reported is one.
    """
    given = dict(payload) if isinstance(payload, Mapping) else payload
    asked: dict[str, Any] = {}
    if isinstance(given, dict):
        asked = {name: given.pop(name, None) for name in KEYS}
        for name in _FREE:
            given.pop(name, None)
        given.setdefault("standard", rules.standard)
    inputs = read_payload(given, rules)
    problems = Problems()
    names = {school["school_code"]: school["school_name"] for school in inputs.schools}
    terms = read_terms(asked, names, problems)
    schools, _applied = apply_cases(inputs.schools, inputs.special_cases, inputs.year, rules)
    _refuse_unknown(schools, rules, problems)
    if problems:
        raise UnusableInput(problems)
    assert isinstance(given, dict)
    problem = pose(schools, rules, terms)
    return _planned(given, inputs.schools, problem, rules, seconds, tell)


def _refuse_unknown(schools: Any, rules: Rules, problems: Problems) -> None:
    counted = [unit for unit in list_units(schools, rules) if unit.counted]
    if not counted:
        problems.add("/schools", "nothing_to_plan")
    for unit in counted:
        for name in unit.missing() if not all(unit.known) else ():
            where = f"/schools/{unit.school['school_code']}/{name}"
            label = SCHOOL_FIELD[name].label
            problems.add(where, "cannot_plan", school=unit.school["school_name"], label=label)


def _planned(
    given: dict[str, Any],
    reported: Sequence[School],
    problem: Problem,
    rules: Rules,
    seconds: float,
    tell: Callable[[Search], bool | None],
) -> Plan:
    before = evaluate(given, rules)
    search = Search(problem, seconds, GAP, tell)
    hindrance = obstacle(problem)
    if hindrance is None:
        search.run()
    if search.best is None:
        return Plan(problem, search, before, None, (), hindrance)
    rows = rows_after(given["schools"], reported, problem, search.best)
    after = evaluate({**given, "schools": rows}, rules)
    _accept(problem, after)
    return Plan(problem, search, before, after, tuple(rows))


def rows_after(
    rows: list[dict[str, Any]], reported: Sequence[School], problem: Problem, steps: Steps
) -> list[dict[str, Any]]:
    """The raw figures once the steps are taken; fields nobody reported stay unreported."""
    gains: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for action, count in problem.taken(steps):
        for name in action.measure.fields_in(action.stage):
            gains[problem.schools[action.school]["school_code"]][name] += count
    schools = {school["school_code"]: school for school in reported}
    after = []
    for row in rows:
        school, new = schools[row["school_code"]], dict(row)
        for name, gain in gains[row["school_code"]].items():
            if isinstance(school.get(name), int):
                places = SCHOOL_FIELD[name].places
                total = school[name] + gain
                new[name] = write_steps(total, places) if places else total
        after.append(new)
    return after


def _accept(problem: Problem, after: Outcome) -> None:
    """Every unit and every coefficient of the stages that are there."""
    if after.part_a.units["met"] != sum(after.part_a.units.values()):
        raise NotAccepted("a unit is not met after the plan")
    for cone in problem.cones:
        if after.dispersion[cone.stage].coefficients[cone.code].verdict != "met":
            raise NotAccepted(f"{cone.code} {cone.stage} is not met after the plan")


def additions_of(problem: Problem, steps: Steps) -> Iterator[dict[str, str]]:
    """What is added where, with its cost."""
    sums: dict[tuple[int, str, Measure], int] = defaultdict(int)
    for action, count in problem.taken(steps):
        sums[action.school, action.stage, action.measure] += count
    for (school, stage, measure), count in sums.items():
        yield {
            "school_code": problem.schools[school]["school_code"],
            "stage": stage,
            "measure": measure.code,
            "amount": set_point(count, measure.places) if measure.places else str(count),
            "cost": written(measure.price_of_step * count),
        }


def spared_of(plan: Plan) -> dict[str, dict[str, str]]:
    """School → stage → the indicator that stays between floor and threshold."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for unit, row in zip(plan.problem.units, plan.spared.tolist(), strict=True):
        if row >= 0:
            found[unit.school["school_code"]][unit.stage] = CODES[row]
    return dict(found)


def reason_of(plan: Plan) -> dict[str, Any]:
    """What decides the plan: coefficients at their limit, or what stands in the way."""
    problem, found = plan.problem, plan.found
    if plan.after is None:
        if found is None:
            return {"code": "not_found"}
        units = [problem.units[at] for at in found.units]
        names = [{"school_code": u.school["school_code"], "stage": u.stage} for u in units]
        lowest = None if found.lowest is None else f"{found.lowest:.6f}"
        code = "caps" if found.lowest is None else "coefficient"
        told = {"code": code, "indicator": found.code, "stage": found.stage, "units": names}
        return {**told, "lowest": lowest} if lowest else told
    needed = problem.least(plan.spared)
    binding = [
        {"indicator": cone.code, "stage": cone.stage}
        for cone in problem.cones
        if not cone.holds(needed)
    ]
    return {"code": "cheapest", "binding": binding}


def _floored(yuan: float) -> str:
    """Never above the bound itself."""
    return str(int(max(yuan, 0.0)))
