"""The plan as a linear program: steps of measures, what each unit spares, cuts for spread.

Values per pupil are scaled by their stage's own, so that coefficients lie near one: with squared
yuan beside people a solver called a feasible model infeasible.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from weakref import WeakMethod

import highspy
import numpy as np

from improvement.planner.certificate import weak_bound
from improvement.planner.problem import Action, Cone, Problem
from improvement.planner.program import INFINITY, Program
from improvement.planner.whole import solve_whole
from indicators.calculation.columns import Flags, Floats, Integers

MONEY = 1e4  # the model counts in 万元
_MOST = 1 << 40
_DUAL, _PRIMAL = 1, 4  # kinds of simplex


@dataclass
class Answer:
    """What a solve gave: steps by action, how far pairs are spared, yuan, and all columns."""

    steps: Floats
    spared: Floats
    cost: float
    columns: Floats


class Relaxation(Program):
    """A lower bound on every plan. ``pairs`` are the (unit, indicator) that could be spared.

    Columns are actions, then pairs, then what ``Spread`` adds. One in an action's column is
    ``unit`` steps: one person or room, and of what is measured about a hundredth of the need.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem
        self.prices = np.array([float(action.price) / MONEY for action in problem.actions])
        self.unit = np.array([_unit_of(action, problem) for action in problem.actions])
        self.growers: list[list[int]] = [[] for _stock in problem.have]
        for at, action in enumerate(problem.actions):
            for stock in action.stocks:
                self.growers[stock].append(at)
        raises = [(at, s) for s, own in enumerate(self.growers) for at in own]
        self._raising, self._raised = np.array(raises, np.int64).reshape(-1, 2).T
        self.pairs = np.argwhere(self._lacking().T)
        self.actions = len(problem.actions)
        # What limits squares, weakly: a ring would keep solvers until the collector comes by.
        self.squares: list[tuple[int, WeakMethod[Callable[[Floats], Floats]]]] = []
        self.most = np.array([float(action.most) for action in problem.actions])
        self.add_columns(self.prices * self.unit, np.minimum(self.most, _MOST) / self.unit)
        self.add_columns(np.zeros(len(self.pairs)), np.ones(len(self.pairs)))
        # By pair the column that says whether its unit shall pass at all; −1 where every one shall.
        self.holders = np.full(len(self.pairs) or 1, -1)
        self._ask()

    def _lacking(self) -> Flags:
        """(7, u): what may end up below its need."""
        lacking: Flags = self.problem.need > self.problem.have[self.problem.stock_of]
        return lacking

    def largest(self, steps: Floats) -> Floats:
        """What the stocks are at most when no action takes more steps than these."""
        amounts = self.problem.have.astype(np.float64)
        np.add.at(amounts, self._raised, steps[self._raising])
        return amounts

    def grown(self, stock: int, weight: float) -> list[tuple[int, float]]:
        """``weight`` × what a stock gains, by column."""
        return [(at, weight * float(self.unit[at])) for at in self.growers[stock]]

    def total(self, cone: Cone, weights: Floats) -> tuple[float, list[tuple[int, float]]]:
        """Σ weights × amounts over a cone: what stands already, and what is gained by column."""
        rows = zip(cone.stocks.tolist(), weights.tolist(), strict=True)
        terms = [term for stock, weight in rows for term in self.grown(stock, weight)]
        return float(weights @ self.problem.have[cone.stocks]), terms

    def _ask(self) -> None:
        """Each pair is at its threshold or spared; a unit spares no more than the rule lets it."""
        choices = defaultdict(list)
        for at, (unit, row) in enumerate(self.pairs.tolist(), self.actions):
            gains, lacking, spared = self.lack(unit, row)
            self.add_row(lacking, INFINITY, [*gains, (at, spared)])
            choices[unit].append((at, 1.0))
        for terms in choices.values():
            self.add_row(-INFINITY, self.problem.spare, terms)

    def lack(self, unit: int, row: int) -> tuple[list[tuple[int, float]], float, float]:
        """By the need of a unit: what it gains by column, what it lacks, what of it is spared."""
        stock = int(self.problem.stock_of[row, unit])
        need, have = int(self.problem.need[row, unit]), int(self.problem.have[stock])
        spared = (need - max(int(self.problem.floor[row, unit]), have)) / need
        return self.grown(stock, 1 / need), (need - have) / need, spared

    def tangent(self, cone: Cone, amounts: Floats) -> None:
        """The cone's tangent at some amounts: no plan within the limit is cut off."""
        pupils = cone.pupils / cone.pupils.sum()
        values = amounts[cone.stocks] * cone.shares
        norm = float(np.sqrt(pupils @ (values * values)))
        if not norm:
            return
        pivot = float(np.sqrt(float(cone.factor))) * norm
        weights = pupils * (values - pivot) * cone.shares / (pivot * pivot)
        standing, gains = self.total(cone, weights)
        self.add_row(-INFINITY, -standing, gains)

    def fix(self, spared: Integers) -> None:
        """From here on every unit spares just this; −1: nothing."""
        chosen = (self.pairs[:, 1] == spared[self.pairs[:, 0]]).astype(np.float64)
        columns = np.arange(self.actions, self.actions + len(self.pairs), dtype=np.int32)
        self.solver.changeColsBounds(len(columns), columns, chosen, chosen)

    # -- asking the solver ---------------------------------------------------------------------

    def solve(self) -> Answer | None:
        """None when the solver finds nothing; what that means is for the caller to judge."""
        self.flush()
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.solver.clearSolver()  # it may have lost its way from where it stood
            self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self._answer(np.array(self.solver.getSolution().col_value))

    def _answer(self, columns: Floats) -> Answer:
        steps = columns[: self.actions] * self.unit
        spared = columns[self.actions : self.actions + len(self.pairs)]
        return Answer(steps, spared, float(self.costs() @ columns) * MONEY, columns)

    def whole(
        self, gap: float, seconds: float, goes_on: Callable[[], bool] = lambda: True
    ) -> tuple[Answer | None, float]:
        """The same in whole persons, rooms and choices; the bound is the solver's word, in yuan."""
        self.flush()
        columns, bound = solve_whole(self.solver.getLp(), self.counted(), gap, seconds, goes_on)
        return None if columns is None else self._answer(columns), bound * MONEY

    def between(self, weights: list[tuple[int, float]], most: Fraction) -> tuple[float, float]:
        """Σ weights × columns of every plan that costs at most ``most`` yuan lies between these.

        Both ends are certified; infinite where the solver gave no prices, and the first above the
        second where it is proven that there is no plan.
        """
        row = self.flush()
        costs = self.costs()
        paid = [(at, float(costs[at])) for at in np.flatnonzero(costs).tolist()]
        self.add_row(-INFINITY, float(most) / MONEY, paid)
        self.flush()
        target = np.zeros(self.width)
        for column, weight in weights:
            target[column] += weight
        found = []
        self.solver.setOptionValue("simplex_strategy", _PRIMAL)  # the point stays feasible
        for sign in (1.0, -1.0):
            self.aim(sign * target)
            self.solver.run()
            found.append(sign * self.certified(sign * target, most))
            if self.is_empty(most):
                found = [INFINITY, -INFINITY]
                break
        self.solver.setOptionValue("simplex_strategy", _DUAL)
        self.aim(self.objective())
        self.release(row)
        return found[0], found[1]

    def price(self, row: int) -> float:
        """What the solver would pay for one more on the side of a row; after a solve."""
        return float(self.solver.getSolution().row_dual[row])

    def counted(self) -> list[int]:
        """Columns that are whole: people, rooms, and what is spared."""
        actions = enumerate(self.problem.actions)
        whole = [at for at, action in actions if not action.measure.is_divisible]
        return [*whole, *range(self.actions, self.actions + len(self.pairs))]

    def costs(self) -> Floats:
        """万元 by column."""
        cost = np.zeros(self.width)
        cost[: self.actions] = self.prices * self.unit
        return cost

    def objective(self) -> Floats:
        """What shall be as small as possible."""
        return self.costs()

    def aim(self, cost: Floats) -> None:
        self.solver.changeColsCost(self.width, np.arange(self.width, dtype=np.int32), cost)

    def certified_bound(self, most: Fraction) -> float:
        """Yuan below which no plan costs, of those that cost at most ``most``; after a solve."""
        return self.certified(self.objective(), most) * MONEY

    def certified(self, cost: Floats, most: Fraction) -> float:
        """What ``cost`` × columns cannot fall below, from the prices the solver put on the rows.

        Weak duality: whatever the prices, the bound holds; good ones give a good bound. Rows are
        loosened by more than the rounding of their coefficients.
        """
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return -INFINITY
        prices = np.array(self.solver.getSolution().row_dual)
        return weak_bound(self.given(), prices, cost, self.limits(most))

    def is_empty(self, most: Fraction) -> bool:
        """No plan of at most this cost meets the rows, proven from the solver's own reason."""
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
            return False
        _status, has_ray, ray = self.solver.getDualRay()  # type: ignore[attr-defined]
        if not has_ray:
            return False
        limits, nothing = self.limits(most), np.zeros(self.width)
        return any(
            weak_bound(self.given(), sign * np.array(ray), nothing, limits) > 0 for sign in (1, -1)
        )

    def limits(self, most: Fraction) -> Floats:
        """The most every column can be in a plan that costs at most ``most``."""
        caps = np.minimum(self.most, float(most) / (self.prices * MONEY))
        steps = caps / self.unit * (1 + 1e-9)
        limits = np.full(self.width, np.inf)
        limits[: self.actions] = steps
        limits[self.actions : self.actions + len(self.pairs)] = 1.0
        amounts = self.largest(steps * self.unit)
        for first, known in self.squares:
            if squares := known():
                largest = squares(amounts)
                limits[first : first + len(largest)] = largest
        return limits

    # -- reading answers -----------------------------------------------------------------------

    def spared_of(self, answer: Answer) -> Integers:
        """Per unit the indicator it spares most; −1 where it spares none."""
        spared = np.full(len(self.problem.units), -1)
        best = np.full(len(self.problem.units), 1e-6)
        for (unit, row), value in zip(self.pairs.tolist(), answer.spared.tolist(), strict=True):
            if value > best[unit]:
                best[unit], spared[unit] = value, row
        return spared

    def amounts_of(self, answer: Answer) -> Floats:
        """The stocks after the answer's steps."""
        return Relaxation.largest(self, answer.steps)


def _unit_of(action: Action, problem: Problem) -> float:
    if not action.measure.is_divisible:
        return 1.0
    needs = problem.need[problem.stock_of == action.stocks[0]]
    return float(10 ** max(0, round(np.log10(max(int(needs.max()), 1))) - 2))
