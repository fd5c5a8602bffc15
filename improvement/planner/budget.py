"""The best a budget can do: most units that pass, every coefficient within its limit.

A linear program says how many could pass at most and which come cheapest; as many of these as the
budget reaches are then bought in whole steps, levelled like any other plan.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import numpy as np

from improvement.planner.buying import Steps, cost_of, reached
from improvement.planner.levelling import settle
from improvement.planner.problem import Cone, Problem
from improvement.planner.program import INFINITY
from improvement.planner.relaxation import MONEY, Answer, Relaxation
from improvement.planner.search import BINDS
from improvement.planner.spread import Spread, refine
from indicators.calculation.columns import Flags, Floats, Integers

_TANGENTS, _NARROWINGS = 3, 3
_WHOLE = 1e-6


@dataclass(frozen=True)
class Most:
    """What ``steps`` cost and which units pass after them; no plan lets more than ``at_most``."""

    steps: Steps
    cost: Fraction
    passing: Flags
    at_most: int


class Passing(Relaxation):
    """Units need not pass; as many as possible shall, for a sum of yuan.

    After the columns of ``Relaxation`` each unit that lacks something has one: does it pass?
    """

    def __init__(self, problem: Problem, budget: Fraction) -> None:
        super().__init__(problem)
        self.budget, self.paid = budget, self.flush()
        self.aim(self.objective())
        prices = (self.prices * self.unit).tolist()
        self.add_row(-INFINITY, float(budget) / MONEY, enumerate(prices))

    def spend(self, budget: Fraction) -> None:
        """From here on this is the sum."""
        self.flush()
        self.budget, self.rows[self.paid].upper = budget, float(budget) / MONEY
        self.solver.changeRowBounds(self.paid, -INFINITY, float(budget) / MONEY)

    def _ask(self) -> None:
        self.asking = np.unique(self.pairs[:, 0])
        size = len(self.asking)
        self.first = self.add_columns(np.full(size, -1.0), np.ones(size))
        spare = -float(self.problem.spare)
        passes = {unit: self.first + at for at, unit in enumerate(self.asking.tolist())}
        choices = {unit: [(column, spare)] for unit, column in passes.items()}
        for at, (unit, row) in enumerate(self.pairs.tolist(), self.actions):
            gains, lacking, spared = self.lack(unit, row)
            self.holders[at - self.actions] = passes[unit]
            self.add_row(0.0, INFINITY, [*gains, (at, spared), (passes[unit], -lacking)])
            choices[unit].append((at, 1.0))
        for terms in choices.values():
            self.add_row(-INFINITY, 0.0, terms)

    def passes(self, answer: Answer) -> Floats:
        """How far each unit passes, 0 to 1."""
        found = np.ones(len(self.problem.units))
        found[self.asking] = answer.columns[self.first : self.first + len(self.asking)]
        return found

    def objective(self) -> Floats:
        target = np.zeros(self.width)
        target[self.first : self.first + len(self.asking)] = -1.0
        return target

    def at_most(self) -> int:
        """Units no plan exceeds, proven in whole numbers from the prices of the last solve."""
        more = min(-self.certified(self.objective(), self.budget), len(self.asking))
        return len(self.problem.units) - len(self.asking) + floor(more)

    def limits(self, most: Fraction) -> Floats:
        limits = super().limits(most)
        limits[self.first : self.first + len(self.asking)] = 1.0
        return limits


class Spending:
    """Looks for the most units; ends within one of what is possible, or when it gets no further.

    ``start`` are steps within the budget that meet every coefficient, whoever passes.
    """

    def __init__(self, problem: Problem, budget: Fraction, start: Steps) -> None:
        self.problem, self.budget = problem, budget
        self.start = self.best = start
        self.at_most = len(problem.units)
        self.model, self.spreads = Passing(problem, budget), list[Spread]()

    def run(self) -> Most:
        for _round in range(_TANGENTS):
            answer = self.model.solve()
            loose = [] if answer is None else self._learn(answer)
            if answer is None or not loose or self._is_done:
                break
            for cone in loose:
                self.model.tangent(cone, self.model.amounts_of(answer))
                self.model.tangent(cone, reached(self.problem, self.best).astype(np.float64))
        if not self._is_done and self.problem.cones:
            self._narrow()
        return self._found()

    def again(self, budget: Fraction) -> Most:
        """For less money: what was learnt of the coefficients holds, what was bought does not."""
        self.model.spend(budget)
        self.budget, self.best = budget, self.start
        answer = refine(self.model, self.spreads)
        if answer is not None:
            self._learn(answer)
        if not self._is_done and self.problem.cones:
            self._narrow()
        return self._found()

    def _found(self) -> Most:
        passing = self.problem.passing(reached(self.problem, self.best))
        return Most(self.best, cost_of(self.problem, self.best), passing, self.at_most)

    @property
    def _is_done(self) -> bool:
        return self._count(self.best) >= self.at_most - 1

    def _count(self, steps: Steps) -> int:
        return int(self.problem.passing(reached(self.problem, steps)).sum())

    def _narrow(self) -> None:
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
        few, many = self._count(self.best), min(len(order), self.at_most)
        while few < many:
            middle = (few + many + 1) // 2
            least = _asked(self.problem, order[:middle], spared)
            floors = np.floor(np.minimum(amounts, self.problem.most) + 1e-6).astype(np.int64)
            steps = self._bought(np.maximum(least, floors)) or self._bought(least)
            if steps is None:
                many = middle - 1
            else:
                self.best, few = steps, middle
        return [cone for cone in self.problem.cones if cone.ratio(amounts) > 1 + _WHOLE]

    def _bought(self, least: Integers) -> Steps | None:
        steps = settle(self.problem, least)
        within = steps is not None and cost_of(self.problem, steps) <= self.budget
        return steps if within else None


def coefficients_alone(problem: Problem) -> Problem:
    """The same district where no unit is asked to pass."""
    have = problem.have[problem.stock_of]
    return replace(problem, need=have, floor=have)


def _asked(problem: Problem, units: Integers, spared: Integers) -> Integers:
    """What stocks must hold so that these units pass."""
    asked = np.zeros_like(problem.need)
    asked[:, units] = problem.need[:, units]
    sparing = units[spared[units] >= 0]
    asked[spared[sparing], sparing] = problem.floor[spared[sparing], sparing]
    return problem.least_of(asked)
