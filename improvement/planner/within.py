"""Amounts within all coefficients at once, where stages share buildings and levelling one stage
unsettles the other.

M² is replaced by its tangent, which lies below it: whoever meets that meets the limit. Each round
takes the tangent where the round before came out, and gets no dearer.
"""

import numpy as np

from improvement.planner.relaxation import Answer, Relaxation
from improvement.planner.spread import Spread, refine
from indicators.calculation.columns import Floats, Integers

_ROUNDS = 3
_NEAR = 1 + 1e-5
_STRETCHES = (0.0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)


class Within:
    """Keeps its cuts from call to call: they hold whatever the model asks besides."""

    def __init__(self, model: Relaxation, start: Integers) -> None:
        self.problem, self.model = model.problem, model
        problem = model.problem
        self.own = np.unique(np.concatenate([cone.stocks for cone in problem.shared]))
        self.spreads = [Spread(self.model, cone, start, smooth=True) for cone in problem.shared]

    def find(self, spared: Integers, start: Integers) -> Integers | None:
        """Of shared buildings the least growth found from amounts that are within, else None."""
        self.model.fix(spared)
        answer = self.best(start.astype(np.float64))
        return None if answer is None else self.stretched(self.model.amounts_of(answer))

    def best(self, amounts: Floats) -> Answer | None:
        """The best the model has, from amounts that are within; None where the solver fails."""
        answer = None
        for _round in range(_ROUNDS):
            for spread in self.spreads:
                spread.stay_within(amounts)
            answer = refine(self.model, self.spreads)
            if answer is None:
                return None
            amounts = self.model.amounts_of(answer)
            if all(cone.ratio(amounts) < _NEAR for cone in self.problem.shared):
                break
        return answer

    def beside(self, near: Integers, amounts: Integers) -> Integers:
        """Shared buildings as in one, everything else as in the other."""
        both = amounts.copy()
        both[self.own] = near[self.own]
        return both

    def stretched(self, amounts: Floats) -> Integers | None:
        """Whole steps of it, a little more each time until the coefficients hold exactly."""
        problem = self.problem
        found, growth = problem.have.copy(), amounts - problem.have
        for more in _STRETCHES:
            whole = np.ceil(problem.have + (1 + more) * growth - 1e-6).astype(np.int64)
            found[self.own] = np.minimum(whole, problem.most)[self.own]
            if all(cone.excess(found) <= 0 and cone.holds(found) for cone in problem.shared):
                return found
        return None
