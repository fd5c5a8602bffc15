"""Why no plan exists: caps hold a unit down, or no permitted addition mends a coefficient."""

from dataclasses import dataclass

import numpy as np

from improvement.planner.levelling import flattest_level
from improvement.planner.problem import Problem
from indicators.calculation.scheme import CODES

MOST_NAMED = 20
_WITHIN = 1 - 1e-9  # surely within the limit


@dataclass(frozen=True)
class Obstacle:
    """Proof that no plan exists. ``units`` are those whose caps bind.

    For a coefficient: its ``stage`` and the ``lowest`` value it can reach; for a unit both are
    empty.
    """

    code: str
    stage: str
    units: tuple[int, ...]
    lowest: float | None = None


def obstacle(problem: Problem) -> Obstacle | None:
    """The first that is found; None does not prove that a plan exists."""
    most = problem.most[problem.stock_of]
    beyond = (problem.need > most).sum(axis=0) > problem.spare
    lost = (problem.floor > most) | (beyond & (problem.need > most))
    for row, code in enumerate(CODES):
        if lost[row].any():
            return Obstacle(code, "", tuple(np.flatnonzero(lost[row])[:MOST_NAMED].tolist()))
    least = np.maximum(problem.have, problem.least_of(problem.floor))
    for cone in problem.cones:
        _mark, best = flattest_level(problem, cone, least, _WITHIN)
        if cone.ratio(best) > _WITHIN and not cone.holds(best):
            held = best[cone.stocks] >= problem.most[cone.stocks]
            below = best[cone.stocks] * cone.shares < cone.pivot(best)
            units = cone.units[held & below][:MOST_NAMED]
            return Obstacle(cone.code, cone.stage, tuple(units.tolist()), cone.coefficient(best))
    return None
