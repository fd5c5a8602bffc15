"""What people do without a planner, to compare with: everyone to 100 %, or school by school."""

import numpy as np

from improvement.planner.buying import Steps
from improvement.planner.levelling import settle
from improvement.planner.problem import Problem


def everyone(problem: Problem) -> Steps | None:
    """Every unit to every threshold, then what the coefficients still ask."""
    return settle(problem, problem.least(np.full(len(problem.units), -1)))


def school_by_school(problem: Problem) -> Steps | None:
    """Each unit spares what would cost it most, then what the coefficients still ask."""
    prices = np.full(len(problem.have), np.inf)
    for action in problem.actions:
        for stock in action.stocks:
            prices[stock] = min(prices[stock], float(action.price))
    short = np.maximum(problem.need - np.maximum(problem.floor, problem.have[problem.stock_of]), 0)
    saved = np.where(short > 0, short * np.minimum(prices[problem.stock_of], 1e15), 0)
    spared = np.where(saved.max(axis=0) > 0, saved.argmax(axis=0), -1)
    return settle(problem, problem.least(spared))
