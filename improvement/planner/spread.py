"""A coefficient in the linear program: squares between chords, the limit between two totals.

With the mean M of a stage known to lie between M₁ and M₂, M² is at most (M₁ + M₂) M − M₁ M₂, and
the square of a whole number lies on the chords between whole numbers: everything is linear.
"""

from fractions import Fraction

import numpy as np

from improvement.planner.problem import Cone
from improvement.planner.program import INFINITY
from improvement.planner.relaxation import Answer, Relaxation
from indicators.calculation.columns import Floats, Integers

_LOW = 1e-9  # by how much a square may lie too low
_ROUNDS = 12


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
        size = len(cone.stocks)
        self.first = model.add_columns(np.zeros(size), np.full(size, INFINITY))
        model.squares.append((self.first, self._limits))
        self.rows: tuple[int, ...] = ()
        for at in range(size):
            self._cut(at, float(amounts[cone.stocks[at]]))

    def _limits(self, steps: Floats) -> Floats:
        """The largest squares when no action takes more steps than these."""
        amounts = self.model.problem.have[self.cone.stocks].astype(np.float64)
        for at, stock in enumerate(self.cone.stocks.tolist()):
            amounts[at] += sum(steps[grower] for grower in self.model.growers[stock])
        return (amounts * self.shares) ** 2 + 1.0

    def narrow(self, cost: Fraction) -> None:
        """Say (again) between which means a plan of at most this cost lies."""
        standing, gains = self.model.total(self.cone, self.pupils * self.shares)
        low, high = (standing + end for end in self.model.between(gains, cost))
        low, high = self._whole_totals(max(low, 0.0), min(high, 1e6))
        for row in self.rows:
            self.model.release(row)
        factor = float(self.cone.factor)
        slope = factor * (low + high)
        squares = enumerate(self.pupils.tolist(), self.first)
        limit = [*((column, -slope * value) for column, value in gains), *squares]
        first = self.model.flush()
        self.rows = (first, first + 1)
        self.model.add_row(low - standing, high - standing, gains)
        self.model.add_row(-INFINITY, slope * standing - factor * low * high, limit)

    def stay_within(self, amounts: Floats) -> None:
        """Ask more than the limit: M² is never less than its tangent at these amounts' mean."""
        standing, gains = self.model.total(self.cone, self.pupils * self.shares)
        mean = float(self.pupils @ (amounts[self.cone.stocks] * self.shares))
        for row in self.rows:
            self.model.release(row)
        factor = float(self.cone.factor)
        slope = 2 * factor * mean
        squares = enumerate(self.pupils.tolist(), self.first)
        limit = [*((column, -slope * value) for column, value in gains), *squares]
        self.rows = (self.model.flush(),)
        self.model.add_row(-INFINITY, slope * standing - factor * mean * mean, limit)

    def _whole_totals(self, low: float, high: float) -> tuple[float, float]:
        """People are whole, and so is their total: between two totals lies nothing."""
        if not self.items:
            return low, high
        first, last = np.ceil(low * self.items - _LOW), np.floor(high * self.items + _LOW)
        return (first / self.items, last / self.items) if first <= last else (low, high)

    def separate(self, answer: Answer) -> int:
        """Cut off squares that lie too low; how many."""
        amounts = self.model.amounts_of(answer)[self.cone.stocks]
        slopes, constants = self._line(amounts)
        least = (slopes * amounts - constants) * self.shares**2
        squares = answer.columns[self.first : self.first + len(amounts)]
        found = np.flatnonzero(squares < least - _LOW).tolist()
        for at in found:
            self._cut(at, float(amounts[at]))
        return len(found)

    def _line(self, amounts: Floats) -> tuple[Floats, Floats]:
        """Slope and constant of what a square lies above: a chord where counted, else a tangent."""
        low = np.floor(amounts + _LOW)
        slopes = np.where(self.counted, 2 * low + 1, 2 * amounts)
        return slopes, np.where(self.counted, low * (low + 1), amounts * amounts)

    def _cut(self, at: int, amount: float) -> None:
        stock, share = int(self.cone.stocks[at]), float(self.shares[at])
        slopes, constants = self._line(np.full(len(self.counted), amount))
        slope, constant = float(slopes[at]) * share * share, float(constants[at]) * share * share
        have = float(self.model.problem.have[stock])
        terms = [(self.first + at, 1.0), *self.model.grown(stock, -slope)]
        self.model.add_row(slope * have - constant, INFINITY, terms)


def refine(model: Relaxation, spreads: list[Spread]) -> Answer | None:
    """Solve and cut until the squares are right."""
    answer = model.solve()
    for _round in range(_ROUNDS):
        if answer is None or not sum([each.separate(answer) for each in spreads]):
            return answer
        answer = model.solve()
    return answer
