"""A plan for a fixed budget: as many units as it lets pass, every coefficient within its limit."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from improvement.planner.accepting import Progress, Tell, accepted, searched
from improvement.planner.asking import Asked
from improvement.planner.budget import Most, Spending, affordable, at_most, coefficients_alone
from improvement.planner.buying import Steps, cost_of
from improvement.planner.levelling import settle
from improvement.planner.obstacles import obstacle
from improvement.planner.problem import Problem
from improvement.planner.reasons import why_none
from improvement.planner.search import Search
from improvement.planner.terms import written
from improvement.planner.told import FEASIBLE, INFEASIBLE, PROVEN, Plan

BUDGET = "budget"


def best_for_budget(asked: Asked, seconds: float, tell: Tell) -> Plan:
    """Tells ``units`` (met, of all, at most by proof), which are ``failing``, and coefficients.

    A sum that is less than the coefficients alone cost lets some of them stay ``open``; the reason
    says what all would cost. Infeasible: what is locked costs more, or nothing can be mended.
    """
    problem, told = asked.problem, {"budget": written(asked.terms.budget or Fraction())}
    budget = (asked.terms.budget or Fraction()) - problem.price_of_locked
    bare = coefficients_alone(problem)
    steps, search = settle(bare, bare.have), None
    if steps is None or cost_of(bare, steps) > budget:
        search = searched(bare, seconds / 2, _until(asked.terms.budget, tell))
        steps = search.best
    if steps is None or cost_of(bare, steps) > budget:
        reason = _too_little(bare, search)
        part = None if steps is None else _part(asked, bare, budget)
        if part is None:
            return Plan(BUDGET, INFEASIBLE, reason, asked.before, more=told)
        return replace(part, reason={**part.reason, **reason}, more=told | part.more)
    most = _most(problem, budget, steps, lambda: searched(problem, seconds / 2, tell))
    status = PROVEN if most.passing.sum() >= most.at_most else FEASIBLE
    plan = accepted(asked, BUDGET, most.steps, status, int(most.passing.sum()))
    return replace(plan, more=told | _passing(plan, problem, most))


def _part(asked: Asked, bare: Problem, budget: Fraction) -> Plan | None:
    """Most coefficients first, then most units; None where the sum buys nothing."""
    some = replace(asked.problem, cones=affordable(bare, budget))
    start = settle(coefficients_alone(some), some.have)
    if budget < 0 or start is None:
        return None
    most = Spending(some, budget, start).run()
    if not most.steps:
        return None
    most = replace(most, at_most=at_most(asked.problem, budget))
    plan = accepted(asked, BUDGET, most.steps, FEASIBLE, int(most.passing.sum()), some)
    return replace(plan, more=_passing(plan, asked.problem, most))


def _until(budget: Fraction | None, tell: Tell) -> Tell:
    """Ends a search once its plan costs no more than the budget."""

    def hear(progress: Progress) -> bool:
        is_within = progress.cost is not None and progress.cost <= (budget or 0)
        return bool(tell(progress)) or is_within

    return hear


def _most(problem: Problem, budget: Fraction, start: Steps, cheapest: Callable[[], Search]) -> Most:
    """Where all could pass and one or two do not, the cheapest plan for all is looked for."""
    most = Spending(problem, budget, start).run()
    if most.passing.all() or most.at_most < len(problem.units):
        return most
    search = cheapest()
    if search.best is None or search.cost > budget:
        return most
    return Most(search.best, search.cost, np.ones(len(problem.units), bool), most.at_most)


def _too_little(bare: Problem, search: Search | None) -> dict[str, Any]:
    if search is None or search.best is None:
        return why_none(bare, obstacle(bare))
    locked = bare.price_of_locked
    told = {"cost": written(search.cost + locked), "locked": written(locked)}
    return {"code": "coefficients_alone", **told, "bound": str(int(search.bound + float(locked)))}


def _passing(plan: Plan, problem: Problem, most: Most) -> dict[str, Any]:
    failing = [
        {"school_code": unit.school["school_code"], "stage": unit.stage}
        for unit, passes in zip(problem.units, most.passing.tolist(), strict=True)
        if not passes
    ]
    met = len(problem.units) - len(failing)
    units = {"met": met, "of": len(problem.units), "at_most": most.at_most}
    return {"units": units, "failing": failing, "coefficients": _coefficients(plan)}


def _coefficients(plan: Plan) -> dict[str, Any]:
    """As the engine judged them: how many are within their limit of all, and which stay open."""
    assert plan.after is not None
    tables = plan.after.dispersion.items()
    cells = [(stage, *each) for stage, table in tables for each in table.coefficients.items()]
    left = [
        {"indicator": code, "stage": stage, "limit": cell.limit, "after": cell.cv}
        for stage, code, cell in cells
        if cell.verdict != "met"
    ]
    return {"met": len(cells) - len(left), "of": len(cells), "open": left}
