"""Raises what is lowest until every coefficient is within its limit: exact in whole steps.

With the floors fixed, adding the next step where (2X + 1) / n is least gives for every total the
smallest possible spread, so the first total that meets the limit is the least one.
"""

import numpy as np

from improvement.planner.buying import Steps, buy, reached
from improvement.planner.problem import Cone, Problem
from indicators.calculation.columns import Floats, Integers

_HALVINGS = 70
_ROUNDS = 30


def settle(problem: Problem, least: Integers) -> Steps | None:
    """Measures that reach ``least`` and every coefficient; None where the caps forbid it.

    What a measure raises besides is counted: the coefficients are looked at again after buying.
    """
    for _round in range(_ROUNDS):
        wanted = level(problem, least)
        steps = None if wanted is None else buy(problem, wanted)
        if steps is None:
            return None
        amounts = reached(problem, steps)
        if all(cone.excess(amounts) <= 0 and cone.holds(amounts) for cone in problem.cones):
            return steps
        least = amounts
    return None


def level(problem: Problem, least: Integers) -> Integers | None:
    """Amounts of all stocks, at least ``least``; None where the caps forbid it."""
    amounts = np.maximum(problem.have, least)
    if np.any(amounts > problem.most):
        return None
    for _round in range(_ROUNDS):
        stable = True
        for cone in problem.cones:
            if cone.excess(amounts) <= 0 and cone.holds(amounts):
                continue
            stable = False
            if not _level_one(problem, cone, amounts):
                return None
        if stable:
            return amounts
    return None


def _level_one(problem: Problem, cone: Cone, amounts: Integers) -> bool:
    """Raise the stocks of one coefficient in place."""
    shares, low, most = cone.shares, amounts[cone.stocks], problem.most[cone.stocks]
    after = amounts.copy()

    def raised(mark: float) -> float:
        after[cone.stocks] = _up_to(mark, shares, low, most)
        return cone.excess(after)

    below, above = 0.0, 2.0 * float((low * shares).max()) + 2.0 * float(shares.max())
    if raised(above) > 0:
        return False
    for _halving in range(_HALVINGS):
        middle = (below + above) / 2
        if raised(middle) > 0:
            below = middle
        else:
            above = middle
    amounts[cone.stocks] = _up_to(below, shares, low, most)
    return _one_by_one(cone, amounts, most)


def _up_to(mark: float, shares: Floats, low: Integers, most: Integers) -> Integers:
    """Every step whose price in spread, share × (2X − 1), is below the mark."""
    wanted = np.floor((mark / shares + 1) / 2)
    return np.clip(wanted, low, most).astype(np.int64)


def _one_by_one(cone: Cone, amounts: Integers, most: Integers) -> bool:
    for _step in range(4 * len(most) + 8):
        if cone.excess(amounts) <= 0 and cone.holds(amounts):
            return True
        now = amounts[cone.stocks]
        marks = np.where(now < most, cone.shares * (2 * now + 1), np.inf)
        best = int(marks.argmin())
        if not np.isfinite(marks[best]):
            return False
        amounts[cone.stocks[best]] += 1
    return False
