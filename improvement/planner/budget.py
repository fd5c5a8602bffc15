"""The best a budget can do: most units that pass, every coefficient within its limit.

A linear program within all coefficients says what money and spread are worth. Where units share
nothing each decides by itself at these prices, and where every measure raises one stock alone as
many as are paid are bought in whole steps. Else the program says which units pass and what for, for
a little less money each time until whole steps are paid, and units that pass in part are promised
one after the other. How many could pass at most the same program says with only tangents, and then
what units decide in ranges that no plan leaves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from improvement.planner.buying import Steps, cost_of, reached
from improvement.planner.choices import Choices, Decided
from improvement.planner.hand import cheapest_spared
from improvement.planner.levelling import settle
from improvement.planner.passing import Passing, asked_by
from improvement.planner.problem import Cone, Problem
from improvement.planner.relaxation import Answer
from improvement.planner.within import Within
from indicators.calculation.columns import Flags, Floats, Integers

_ROUNDS, _TANGENTS, _TRIES = 10, 3, 12
# Next time is saved so many times what whole steps cost above the sum, and this part of it.
_MORE, _BESIDES = Fraction(6, 5), Fraction(1, 50_000)
_WHOLE = 1e-6
# Rounds of the program; in each, of cutting and what a round of that must be worth. Where units
# decide by themselves rough prices do, and levelling does the rest.
_TOGETHER, _BY_UNIT = (3, (4, 1e-4)), (1, (2, 1e-3))


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
        self.at_most, self.wanted = len(problem.units), problem.have
        self.model = Passing(problem, budget)
        self.is_plain = problem.is_apart and not problem.groups
        self.rounds, self.cutting = _BY_UNIT if self.is_plain else _TOGETHER
        self.within = Within(self.model, reached(problem, start), self.cutting)

    def run(self) -> Most:
        self.choices: Choices | None = None
        self.points: list[tuple[Cone, Floats]] = []
        amounts = reached(self.problem, self.start).astype(np.float64)
        answer = self.within.best(amounts, self.rounds)
        if answer is not None:
            self.points = list(self.within.where_prices_point(answer))
            if self.problem.is_apart:
                self.choices = Choices(self.model, self.within.spreads, answer)
                decided, self.prices = self.choices.best(self.choices.asked())
            if self.is_plain:
                self._choose(decided)
            else:
                self._promise(answer)
        self._limit()
        passing = self.problem.passing(reached(self.problem, self.best))
        return Most(self.best, cost_of(self.problem, self.best), passing, self.at_most)

    def again(self, budget: Fraction) -> Most:
        """For less money: what was learnt of the coefficients holds, what was bought does not."""
        self.budget, self.best, self.wanted = budget, self.start, self.problem.have
        self.model.forget(budget)
        return self.run()

    @property
    def met(self) -> int:
        return self._count(self.best)

    @property
    def _is_done(self) -> bool:
        return self.met >= self.at_most - 1

    def _count(self, steps: Steps) -> int:
        return int(self.problem.passing(reached(self.problem, steps)).sum())

    def _choose(self, decided: Decided) -> None:
        """As many units as are paid, of those first that passing is worth most to; and one more
        where another is left out for it."""
        order, most = np.argsort(-decided.gain, kind="stable"), int(decided.most)
        for count in range(min(most, len(order)), max(most - _TRIES, 0), -1):
            cost = self._consider(asked_by(self.problem, order[:count], decided.spared))
            if cost is not None and cost <= self.budget:
                break
        hoped = self.met + 1
        for left_out in range(hoped, max(hoped - _TRIES, 0), -1):
            if not self.met < hoped <= most:
                break
            others = np.delete(order[: hoped + 1], left_out)
            self._consider(asked_by(self.problem, others, decided.spared))

    def _promise(self, answer: Answer) -> None:
        """The units the program lets pass, for less money until whole steps are paid."""
        hoped = int(self.model.passes(answer).sum() + _WHOLE)
        last = answer
        found: Answer | None = answer
        for _round in range(_ROUNDS):
            if found is None or self.met >= hoped:
                break
            last, over, amounts = found, self._learn(found), self.model.amounts_of(found)
            if over > 0:
                self.model.spend(self.model.budget - _MORE * over - _BESIDES * self.budget)
            elif not self.model.promise(found):
                break
            found = self.within.best(amounts)
        self.model.forget(self.budget)
        if self.met < hoped:
            spared, prices = cheapest_spared(self.problem)
            spared = np.where((own := self.model.spared_of(last)) < 0, spared, own)
            self._fill(np.lexsort((prices, -self.model.passes(last).round(3))), spared)

    def _learn(self, answer: Answer) -> Fraction:
        """A plan by which every unit passes that wholly passes; yuan it costs above the sum."""
        units = np.flatnonzero(self.model.passes(answer) > 1 - _WHOLE)
        least = asked_by(self.problem, units, self.model.spared_of(answer))
        floors = np.maximum(least, self.within.floors(answer))
        wanted = (floors,) if self.problem.shared else (least, floors)
        costs = [cost for each in wanted if (cost := self._consider(each)) is not None]
        return min(costs, default=self.budget) - self.budget

    def _fill(self, order: Integers, spared: Integers) -> None:
        """One more unit at a time for what is left."""
        passing = self.problem.passing(reached(self.problem, self.best))
        for unit in order[~passing[order]][:_TRIES]:
            asked = asked_by(self.problem, np.array([unit]), spared)
            self._consider(np.maximum(self.wanted, asked))

    def _consider(self, wanted: Integers) -> Fraction | None:
        """Keep what reaches these amounts, if it is paid and lets more pass; what it costs."""
        steps = settle(self.problem, wanted)
        if steps is None:
            return None
        cost = cost_of(self.problem, steps)
        if cost <= self.budget and self._count(steps) > self.met:
            self.best, self.wanted = steps, wanted
        return cost

    def _limit(self) -> None:
        """By tangents where prices point and where answers come out, then unit by unit."""
        model, points = Passing(self.problem, self.budget), self.points
        for _round in range(_TANGENTS):
            for cone, amounts in points:
                model.tangent(cone, amounts)
            answer = model.solve()
            if answer is None:
                return
            self.at_most = min(self.at_most, model.at_most())
            amounts = model.amounts_of(answer)
            loose = [cone for cone in self.problem.cones if cone.ratio(amounts) > 1 + _WHOLE]
            points = [(cone, amounts) for cone in loose]
            if not loose or self._is_done:
                break
        if not self._is_done and self.choices is not None:
            self._decide(model, self.choices)

    def _decide(self, model: Passing, choices: Choices) -> None:
        """Of plans that let two more pass: the ranges of their means, and what units decide."""
        hoped = self.met + 2
        model.hope(hoped)
        low, high = np.zeros((2, len(choices.spreads)))
        for at in np.flatnonzero(self.prices[1:]).tolist():
            low[at], high[at] = choices.spreads[at].range(model, self.budget)
            if low[at] > high[at]:
                self.at_most = hoped - 1
                return
        choices.stay_between(low, high)
        most = choices.best(self.prices)[0].most
        if np.isfinite(most):
            self.at_most = min(self.at_most, max(hoped - 1, int(most)))


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
