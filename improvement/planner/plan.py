"""A plan from a payload: found, judged whole by the ordinary engine, and told in figures.

What leaves here was bought in whole steps and evaluated (A to D) like a school's own report.
"""

from collections.abc import Callable
from dataclasses import replace

from improvement.planner.accepting import Planner, Progress, Tell, accepted, searched
from improvement.planner.asking import Asked, read_asked
from improvement.planner.buying import Steps
from improvement.planner.hand import everyone, school_by_school
from improvement.planner.measures import MOVE, Terms
from improvement.planner.moves import MOVES, by_moving
from improvement.planner.obstacles import obstacle
from improvement.planner.problem import Problem
from improvement.planner.reasons import why_none
from improvement.planner.spending import BUDGET, best_for_budget
from improvement.planner.told import FEASIBLE, INFEASIBLE, PROVEN, Plan, Proof
from improvement.planner.wishes import BUDGET as BUDGET_LABEL
from improvement.planner.wishes import YEARS as YEARS_LABEL
from improvement.planner.years import YEARS, over_years
from indicators.calculation.problems import Problems, UnusableInput
from indicators.calculation.rules import Rules

CHEAPEST, EVERYONE, GREEDY = "cheapest", "everyone", "greedy"
__all__ = [
    "BUDGET",
    "CHEAPEST",
    "EVERYONE",
    "GREEDY",
    "YEARS",
    "PLANNERS",
    "UNASKING",
    "Plan",
    "Progress",
    "make_plan",
]


def make_plan(
    payload: object,
    rules: Rules,
    kind: str = CHEAPEST,
    seconds: float = 5.0,
    tell: Tell = lambda _progress: None,
) -> Plan:
    """Additions by which every unit and coefficient of part A passes; ``as_dict()`` tells them.

    ``payload`` is what ``evaluate`` takes, with ``prices``, ``measures``, ``caps``, ``locked`` and
    ``forbidden`` (``read_terms``). ``kind`` is one of ``PLANNERS``: cheapest; everyone (all units
    to all thresholds, as people do by hand) and greedy (school by school) to compare with; budget
    (as many units as ``budget`` yuan let pass, every coefficient within its limit); years (the
    cheapest for the pupils of the last of ``years``, bought year by year within their budgets);
    moves (teachers change schools at the price of the measure ``move``, nobody is hired).
    ``seconds`` of processor time; ``tell`` hears of progress and ends the search by saying True.

    Raises UnusableInput with every problem; a figure that part A needs and nobody reported is one.
    """
    asked = read_asked(payload, rules)
    _refuse_without(kind, asked.terms)
    return PLANNERS[kind](asked, seconds, tell)


def _refuse_without(kind: str, terms: Terms) -> None:
    problems = Problems()
    if kind == BUDGET and terms.budget is None:
        problems.add("/budget", "missing", label=BUDGET_LABEL)
    if kind == YEARS and not terms.years:
        problems.add("/years", "missing", label=YEARS_LABEL)
    if kind == MOVES and MOVE not in {measure.code for measure in terms.measures}:
        problems.add("/measures", "no_move_price")
    if problems:
        raise UnusableInput(problems)


def _cheapest(asked: Asked, seconds: float, tell: Tell) -> Plan:
    problem, locked = asked.problem, float(asked.problem.price_of_locked)
    search = searched(problem, seconds, tell)
    if search.best is None:
        return Plan(CHEAPEST, INFEASIBLE, why_none(problem, obstacle(problem)), asked.before)
    proof = Proof(search.certified + locked, search.bound + locked)
    status = PROVEN if search.is_proven else FEASIBLE
    plan = accepted(asked, CHEAPEST, search.best, status)
    return replace(plan, proof=proof)


def _by_hand(kind: str, find: Callable[[Problem], Steps | None]) -> Planner:
    def planner(asked: Asked, _seconds: float, _tell: Tell) -> Plan:
        steps = find(asked.problem)
        if steps is None:
            reason = why_none(asked.problem, obstacle(asked.problem))
            return Plan(kind, INFEASIBLE, reason, asked.before)
        return accepted(asked, kind, steps, FEASIBLE)

    return planner


PLANNERS: dict[str, Planner] = {
    CHEAPEST: _cheapest,
    EVERYONE: _by_hand(EVERYONE, everyone),
    GREEDY: _by_hand(GREEDY, school_by_school),
    BUDGET: best_for_budget,
    YEARS: over_years,
    MOVES: by_moving,
}
UNASKING = tuple(kind for kind in PLANNERS if kind not in (BUDGET, YEARS))
"""Kinds that need no wishes besides."""
