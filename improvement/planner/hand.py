"""What people do without a planner, to compare with: everyone to 100 %, or school by school."""

import numpy as np

from improvement.planner.buying import Steps
from improvement.planner.levelling import settle
from improvement.planner.problem import Problem
from indicators.calculation.columns import Floats, Integers


def everyone(problem: Problem) -> Steps | None:
    """Every unit to every threshold, then what the coefficients still ask."""
    return settle(problem, problem.least(np.full(len(problem.units), -1)))


def school_by_school(problem: Problem) -> Steps | None:
    """Each unit spares what would cost it most, then what the coefficients still ask."""
    spared, _cost = cheapest_spared(problem)
    return settle(problem, problem.least(spared))


def cheapest_spared(problem: Problem) -> tuple[Integers, Floats]:
    """By unit what would cost it most, −1 for nothing, and what it costs by itself to pass then."""
    prices = np.full(len(problem.have), 1e15)
    for action in problem.actions:
        for stock in action.stocks:
            prices[stock] = min(prices[stock], float(action.price))
    prices, have = prices[problem.stock_of], problem.have[problem.stock_of]
    short = np.maximum(problem.need - np.maximum(problem.floor, have), 0)
    saved = short * prices
    cost = (np.maximum(problem.need - have, 0) * prices).sum(axis=0) - saved.max(axis=0)
    return np.where(saved.max(axis=0) > 0, saved.argmax(axis=0), -1), cost
