"""The program behind a budget: as many units as possible shall pass for a sum of yuan."""

from fractions import Fraction
from math import floor

import numpy as np

from improvement.planner.problem import Problem
from improvement.planner.program import INFINITY
from improvement.planner.relaxation import MONEY, Answer, Relaxation
from indicators.calculation.columns import Floats, Integers

_PART = 1e-6
_PROMISED = 6  # one of so many units that pass in part is promised at a time


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
        self.add_row(-INFINITY, INFINITY, [(column, 1.0) for column in self._columns()])

    def _columns(self) -> range:
        return range(self.first, self.first + len(self.asking))

    def spend(self, budget: Fraction) -> None:
        """From here on this is the sum."""
        self.flush()
        self.budget = budget
        self.bound_row(self.paid, -INFINITY, float(budget) / MONEY)

    def promise(self, answer: Answer) -> bool:
        """Some of the units that pass in part shall pass, those first that nearly do; none left?"""
        passes = answer.columns[self._columns()]
        order = np.argsort(-passes, kind="stable")
        partly = order[(passes[order] > _PART) & (passes[order] < 1 - _PART)]
        for at in partly[: -(-len(partly) // _PROMISED)].tolist():
            self.solver.changeColBounds(self.first + at, 1.0, 1.0)
        return bool(len(partly))

    def forget(self, budget: Fraction) -> None:
        """What was promised; and this is the sum again."""
        columns = np.array(self._columns(), np.int32)
        self.solver.changeColsBounds(len(columns), columns, np.zeros(len(columns)), self.possible)
        self.spend(budget)

    def hope(self, units: int) -> None:
        """Speak of plans that let at least so many pass."""
        surely = len(self.problem.units) - len(self.asking)
        self.flush()
        self.bound_row(self.paid + 1, units - surely, INFINITY)

    def _ask(self) -> None:
        self.asking = np.unique(self.pairs[:, 0])
        size = len(self.asking)
        # A unit that caps hold back passes in no part either.
        self.possible = self.problem.passing(self.problem.most)[self.asking].astype(np.float64)
        self.first = self.add_columns(np.full(size, -1.0), self.possible)
        spare = -float(self.problem.spare)
        passes = {unit: self.first + at for at, unit in enumerate(self.asking.tolist())}
        choices = {unit: [(column, spare)] for unit, column in passes.items()}
        for at, (unit, row) in enumerate(self.pairs.tolist(), self.actions):
            gains, lacking, spared = self.lack(unit, row)
            self.holders[at - self.actions] = passes[unit]
            self.add_row(0.0, INFINITY, [*gains, (at, spared), (passes[unit], -lacking)])
            if self.problem.need[row, unit] > self.problem.most[self.problem.stock_of[row, unit]]:
                self.add_row(0.0, INFINITY, [(at, 1.0), (passes[unit], -1.0)])  # spared wholly
            choices[unit].append((at, 1.0))
        for terms in choices.values():
            self.add_row(-INFINITY, 0.0, terms)

    def passes(self, answer: Answer) -> Floats:
        """How far each unit passes, 0 to 1."""
        found = np.ones(len(self.problem.units))
        found[self.asking] = answer.columns[self._columns()]
        return found

    def objective(self) -> Floats:
        target = np.zeros(self.width)
        target[self._columns()] = -1.0
        return target

    def at_most(self) -> int:
        """Units no plan exceeds, proven in whole numbers from the prices of the last solve."""
        more = min(-self.certified(self.objective(), self.budget), len(self.asking))
        return len(self.problem.units) - len(self.asking) + floor(more)

    def limits(self, most: Fraction) -> Floats:
        limits = super().limits(most)
        limits[self._columns()] = self.possible
        return limits


def asked_by(problem: Problem, units: Integers, spared: Integers) -> Integers:
    """What stocks must hold so that these units pass."""
    asked = np.zeros_like(problem.need)
    asked[:, units] = problem.need[:, units]
    sparing = units[spared[units] >= 0]
    asked[spared[sparing], sparing] = problem.floor[spared[sparing], sparing]
    return problem.least_of(asked)
