"""Why no plan exists: caps hold a unit down, or no permitted addition mends a coefficient."""

from dataclasses import dataclass

import numpy as np

from improvement.planner.problem import Cone, Problem
from indicators.calculation.columns import Integers
from indicators.calculation.scheme import CODES

_HALVINGS = 100
MOST_NAMED = 20


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
        best = flattest(problem, cone, least)
        if cone.ratio(best) > 1 - 1e-9 and not cone.holds(best):
            held = best[cone.stocks] >= problem.most[cone.stocks]
            below = best[cone.stocks] * cone.shares < _pivot(cone, best)
            units = cone.units[held & below][:MOST_NAMED]
            return Obstacle(cone.code, cone.stage, tuple(units.tolist()), cone.coefficient(best))
    return None


def flattest(problem: Problem, cone: Cone, least: Integers) -> Integers:
    """The amounts between ``least`` and the caps with the lowest coefficient.

    Adding helps below the pivot and hurts above it; the pivot rises more slowly than the level.
    """
    low, most, shares = least[cone.stocks], problem.most[cone.stocks], cone.shares
    after = least.copy()

    def raised(level: float) -> Integers:
        wanted = np.floor(level / shares)
        after[cone.stocks] = np.clip(wanted, low, most).astype(np.int64)
        return after

    below, above = 0.0, 2 * float((low * shares).max()) + float(shares.max())
    best, found = least.copy(), cone.ratio(least)
    for _halving in range(_HALVINGS):
        middle = (below + above) / 2
        amounts = raised(middle)
        if (ratio := cone.ratio(amounts)) < found:
            best, found = amounts.copy(), ratio
        if middle < _pivot(cone, amounts):
            below = middle
        else:
            above = middle
    return best


def _pivot(cone: Cone, amounts: Integers) -> float:
    """The value above which one more raises the coefficient: Σ n x² / Σ n x."""
    values = amounts[cone.stocks] * cone.shares
    total = float(cone.pupils @ values)
    return float(cone.pupils @ (values * values)) / total if total else 0.0
