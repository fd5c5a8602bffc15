"""Which measures bring stocks up to wanted amounts at least cost, a measure counting in several."""

from collections import defaultdict
from fractions import Fraction

import numpy as np

from improvement.planner.problem import Action, Problem
from indicators.calculation.columns import Integers

_SWEEPS = 3

Steps = dict[int, int]
"""Number of an action → steps taken of it."""
Lack = dict[int, int]
"""Stock → steps it is short of."""
Singles = dict[int, list[int]]
"""Stock → actions that raise it alone, cheapest first."""


def buy(problem: Problem, wanted: Integers) -> Steps | None:
    """Steps that reach ``wanted`` everywhere; None where caps forbid it.

    Exact where a school and stage has one measure that counts several times; with more of them
    each is settled in turn.
    """
    short = np.maximum(wanted - problem.have, 0)
    actions, stocks, most = problem.alone
    counts = short[stocks]
    if np.any(counts > most):
        return None
    bought = np.flatnonzero(counts)
    steps: Steps = dict(zip(actions[bought].tolist(), counts[bought].tolist(), strict=True))
    for group in problem.groups:
        if not any(short[stock] for at in group for stock in problem.actions[at].stocks):
            continue
        found = _buy_group(problem, group, short)
        if found is None:
            return None
        steps.update(found)
    return steps


def cost_of(problem: Problem, steps: Steps) -> Fraction:
    """Yuan."""
    prices, parts = problem.whole_prices
    return Fraction(sum([count * prices[at] for at, count in steps.items()]), parts)


def reached(problem: Problem, steps: Steps) -> Integers:
    """The stocks after the steps; a measure may raise more than was asked for."""
    amounts = problem.have.copy()
    for at, count in steps.items():
        for stock in problem.actions[at].stocks:
            amounts[stock] += count
    return amounts


def _buy_group(problem: Problem, group: tuple[int, ...], short: Integers) -> Steps | None:
    single: dict[int, list[int]] = defaultdict(list)
    several = []
    for at in group:
        stocks = problem.actions[at].stocks
        if len(stocks) == 1:
            single[stocks[0]].append(at)
        else:
            several.append(at)
    for options in single.values():
        options.sort(key=lambda at: problem.actions[at].price)
    lack = {s: int(short[s]) for at in group for s in problem.actions[at].stocks if short[s]}
    chosen = dict.fromkeys(several, 0)
    for _sweep in range(_SWEEPS if len(several) > 1 else 1):
        for at in several:
            chosen[at] = _best_count(problem, at, chosen, lack, single)
    return _with_singles(problem, chosen, lack, single)


def _best_count(problem: Problem, at: int, chosen: Steps, lack: Lack, single: Singles) -> int:
    """The cost is piecewise linear in the count: one of its corners is best."""
    action: Action = problem.actions[at]
    corners = {0}
    for stock in action.stocks:
        left = lack.get(stock, 0) - _given(problem, stock, {**chosen, at: 0})
        room = sum(problem.actions[other].most for other in single[stock])
        corners |= {left, left - room}
    options = [min(max(0, corner), action.most) for corner in corners]
    priced = []
    for count in sorted(set(options)):
        steps = _with_singles(problem, {**chosen, at: count}, lack, single)
        if steps is not None:
            priced.append((cost_of(problem, steps), count))
    return min(priced)[1] if priced else max(options)


def _given(problem: Problem, stock: int, chosen: Steps) -> int:
    return sum(n for at, n in chosen.items() if stock in problem.actions[at].stocks)


def _with_singles(problem: Problem, chosen: Steps, lack: Lack, single: Singles) -> Steps | None:
    steps = {at: count for at, count in chosen.items() if count}
    for stock, wanted in lack.items():
        left = wanted - _given(problem, stock, chosen)
        for at in single[stock]:
            if left > 0:
                steps[at] = min(left, problem.actions[at].most)
                left -= steps[at]
        if left > 0:
            return None
    return steps
