"""What a budget lets pass where stages share buildings: amounts within all coefficients first, then
whole steps of them, for a little less money each time until these are paid, too."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from improvement.planner.buying import Steps, cost_of, reached
from improvement.planner.levelling import settle
from improvement.planner.passing import Passing, asked_by
from improvement.planner.problem import Problem
from improvement.planner.relaxation import Answer
from improvement.planner.within import Within

_ROUNDS, _LESS = 6, Fraction(999, 1000)
_WHOLE = 1e-6


class Fitting:
    """``start`` are steps that meet every coefficient, whoever passes."""

    def __init__(self, problem: Problem, budget: Fraction, start: Steps) -> None:
        self.problem, self.start = problem, reached(problem, start)
        self.model = Passing(problem, budget)
        self.within = Within(self.model, self.start)

    def plans(self, budget: Fraction) -> Iterator[Steps]:
        """Those that cost no more, from the first rounds that find any."""
        amounts = self.start.astype(np.float64)
        self.model.spend(budget)
        for _round in range(_ROUNDS):
            answer = self.within.best(amounts)
            found = [] if answer is None else list(self._whole(answer))
            paid = [steps for steps in found if cost_of(self.problem, steps) <= budget]
            yield from paid
            if answer is None or paid or not found:
                break
            amounts = self.model.amounts_of(answer)
            least = min(cost_of(self.problem, steps) for steps in found)
            self.model.spend(self.model.budget * budget / least * _LESS)

    def _whole(self, answer: Answer) -> Iterator[Steps]:
        """Whole steps by which every unit passes that wholly passes in the answer."""
        amounts = self.model.amounts_of(answer)
        near = self.within.stretched(amounts)
        units = np.flatnonzero(self.model.passes(answer) > 1 - _WHOLE)
        least = asked_by(self.problem, units, self.model.spared_of(answer))
        floors = np.floor(np.minimum(amounts, self.problem.most) + _WHOLE).astype(np.int64)
        for each in () if near is None else (near, self.within.beside(near, floors)):
            steps = settle(self.problem, np.maximum(least, each))
            if steps is not None:
                yield steps
