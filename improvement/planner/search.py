"""Finds the cheapest plan: relax, level, narrow, prove. Plans come from whole steps alone.

1. A linear program with tangents at levelled points says which indicators to spare.
2. Levelling makes a plan of that; its cost bounds every total from above.
3. Between these bounds the coefficients become linear; a small integer program closes the gap.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from time import process_time

import numpy as np

from improvement.planner.buying import Steps, cost_of, reached
from improvement.planner.levelling import settle
from improvement.planner.parting import Parts
from improvement.planner.problem import Cone, Problem
from improvement.planner.relaxation import Answer, Relaxation
from improvement.planner.spread import Spread, refine
from improvement.planner.within import Within
from indicators.calculation.columns import Integers

GAP = 1e-4
GOOD = 2.5e-3  # a certified gap that is small
_TANGENTS = 4
_NARROWINGS = 3
WORTH = 0.3  # a round that closes less of the gap than this is the last
_PARTINGS = 6
_LEAST, _PATIENCE = 0.1, 0.3  # seconds for whole numbers
WORTH_PARTING = 0.1  # of the gap: what it must be worth to part a range once more
BETTER = Fraction(1, 200)  # of its cost: a plan that is much better
BINDS = 0.02  # of its limit, a coefficient could bind


@dataclass
class Search:
    """The best plan so far and the solver's bound, both in yuan.

    ``tell`` hears of every change and may end the search by saying True.
    """

    problem: Problem
    seconds: float = 5.0
    gap: float = GAP
    tell: Callable[["Search"], bool | None] = lambda _search: None
    best: Steps | None = None
    cost: Fraction = Fraction()
    bound: float = 0.0
    certified: float = 0.0
    began: float = field(default_factory=process_time)
    stopped: bool = False
    _within: Within | None = None

    def run(self) -> "Search":
        self._consider(self.problem.least(np.full(len(self.problem.units), -1)))
        model = Relaxation(self.problem)
        if not self._touch(model) or self._is_over or self.best is None:
            return self
        spreads = [Spread(model, cone, self.amounts) for cone in self._binding()]
        parts = self._narrow(model, spreads)
        if parts is not None and self.problem.shared:
            self._part(parts)
        if parts is not None and not self._is_over:
            self._whole(parts)
        return self

    @property
    def amounts(self) -> Integers:
        return reached(self.problem, self.best or {})

    @property
    def is_proven(self) -> bool:
        """Within the gap by the solver's word."""
        return self.best is not None and self._open <= self.gap * float(self.cost)

    @property
    def _open(self) -> float:
        """Yuan by which the best plan could still be cheaper."""
        return float(self.cost) - self.bound

    @property
    def _is_over(self) -> bool:
        return self.is_proven or self.stopped

    def _left(self) -> float:
        return self.seconds - (process_time() - self.began)

    def _goes_on(self) -> bool:
        self.stopped = self.stopped or bool(self.tell(self))
        return not self.stopped and self._left() > 0

    def _raise(self, bound: float) -> None:
        """Bounds only rise, and none lies above a plan that is there."""
        if np.isfinite(bound):
            highest = float(self.cost) if self.best is not None else bound
            self.bound = max(self.bound, min(bound, highest))

    def _certify(self, model: Relaxation) -> None:
        """What the solver's prices prove, whatever the solver is worth; right after a solve."""
        if self.best is not None:
            self.certified = max(self.certified, model.certified_bound(self.cost))

    def _touch(self, model: Relaxation) -> bool:
        for turn in range(_TANGENTS):
            answer = model.solve()
            if answer is None:
                return False
            self._raise(answer.cost)
            self._try(model, answer, thoroughly=turn == 1)
            loose = self._loose(model, answer)
            if not loose or self.is_proven or not self._goes_on():
                self._certify(model)
                break
            for cone in loose:
                model.tangent(cone, model.amounts_of(answer))
                if self.best is not None:
                    model.tangent(cone, self.amounts.astype(np.float64))
        return True

    def _loose(self, model: Relaxation, answer: Answer) -> list[Cone]:
        amounts = model.amounts_of(answer)
        return [cone for cone in self.problem.cones if cone.ratio(amounts) > 1 + 1e-7]

    def _binding(self) -> list[Cone]:
        amounts = self.amounts
        return [cone for cone in self.problem.cones if cone.ratio(amounts) > 1 - BINDS]

    def _narrow(self, model: Relaxation, spreads: list[Spread]) -> Parts | None:
        """None where the solver errs. Where stages share buildings once is enough, unless that
        made a much better plan: its ranges are much narrower."""
        rounds = _NARROWINGS
        while True:
            before, cost, rounds = self._open, self.cost, rounds - 1
            answer = self._narrowed(model, spreads)
            if answer is None:
                return None
            is_slow = self._open > (1 - WORTH) * before
            if self.problem.shared:
                is_slow = self.cost > (1 - BETTER) * cost
            if is_slow or not rounds or self._is_over or not self._goes_on():
                return Parts(model, spreads, answer, self.cost)

    def _narrowed(self, model: Relaxation, spreads: list[Spread]) -> Answer | None:
        for spread in spreads:
            spread.narrow(self.cost)
        answer = refine(model, spreads)
        if answer is None:  # a plan is at hand: the solver errs, and proves nothing
            return None
        self._certify(model)
        self._raise(answer.cost)
        self._try(model, answer)
        return answer

    def _part(self, parts: Parts) -> None:
        for _turn in range(_PARTINGS):
            if self._is_over or not self._goes_on():
                break
            answers = parts.part(self.cost, WORTH_PARTING * self._open)
            for each in answers:
                self._try(parts.model, each, thoroughly=False)
            if not answers:
                break
            self._raise(parts.bound)
            self.certified = max(self.certified, min(parts.certified, float(self.cost)))

    def _whole(self, parts: Parts) -> None:
        """Where no buildings are shared the first answer may take what time there is, a quarter of
        it where what is certified leaves little to gain."""
        is_sure = float(self.cost) - self.certified <= GOOD * float(self.cost)
        first = min(self._left(), self.seconds / 4) if is_sure else self._left()
        if not self.problem.shared and not self._ask(parts, first):
            return
        ends = self._left() - min(self._left(), max(_PATIENCE, self.seconds / 20))
        while self._left() > ends and self._ask(parts, self._left() - ends):
            pass

    def _ask(self, parts: Parts, seconds: float) -> bool:
        """For whole numbers; is it worth asking again?"""
        given = self.amounts, self.gap / 2, max(_LEAST, seconds), self._goes_on
        answer, goes_on = parts.whole(*given)
        if answer is not None:
            self._try(parts.model, answer)
        self._raise(parts.bound)
        return goes_on and not self._is_over and self._goes_on()

    def _try(self, model: Relaxation, answer: Answer, thoroughly: bool = True) -> None:
        """Plans out of an answer: from its spared indicators, and from its amounts."""
        spared = model.spared_of(answer)
        least = self.problem.least(spared)
        amounts = np.floor(model.amounts_of(answer) + 1e-6).astype(np.int64)
        self._consider(least)
        self._consider(np.maximum(least, amounts))
        if thoroughly and self.problem.shared and self.best is not None and self._left() > 0:
            self._within = self._within or Within(Relaxation(self.problem), self.amounts)
            near = self._within.find(spared, self.amounts)
            if near is not None:
                self._consider(np.maximum(least, near))

    def _consider(self, least: Integers) -> None:
        """Keep what reaches these amounts and every coefficient, if it is cheaper."""
        steps = settle(self.problem, least)
        if steps is None:
            return
        cost = cost_of(self.problem, steps)
        if self.best is None or cost < self.cost:
            self.best, self.cost = steps, cost
