"""Unit by unit: what whole choices give at the prices a linear program proposes for a budget.

At a price for money and one for the spread of every coefficient each unit decides by itself: does
it pass, sparing what, and what stands above that? No plan lets more pass than the sum of these
decisions says, and that is less than the program says, which lets units pass by halves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from improvement.planner.passing import Passing
from improvement.planner.problem import Problem
from improvement.planner.program import INFINITY, Program
from improvement.planner.relaxation import MONEY, Answer
from improvement.planner.spread import Spread
from indicators.calculation.columns import Floats, Integers

_ROUNDS, _WORTH = 12, 0.02  # of other prices, and of a unit: what is worth another round
_FAR = 0.15  # of a price, how far the next may lie
_ROUNDING = 1e-12  # of all that is added up
_NEVER = 1e9


@dataclass(frozen=True)
class Decided:
    """At most ``most`` units pass. ``gain`` is by unit what passing is worth to it, ``spared``
    what it spares then; ``over`` how far all together is beyond the budget and each limit."""

    most: float
    gain: Floats
    spared: Integers
    over: Floats


class Choices:
    """Of a district whose units share nothing."""

    def __init__(self, model: Passing, spreads: Sequence[Spread], answer: Answer) -> None:
        self.model, self.problem, self.spreads = model, model.problem, spreads
        self.factors = np.array([float(spread.cone.factor) for spread in spreads])
        means = np.array([spread.mean(answer) for spread in spreads])
        self.stay_between(means, means)
        self.budget = float(model.budget) / MONEY
        self.prices = _shared_out(self.problem, _worths(model)) / MONEY
        paid = self.prices > 0
        enough = self.budget / np.where(paid, self.prices, 1.0) + 1
        own = self.problem.stock_of
        self.have = self.problem.have[own].astype(np.float64)
        most = np.where(paid, self.problem.have + np.ceil(enough), np.inf)
        self.most = np.minimum(self.problem.most, most)[own]
        self.floor = np.maximum(self.problem.floor, self.have)
        self.need = np.maximum(self.problem.need, self.have)

    def stay_between(self, low: Floats, high: Floats) -> None:
        """Speak of plans whose means lie between these, where M² is at most the chord's."""
        self.slopes, self.levels = self.factors * (low + high), self.factors * low * high

    def best(self, prices: Floats) -> tuple[Decided, Floats]:
        """The least bound near these prices, and the prices it stands at: each round looks where
        all the lines met so far are lowest."""
        size, far, near = len(prices), _FAR, prices
        best = self.decide(prices)
        lines, columns = Program(), np.arange(size, dtype=np.int32)
        lines.add_columns(np.append(np.zeros(size), 1.0), np.full(size + 1, INFINITY))
        met, at = best, prices
        for _round in range(_ROUNDS):
            line = [*enumerate(met.over.tolist()), (size, 1.0)]
            lines.add_row(met.most + float(met.over @ at), INFINITY, line)
            lines.flush()
            low, high = np.maximum(prices - far * near, 0.0), prices + far * near
            lines.solver.changeColsBounds(size, columns, low, high)
            lines.solver.run()
            found = np.array(lines.solver.getSolution().col_value)
            if len(found) <= size or best.most - found[size] < _WORTH:
                break
            at = found[:size]
            met = self.decide(at)
            if met.most < best.most:
                best, prices = met, at
            else:
                far /= 2
        return best, prices

    def asked(self) -> Floats:
        """The prices of the solver; right after its answer."""
        rows = [self.model.paid, *(spread.rows[0] for spread in self.spreads)]
        return np.maximum([-self.model.price(row) for row in rows], 0.0)

    def decide(self, prices: Floats) -> Decided:
        """At a price for 万元 and one for the spread of each coefficient."""
        squares, lines, constant = self._priced(prices)
        where = np.where(squares > 0, -lines / np.where(squares > 0, 2 * squares, 1.0), -np.inf)
        where = np.where((squares > 0) | (lines >= 0), where, np.inf)

        def cheapest(least: Floats) -> tuple[Floats, Floats]:
            mark = np.clip(where, least, np.maximum(self.most, least))
            below = np.maximum(np.floor(mark), least)
            above = np.where(below < self.most, below + 1, below)
            costs = [(squares * each + lines) * each for each in (below, above)]
            is_above, cost = costs[1] < costs[0], np.minimum(*costs)
            return np.where(is_above, above, below), np.where(least > self.most, _NEVER, cost)

        (idle, none), (low, spare), (full, whole) = map(
            cheapest, (self.have, self.floor, self.need)
        )
        units = np.arange(none.shape[1])
        spared = (whole - spare).argmax(axis=0)
        cost = whole.sum(axis=0) - (whole - spare)[spared, units]
        gain = 1 + none.sum(axis=0) - cost
        chosen = np.where(gain > 0, full, idle)
        chosen[spared, units] = np.where(gain > 0, low[spared, units], chosen[spared, units])
        size = float(np.abs(squares * chosen * chosen).sum() + np.abs(lines * chosen).sum())
        most = np.maximum(gain, 0.0).sum() - none.sum() - constant
        most += _ROUNDING * (size + float(np.abs(none).sum()) + abs(constant))
        return Decided(float(most), gain, spared, self._over(chosen))

    def _priced(self, prices: Floats) -> tuple[Floats, Floats, float]:
        """What every stock costs: by its square, by itself, and what all do without it."""
        stocks = self.prices.size
        squares, lines = np.zeros(stocks), prices[0] * self.prices
        constant = -prices[0] * (self.budget + float(self.prices @ self.problem.have))
        for at, (price, spread) in enumerate(zip(prices[1:].tolist(), self.spreads, strict=True)):
            own = spread.cone.stocks
            squares[own] += price * spread.pupils * spread.shares**2
            lines[own] -= price * self.slopes[at] * spread.pupils * spread.shares
            constant += price * float(self.levels[at])
        own = self.problem.stock_of
        return squares[own], lines[own], constant

    def _over(self, chosen: Floats) -> Floats:
        amounts = np.empty(self.prices.size)
        amounts[self.problem.stock_of] = chosen
        found = [float(self.prices @ (amounts - self.problem.have)) - self.budget]
        for slope, level, spread in zip(self.slopes, self.levels, self.spreads, strict=True):
            values = amounts[spread.cone.stocks] * spread.shares
            found.append(float(spread.pupils @ (values * values - slope * values)) + level)
        return np.array(found)


def _worths(model: Passing) -> Floats:
    """Yuan a step of every stock is worth to the solver, where one measure raises it alone."""
    dear = -model.price(model.paid) or 1.0
    spare = np.array(model.solver.getSolution().col_dual)[: model.actions] / model.unit
    found = np.full(len(model.problem.have), np.inf)
    left = (spare * MONEY / dear).tolist()
    for action, dearer in zip(model.problem.actions, left, strict=True):
        if len(action.stocks) == 1:
            at = action.stocks[0]
            found[at] = min(found[at], float(action.price) - dearer)
    return np.where(np.isfinite(found), found, 0.0)


def _shared_out(problem: Problem, worths: Floats) -> Floats:
    """Yuan by stock, so that no measure costs less than all it raises: near what the stocks are
    worth, and then as much as can be."""
    found = np.zeros(len(worths))
    left = [float(action.price) for action in problem.actions]
    raising: dict[int, list[int]] = {}
    for at, action in enumerate(problem.actions):
        for stock in action.stocks:
            raising.setdefault(stock, []).append(at)
    for wished in (worths, np.full(len(worths), np.inf)):
        for stock, actions in raising.items():
            more = min(wished[stock] - found[stock], *(left[at] for at in actions))
            found[stock] += max(more, 0.0)
            for at in actions:
                left[at] -= max(more, 0.0)
    return found
