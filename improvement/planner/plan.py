"""A plan from a payload: found, judged whole by the ordinary engine, and told in figures.

What leaves here was bought in whole steps and evaluated (A to D) like a school's own report; a
plan the engine does not accept is an error of ours and never shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from improvement.planner.asking import Asked, read_asked
from improvement.planner.buying import Steps, cost_of
from improvement.planner.hand import everyone, school_by_school
from improvement.planner.obstacles import obstacle
from improvement.planner.problem import Problem
from improvement.planner.reasons import why_none, why_this
from improvement.planner.search import GAP, Search
from improvement.planner.told import (
    FEASIBLE,
    INFEASIBLE,
    PROVEN,
    Plan,
    Proof,
    additions_of,
    gains_of,
    spared_of,
)
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules

CHEAPEST, EVERYONE, GREEDY = "cheapest", "everyone", "greedy"


class NotAccepted(AssertionError):
    """The engine refuses a plan of ours."""


@dataclass(frozen=True)
class Progress:
    """The best plan so far (None: none yet) and what no plan can be cheaper than, in yuan."""

    cost: Fraction | None
    bound: float

    @property
    def gap(self) -> float:
        """By what part the best plan could still be cheaper; 1 without a plan."""
        if self.cost is None:
            return 1.0
        return max(0.0, 1 - self.bound / float(self.cost)) if self.cost else 0.0


Tell = Callable[[Progress], bool | None]


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
    to all thresholds, as people do by hand) and greedy (school by school) to compare with.
    ``seconds`` of processor time; ``tell`` hears of progress and ends the search by saying True.

    Raises UnusableInput with every problem; a figure that part A needs and nobody reported is one.
    """
    return PLANNERS[kind](read_asked(payload, rules), seconds, tell)


def _cheapest(asked: Asked, seconds: float, tell: Tell) -> Plan:
    problem = asked.problem
    locked = problem.price_of_locked

    def hear(search: Search) -> bool | None:
        cost = None if search.best is None else search.cost + locked
        return tell(Progress(cost, search.bound + float(locked)))

    search = Search(problem, seconds, GAP, hear)
    hindrance = obstacle(problem)
    if hindrance is None:
        search.run()
    if search.best is None:
        return Plan(CHEAPEST, INFEASIBLE, why_none(problem, hindrance), asked.before)
    proof = Proof(search.certified + float(locked), search.bound + float(locked))
    status = PROVEN if search.is_proven else FEASIBLE
    return accepted(asked, CHEAPEST, search.best, status, proof)


def _by_hand(kind: str, find: Callable[[Problem], Steps | None]) -> "Planner":
    def planner(asked: Asked, _seconds: float, _tell: Tell) -> Plan:
        steps = find(asked.problem)
        if steps is None:
            reason = why_none(asked.problem, obstacle(asked.problem))
            return Plan(kind, INFEASIBLE, reason, asked.before)
        return accepted(asked, kind, steps, FEASIBLE, None)

    return planner


def accepted(asked: Asked, kind: str, steps: Steps, status: str, proof: Proof | None) -> Plan:
    """Steps as a plan, once the engine has judged every unit and coefficient as met."""
    problem = asked.problem
    gains = tuple(gains_of(problem, steps))
    rows = asked.rows_after(gains)
    after = asked.judged(rows)
    _accept(problem, after)
    return Plan(
        *(kind, status, why_this(problem, steps), asked.before, after, tuple(rows)),
        cost=cost_of(problem, steps) + problem.price_of_locked,
        proof=proof,
        additions=additions_of(gains),
        spared=spared_of(problem, steps),
    )


def _accept(problem: Problem, after: Outcome) -> None:
    """Every unit and every coefficient of the stages that are there."""
    if after.part_a.units["met"] != sum(after.part_a.units.values()):
        raise NotAccepted("a unit is not met after the plan")
    for cone in problem.cones:
        if after.dispersion[cone.stage].coefficients[cone.code].verdict != "met":
            raise NotAccepted(f"{cone.code} {cone.stage} is not met after the plan")


Planner = Callable[[Asked, float, Tell], Plan]
PLANNERS: dict[str, Planner] = {
    CHEAPEST: _cheapest,
    EVERYONE: _by_hand(EVERYONE, everyone),
    GREEDY: _by_hand(GREEDY, school_by_school),
}
