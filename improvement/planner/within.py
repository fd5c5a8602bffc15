"""Amounts within all coefficients at once, where stages share buildings and levelling one stage
unsettles the other, or where a sum limits them all.

M² is replaced by its tangent, which lies below it: whoever meets that meets the limit. Each round
takes the tangent where the round before came out, and gets no dearer.
"""

from collections.abc import Iterator

import numpy as np

from improvement.planner.problem import Cone
from improvement.planner.relaxation import Answer, Relaxation
from improvement.planner.spread import Spread, refine
from indicators.calculation.columns import Floats, Integers

_ROUNDS = 3
_NEAR = 1 + 1e-5
_WHOLE = 1e-6


class Within:
    """Keeps its cuts from call to call: they hold whatever the model asks besides."""

    def __init__(
        self, model: Relaxation, start: Integers, cutting: tuple[int, float] | None = None
    ) -> None:
        self.model, self.cones = model, model.problem.cones
        self.cutting = cutting or ()
        self.spreads = [Spread(model, cone, start) for cone in self.cones]

    def find(self, spared: Integers, start: Integers) -> Integers | None:
        """The cheapest amounts found where units spare just this, from amounts that are within."""
        self.model.fix(spared)
        answer = self.best(start.astype(np.float64))
        return None if answer is None else self.floors(answer)

    def best(self, amounts: Floats, rounds: int = _ROUNDS) -> Answer | None:
        """The best the model has, from amounts that are within; None where the solver fails."""
        answer = None
        for _round in range(rounds):
            for spread in self.spreads:
                spread.stay_within(amounts)
            answer = refine(self.model, self.spreads, *self.cutting)
            if answer is None:
                return None
            amounts = self.model.amounts_of(answer)
            if all(cone.ratio(amounts) < _NEAR for cone in self.cones):
                break
        return answer

    def floors(self, answer: Answer) -> Integers:
        """Its amounts in whole steps, rounded down: levelling adds the little that lacks."""
        amounts = np.minimum(self.model.amounts_of(answer), self.model.problem.most)
        return np.floor(amounts + _WHOLE).astype(np.int64)

    def where_prices_point(self, answer: Answer) -> Iterator[tuple[Cone, Floats]]:
        """By coefficient; right after an answer."""
        amounts = self.model.amounts_of(answer)
        for spread in self.spreads:
            yield spread.cone, spread.where_prices_point(amounts)
