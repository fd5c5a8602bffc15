"""Raises what is lowest until every coefficient is within its limit: exact in whole steps.

With the floors fixed, adding the next step where (2X + 1) / n is least gives for every total the
smallest possible spread, so the first total that meets the limit is the least one.
"""

import numpy as np

from improvement.planner.buying import Steps, buy, reached
from improvement.planner.problem import Cone, Problem
from indicators.calculation.columns import Floats, Integers

_HALVINGS = 70
_CLOSE = 1e-9  # of a mark: hardly a step lies between
_WITHIN = 1 - 1e-6  # of its limit: surely within it
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
    above, after = flattest_level(problem, cone, amounts, _WITHIN)[0], amounts.copy()
    below = 0.0
    while above - below > _CLOSE * above:
        middle = (below + above) / 2
        after[cone.stocks] = up_to(middle, shares, low, most)
        if cone.excess(after) > 0:
            below = middle
        else:
            above = middle
    amounts[cone.stocks] = up_to(below, shares, low, most)
    return _one_by_one(cone, amounts, most)


def flattest_level(
    problem: Problem, cone: Cone, least: Integers, enough: float = 0.0
) -> tuple[float, Integers]:
    """The mark with the lowest coefficient, and the amounts there; or the first that is
    ``enough`` of its limit.

    Adding helps below the pivot and hurts above it, and the pivot rises more slowly than the mark.
    """
    shares, low, most = cone.shares, least[cone.stocks], problem.most[cone.stocks]
    amounts = least.copy()
    below, above = 0.0, 4 * float((low * shares).max()) + 2 * float(shares.max())
    best, ratio, mark = least.copy(), cone.ratio(least), 0.0
    for _halving in range(_HALVINGS):
        middle = (below + above) / 2
        amounts[cone.stocks] = up_to(middle, shares, low, most)
        if (found := cone.ratio(amounts)) < ratio:
            best, ratio, mark = amounts.copy(), found, middle
            if ratio < enough:
                return mark, best
        if middle < 2 * cone.pivot(amounts):
            below = middle
        else:
            above = middle
    return max(mark, above), best


def up_to(mark: float, shares: Floats, low: Integers, most: Integers) -> Integers:
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
