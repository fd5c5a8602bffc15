"""What every plan goes through: the search behind it, and the engine's judgement of what it says.

A plan the engine does not accept is an error of ours and never shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from improvement.planner.asking import Asked, Gain
from improvement.planner.buying import Steps, cost_of
from improvement.planner.obstacles import obstacle
from improvement.planner.problem import Problem
from improvement.planner.reasons import why_this
from improvement.planner.search import GAP, Search
from improvement.planner.told import Plan, additions_of, gains_of, spared_of
from indicators.calculation.outcome import Outcome


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


def searched(problem: Problem, seconds: float, tell: Tell) -> Search:
    """The cheapest steps; none where an obstacle is sure."""
    locked = problem.price_of_locked

    def hear(search: Search) -> bool | None:
        cost = None if search.best is None else search.cost + locked
        return tell(Progress(cost, search.bound + float(locked)))

    search = Search(problem, seconds, GAP, hear)
    return search if obstacle(problem) else search.run()


def accepted(
    asked: Asked,
    kind: str,
    steps: Steps,
    status: str,
    passing: int | None = None,
    problem: Problem | None = None,
    moved: Iterable[Gain] = (),
) -> Plan:
    """Steps as a plan, once the engine has judged units and coefficients as we do.

    ``passing``: how many units it must find met; None: every one. ``problem``: what the steps are
    of, where people have ``moved`` before.
    """
    problem = problem or asked.problem
    gains = tuple(gains_of(problem, steps))
    rows = asked.rows_after([*gains, *moved])
    after = asked.judged(rows)
    _accept(problem, after, len(problem.units) if passing is None else passing)
    return Plan(
        *(kind, status, why_this(kind, problem, steps), asked.before, after, tuple(rows)),
        cost=cost_of(problem, steps) + problem.price_of_locked,
        additions=additions_of(gains),
        spared=spared_of(problem, steps),
    )


def _accept(problem: Problem, after: Outcome, passing: int) -> None:
    """So many units, and every coefficient of the stages that are there."""
    if after.part_a.units["met"] != passing:
        raise NotAccepted("a unit is not met after the plan")
    for cone in problem.cones:
        if after.dispersion[cone.stage].coefficients[cone.code].verdict != "met":
            raise NotAccepted(f"{cone.code} {cone.stage} is not met after the plan")


Planner = Callable[[Asked, float, Tell], Plan]
