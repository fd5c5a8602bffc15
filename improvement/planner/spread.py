"""A coefficient in the linear program: squares between chords, the limit between two totals.

With the mean M of a stage known to lie between M₁ and M₂, M² is at most (M₁ + M₂) M − M₁ M₂, and
the square of a whole number lies on the chords between whole numbers: everything is linear.
"""

from fractions import Fraction
from weakref import WeakMethod

import numpy as np

from improvement.planner.problem import Cone
from improvement.planner.program import INFINITY
from improvement.planner.relaxation import Answer, Relaxation
from indicators.calculation.columns import Floats, Integers

_LOW = 1e-9  # of counting
_LOOSE = 1e-6  # by how much a square may lie too low
_SPARED = 1e-6
_ANY = (0.0, 1e6)
_ROUNDS, _MOST_ROUNDS = 12, 24
_WORTH_CUTTING = 1e-5  # of what is asked for: a round that gains less is the last


class Spread:
    """Squares of one cone's values, scaled so that the mean of ``amounts`` is one."""

    def __init__(
        self, model: Relaxation, cone: Cone, amounts: Integers, smooth: bool = False
    ) -> None:
        self.model, self.cone = model, cone
        self.pupils = cone.pupils / cone.pupils.sum()
        self.shares = cone.shares / float(self.pupils @ (amounts[cone.stocks] * cone.shares))
        actions = model.problem.actions
        self.counted = np.array(
            [
                not smooth
                and not any(actions[at].measure.is_divisible for at in model.growers[stock])
                for stock in cone.stocks.tolist()
            ]
        )
        # How many people a mean of one is; nothing where a step counts for several stages.
        own = self.counted.all() and bool((cone.owners == cone.pupils).all())
        self.items = float(amounts[cone.stocks].sum()) if own else 0.0
        self._note_pairs()
        size = len(cone.stocks)
        self.first = model.add_columns(np.zeros(size), np.full(size, INFINITY))
        model.squares.append((self.first, WeakMethod(self._limits)))
        self.rows: tuple[int, ...] = ()
        self._lines: list[tuple[int, int, float]] = []  # row, place, mark
        self.low, self.high = _ANY  # the mean of any plan that is no dearer than the best
        self._cut(np.arange(size), amounts[cone.stocks].astype(np.float64))

    def _note_pairs(self) -> None:
        """By stock the needs of units that may spare it, ascending, and the columns that say so."""
        problem, first = self.model.problem, self.model.actions
        own = {stock: at for at, stock in enumerate(self.cone.stocks.tolist())}
        found: list[list[tuple[int, int]]] = [[] for _stock in own]
        for column, (unit, row) in enumerate(self.model.pairs.tolist(), first):
            at = own.get(int(problem.stock_of[row, unit]))
            if at is not None:
                found[at].append((int(problem.need[row, unit]), column))
        most = max(map(len, found))
        self.needs, self.columns = np.zeros((most, len(own))), np.full((most, len(own)), first)
        for at, pairs in enumerate(found):
            for place, (need, column) in enumerate(sorted(pairs)):
                self.needs[place, at], self.columns[place, at] = need, column
        self.holders = self.model.holders[self.columns - first]

    def _limits(self, amounts: Floats) -> Floats:
        """The largest squares when no stock exceeds its amount, and no more than a mean in range
        leaves to one."""
        alone = float(self.cone.factor) * self.high**2 / self.pupils
        values = amounts[self.cone.stocks] * self.shares
        limits: Floats = np.minimum(values**2, alone) + 1.0
        return limits

    def range(self, model: Relaxation, cost: Fraction) -> tuple[float, float]:
        """Between which means every plan of a model lies that costs at most this; the first is
        above the second where it is proven that there is none."""
        standing, gains = model.total(self.cone, self.pupils * self.shares)
        low, high = model.between(gains, cost)
        return standing + low, standing + high

    def narrow(self, cost: Fraction) -> bool:
        """Say (again) between which means a plan of at most this cost lies; is there one?"""
        low, high = self.range(self.model, cost)
        if low > high:
            return False
        self.stay_between(max(low, self.low), min(high, self.high))
        return True

    def stay_between(self, low: float, high: float) -> None:
        """Speak of plans whose mean lies between these: M² is at most the chord's."""
        standing, gains = self.model.total(self.cone, self.pupils * self.shares)
        self.low, self.high = low, high = self._whole_totals(low, high)
        self._release_rows()
        factor = float(self.cone.factor)
        slope = factor * (low + high)
        squares = enumerate(self.pupils.tolist(), self.first)
        limit = [*((column, -slope * value) for column, value in gains), *squares]
        first = self.model.flush()
        self.rows = (first, first + 1)
        self.model.add_row(low - standing, high - standing, gains)
        self.model.add_row(-INFINITY, slope * standing - factor * low * high, limit)

    def _release_rows(self) -> None:
        for row in self.rows:
            self.model.release(row)
        self.rows = ()

    def mean(self, answer: Answer) -> float:
        return self.mean_of(self.model.amounts_of(answer))

    def mean_of(self, amounts: Integers | Floats) -> float:
        return float(self.pupils @ (amounts[self.cone.stocks] * self.shares))

    def worth(self, answer: Answer) -> float:
        """By about how much, in 万元, the answer is too cheap for the chord above its mean."""
        return abs(self.model.price(self.rows[1])) * self.above(answer)

    def above(self, answer: Answer) -> float:
        """How far the chord lies above the limit at the answer's mean."""
        mean = self.mean(answer)
        return float(self.cone.factor) * (mean - self.low) * (self.high - mean)

    def stay_within(self, amounts: Floats) -> None:
        """Ask more than the limit: M² is never less than its tangent at these amounts' mean."""
        standing, gains = self.model.total(self.cone, self.pupils * self.shares)
        mean = self.mean_of(amounts)
        self._release_rows()
        factor = float(self.cone.factor)
        slope = 2 * factor * mean
        squares = enumerate(self.pupils.tolist(), self.first)
        limit = [*((column, -slope * value) for column, value in gains), *squares]
        self.rows = (self.model.flush(),)
        most = slope * standing - factor * mean * mean
        self.model.add_row(-INFINITY, most - _LOOSE, limit)

    def _whole_totals(self, low: float, high: float) -> tuple[float, float]:
        """People are whole, and so is their total: between two totals lies nothing."""
        if not self.items:
            return low, high
        first, last = np.ceil(low * self.items - _LOW), np.floor(high * self.items + _LOW)
        return (first / self.items, last / self.items) if first <= last else (low, high)

    def separate(self, answer: Answer) -> int:
        """Cut off squares that lie too low; how many."""
        amounts = self.model.amounts_of(answer)[self.cone.stocks]
        asked = np.where(self.holders < 0, 1.0, answer.columns[self.holders])
        asked = asked - answer.columns[self.columns]
        marks = [amounts]
        for needs, kept in zip(self.needs, asked, strict=True):
            spared = np.maximum(1 - kept, _SPARED)
            marks.append(np.clip((amounts - needs * kept) / spared, 0, np.maximum(needs, amounts)))
        least = np.array([self._least(mark, amounts, asked) for mark in marks]) * self.shares**2
        best = least.argmax(axis=0)
        squares = answer.columns[self.first : self.first + len(amounts)]
        found = np.flatnonzero(squares < least.max(axis=0) - _LOOSE)
        self._cut(found, np.choose(best, marks))
        return len(found)

    def _least(self, marks: Floats, amounts: Floats, asked: Floats) -> Floats:
        """What squares of amounts lie above, by the line through each mark."""
        slopes, constants = self._line(marks)
        lifts: Floats = (self._lifts(marks) * asked).sum(axis=0)
        return slopes * amounts - constants + lifts

    def _line(self, amounts: Floats) -> tuple[Floats, Floats]:
        """Slope and constant of what a square lies above: a chord where counted, else a tangent."""
        low = np.floor(amounts + _LOW)
        slopes = np.where(self.counted, 2 * low + 1, 2 * amounts)
        return slopes, np.where(self.counted, low * (low + 1), amounts * amounts)

    def _lifts(self, marks: Floats) -> Floats:
        """How far above its line a square lies where a unit's need is met and not spared.

        The stock is at the need then, so the line is left behind by at least the square of the
        distance; of several units each adds what the one before has not said.
        """
        low = np.where(self.counted, np.floor(marks + _LOW), marks)
        away = np.maximum(self.needs - low, 0.0)
        above = away * np.where(self.counted, np.maximum(away - 1, 0.0), away)
        return np.diff(above, axis=0, prepend=0.0).clip(min=0.0)

    def _cut(self, places: Integers, marks: Floats) -> None:
        """Say of some squares that they lie above the line through their mark."""
        scale = self.shares**2
        slopes, constants = (part * scale for part in self._line(marks))
        lifts = self._lifts(marks) * scale
        sure = np.where(self.holders < 0, lifts, 0.0).sum(axis=0)
        stocks = self.cone.stocks
        least = slopes * self.model.problem.have[stocks] - constants + sure
        for at in places.tolist():
            terms = [(self.first + at, 1.0), *self.model.grown(int(stocks[at]), -float(slopes[at]))]
            for place in np.flatnonzero(lifts[:, at]).tolist():
                lift, holder = float(lifts[place, at]), int(self.holders[place, at])
                terms.append((int(self.columns[place, at]), lift))
                terms += [(holder, -lift)] if holder >= 0 else []
            self._lines.append((len(self.model.lower), at, float(slopes[at] / scale[at] / 2)))
            self.model.add_row(float(least[at]), INFINITY, terms)

    def where_prices_point(self, amounts: Floats) -> Floats:
        """Amounts whose squares rise as the lines the solver pays for; after a solve. Between the
        marks of these lines a tangent meets the price of many, at the marks of one."""
        prices = np.abs(self.model.solver.getSolution().row_dual)
        given = [line for line in self._lines if line[0] < len(prices)]
        rows, places, marks = (np.array(each) for each in zip(*given, strict=True))
        paid = np.bincount(places, prices[rows], len(self.pupils))
        sums = np.bincount(places, prices[rows] * marks, len(self.pupils))
        own, found = self.cone.stocks, amounts.copy()
        found[own] = np.where(paid > 0, sums / np.where(paid > 0, paid, 1.0), amounts[own])
        return found


def refine(
    model: Relaxation, spreads: list[Spread], rounds: int = _ROUNDS, worth: float = _WORTH_CUTTING
) -> Answer | None:
    """Solve and cut until the squares are right, or cutting has become worth nothing."""
    answer, before = model.solve(), -INFINITY
    for turn in range(_MOST_ROUNDS):
        if answer is None or not sum([each.separate(answer) for each in spreads]):
            return answer
        reached = float(model.objective() @ answer.columns)
        if turn >= rounds and reached - before <= worth * abs(reached):
            return answer
        before, answer = reached, model.solve()
    return answer
