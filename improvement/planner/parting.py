"""A bound by cases: the range of a mean is parted where the chord above it lies too high.

Every plan lies in one of the parts, so none is cheaper than the cheapest part's relaxation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from improvement.planner.program import INFINITY
from improvement.planner.relaxation import MONEY, Answer, Relaxation
from improvement.planner.spread import Spread, refine
from indicators.calculation.columns import Integers

_ABOVE = 1e-9  # of a squared mean: a chord that lies higher lets something through

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

    def whole(
        self, plan: Integers, gap: float, seconds: float, goes_on: Callable[[], bool]
    ) -> tuple[Answer | None, bool]:
        """The cheapest in whole numbers, parted where they are beyond a limit; is it worth going
        on? A part without plans is set aside, but where the ``plan`` at hand lies the solver errs.
        """
        cheapest = min(self.parts, key=lambda part: part.bound)
        self._stay_in(cheapest.ranges)
        answer, bound = self.model.whole(gap, seconds, goes_on)
        if answer is None and (bound < INFINITY or self._holds(cheapest, plan)):
            return None, False
        self.parts.remove(cheapest)
        known = replace(cheapest, bound=max(cheapest.bound, bound))
        if answer is None:
            self.parts.append(known)
            return None, True
        is_cut = sum([spread.separate(answer) for spread in self.spreads]) > 0
        halves = [] if is_cut else list(self._halves(known, answer))
        self.parts += halves or [known]
        is_solved = answer.cost - bound <= 2 * gap * answer.cost
        return answer, is_solved and bool(is_cut or halves)

    def _holds(self, part: Part, plan: Integers) -> bool:
        return all(
            low - _ABOVE <= spread.mean_of(plan) <= high + _ABOVE
            for spread, (low, high) in zip(self.spreads, part.ranges, strict=True)
        )

    def _halves(self, part: Part, answer: Answer) -> Iterator[Part]:
        """Of those beyond a limit the range whose chord lies highest above the answer's mean."""
        amounts = self.model.amounts_of(answer)
        above = [
            spread.above(answer) if spread.cone.ratio(amounts) > 1 else 0.0
            for spread in self.spreads
        ]
        if max(above, default=0.0) > _ABOVE:
            at = int(np.argmax(above))
            mean, (low, high) = self.spreads[at].mean(answer), part.ranges[at]
            for half in ((low, mean), (mean, high)):
                yield replace(part, ranges=_with(part.ranges, at, half))

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
