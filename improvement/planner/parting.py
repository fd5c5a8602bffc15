"""A bound by cases: the range of a mean is parted where the chord above it lies too high.

Every plan lies in one of the parts, so none is cheaper than the cheapest part's relaxation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from improvement.planner.relaxation import MONEY, Answer, Relaxation
from improvement.planner.spread import Spread, refine

Range = tuple[float, float]


@dataclass(frozen=True)
class Part:
    """Plans whose means lie in ``ranges``: none costs less than ``bound`` yuan, by the solver's
    word, or ``certified``. Parting the range number ``at`` at ``mean`` would raise that most, by
    about ``worth``."""

    bound: float
    certified: float
    ranges: tuple[Range, ...]
    at: int
    mean: float
    worth: float


class Parts:
    """``answer`` is of the ranges as they stand; ``cost`` in yuan is that of a plan at hand."""

    def __init__(
        self, model: Relaxation, spreads: list[Spread], answer: Answer, cost: Fraction
    ) -> None:
        self.model, self.spreads = model, spreads
        self.parts = [self._part(answer, cost, 0.0, 0.0)]

    @property
    def bound(self) -> float:
        return min(part.bound for part in self.parts)

    @property
    def certified(self) -> float:
        return min(part.certified for part in self.parts)

    def part(self, cost: Fraction, least: float) -> list[Answer]:
        """Part the cheapest; no answers where that is worth less than ``least`` yuan, or where the
        solver finds none: then it proves nothing and the part stays whole."""
        cheapest = min(self.parts, key=lambda part: part.bound)
        if cheapest.worth < least:
            return []
        low, high = cheapest.ranges[cheapest.at]
        answers, halves = [], []
        for half in ((low, cheapest.mean), (cheapest.mean, high)):
            self._stay_in(_with(cheapest.ranges, cheapest.at, half))
            answer = refine(self.model, self.spreads)
            if answer is None:
                return []
            answers.append(answer)
            halves.append(self._part(answer, cost, cheapest.bound, cheapest.certified))
        self.parts.remove(cheapest)
        self.parts += halves
        return answers

    def gather(self, cost: Fraction) -> None:
        """Speak of all parts at once that may hold a cheaper plan."""
        left = [part for part in self.parts if part.bound < float(cost)] or self.parts
        ranges = np.array([part.ranges for part in left]).reshape(len(left), -1, 2)
        lows, highs = ranges[:, :, 0].min(axis=0), ranges[:, :, 1].max(axis=0)
        self._stay_in(tuple(zip(lows.tolist(), highs.tolist(), strict=True)))

    def _stay_in(self, ranges: Sequence[Range]) -> None:
        for spread, (low, high) in zip(self.spreads, ranges, strict=True):
            if (spread.low, spread.high) != (low, high):
                spread.stay_between(low, high)

    def _part(self, answer: Answer, cost: Fraction, bound: float, certified: float) -> Part:
        """Right after the solve; what holds for the whole holds for a part of it."""
        worths = [spread.worth(answer) for spread in self.spreads] or [0.0]
        at = int(np.argmax(worths))
        mean = self.spreads[at].mean(answer) if self.spreads else 0.0
        return Part(
            max(bound, answer.cost),
            max(certified, self.model.certified_bound(cost)),
            tuple((spread.low, spread.high) for spread in self.spreads),
            *(at, mean, worths[at] * MONEY),
        )


def _with(ranges: tuple[Range, ...], at: int, half: Range) -> tuple[Range, ...]:
    return (*ranges[:at], half, *ranges[at + 1 :])
