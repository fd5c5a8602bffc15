"""The best a budget can do: most units that pass, every coefficient within its limit.

A linear program says how many could pass at most and which come cheapest; as many of these as the
budget reaches are then bought in whole steps, levelled like any other plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from improvement.planner.buying import Steps, cost_of, reached
from improvement.planner.fitting import Fitting
from improvement.planner.levelling import settle
from improvement.planner.passing import Passing, asked_by
from improvement.planner.problem import Cone, Problem
from improvement.planner.relaxation import Answer
from improvement.planner.search import BINDS
from improvement.planner.spread import Spread, refine
from indicators.calculation.columns import Flags, Integers

_TANGENTS, _NARROWINGS = 3, 3
_WHOLE = 1e-6


@dataclass(frozen=True)
class Most:
    """What ``steps`` cost and which units pass after them; no plan lets more than ``at_most``."""

    steps: Steps
    cost: Fraction
    passing: Flags
    at_most: int


class Spending:
    """Looks for the most units; ends within one of what is possible, or when it gets no further.

    ``start`` are steps within the budget that meet every coefficient, whoever passes.
    """

    def __init__(self, problem: Problem, budget: Fraction, start: Steps) -> None:
        self.problem, self.budget = problem, budget
        self.start = self.best = start
        self.at_most = len(problem.units)
        self.model, self.spreads = Passing(problem, budget), list[Spread]()
        self.fitting = Fitting(problem, budget, start) if problem.shared else None

    def run(self) -> Most:
        self._fit()
        for _round in range(_TANGENTS):
            answer = self.model.solve()
            loose = [] if answer is None else self._learn(answer)
            if answer is None or not loose or self._is_done:
                break
            for cone in loose:
                self.model.tangent(cone, self.model.amounts_of(answer))
                self.model.tangent(cone, reached(self.problem, self.best).astype(np.float64))
        self._narrow()
        return self._found()

    def again(self, budget: Fraction) -> Most:
        """For less money: what was learnt of the coefficients holds, what was bought does not."""
        self.model.spend(budget)
        self.budget, self.best = budget, self.start
        self._fit()
        answer = refine(self.model, self.spreads)
        if answer is not None:
            self._learn(answer)
        self._narrow()
        return self._found()

    def _fit(self) -> None:
        for steps in () if self.fitting is None else self.fitting.plans(self.budget):
            if self._count(steps) > self._count(self.best):
                self.best = steps

    def _found(self) -> Most:
        passing = self.problem.passing(reached(self.problem, self.best))
        return Most(self.best, cost_of(self.problem, self.best), passing, self.at_most)

    @property
    def _is_done(self) -> bool:
        return self._count(self.best) >= self.at_most - 1

    def _count(self, steps: Steps) -> int:
        return int(self.problem.passing(reached(self.problem, steps)).sum())

    def _narrow(self) -> None:
        """Where stages share buildings it takes long and shows nothing."""
        if self._is_done or self.fitting or not self.problem.cones:
            return
        amounts = reached(self.problem, self.best)
        binding = [cone for cone in self.problem.cones if cone.ratio(amounts) > 1 - BINDS]
        self.spreads = self.spreads or [Spread(self.model, cone, amounts) for cone in binding]
        for _round in range(_NARROWINGS):
            for spread in self.spreads:
                spread.narrow(self.budget)
            answer = refine(self.model, self.spreads)
            if answer is not None:
                self._learn(answer)
            if answer is None or self._is_done:
                break

    def _learn(self, answer: Answer) -> list[Cone]:
        """Coefficients the answer does not meet; a plan and a bound are taken from it."""
        model = self.model
        self.at_most = min(self.at_most, model.at_most())
        amounts = model.amounts_of(answer)
        order, spared = np.argsort(-model.passes(answer), kind="stable"), model.spared_of(answer)
        floors = np.floor(np.minimum(amounts, self.problem.most) + _WHOLE).astype(np.int64)
        few, many = self._count(self.best), min(len(order), self.at_most)
        middle = int((model.passes(answer) > 1 - _WHOLE).sum())  # as many may be had
        while few < many:
            middle = min(max(middle, few + 1), many)
            least = asked_by(self.problem, order[:middle], spared)
            steps = self._bought(np.maximum(least, floors)) or self._bought(least)
            if steps is None:
                many = middle - 1
            else:
                self.best, few = steps, middle
            middle = (few + many + 1) // 2
        return [cone for cone in self.problem.cones if cone.ratio(amounts) > 1 + _WHOLE]

    def _bought(self, least: Integers) -> Steps | None:
        steps = settle(self.problem, least)
        within = steps is not None and cost_of(self.problem, steps) <= self.budget
        return steps if within else None


def coefficients_alone(problem: Problem) -> Problem:
    """The same district where no unit is asked to pass."""
    have = problem.have[problem.stock_of]
    return replace(problem, need=have, floor=have)


def affordable(bare: Problem, budget: Fraction) -> tuple[Cone, ...]:
    """As many coefficients as a sum of yuan brings within their limit, the cheapest first; those
    that are within it already cost nothing and shall stay there."""
    kept: list[Cone] = []
    for _cost, at in sorted(_priced(bare)):
        wanted = [*kept, bare.cones[at]]
        cost = _cost_within(bare, wanted)
        if cost is not None and cost <= budget:
            kept = wanted
    return tuple(kept)


def _priced(bare: Problem) -> Iterator[tuple[Fraction, int]]:
    for at, cone in enumerate(bare.cones):
        cost = _cost_within(bare, [cone])
        if cost is not None:
            yield cost, at


def _cost_within(bare: Problem, cones: Sequence[Cone]) -> Fraction | None:
    steps = settle(replace(bare, cones=tuple(cones)), bare.have)
    return None if steps is None else cost_of(bare, steps)


def at_most(problem: Problem, budget: Fraction) -> int:
    """Units no plan of that sum exceeds, whatever becomes of the coefficients; proven."""
    model = Passing(replace(problem, cones=()), budget)
    return len(problem.units) if model.solve() is None else model.at_most()
