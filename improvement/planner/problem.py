"""What is to be decided: stocks that can grow, what growing costs, what units and stages ask.

A stock is one figure of one school that counts in one indicator: the 教师 of a stage, or a facility
that both stages of a school share. Amounts are whole steps of the raw field (a person, a room,
0.01 ㎡, 1 元), prices yuan per step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from improvement.planner.measures import Measure
from indicators.calculation.columns import Flags, Floats, Integers
from indicators.calculation.school_intake import School
from indicators.calculation.units import Unit

_CLEAR = 1e-11  # of the sum of squares: far more than its rounding


@dataclass(frozen=True)
class Action:
    """One measure in one school and stage: every step costs ``price`` and raises its stocks by one.

    ``most`` is how many steps may be taken.
    """

    school: int
    stage: str
    measure: Measure
    price: Fraction
    most: int
    stocks: tuple[int, ...]


@dataclass(frozen=True)
class Cone:
    """One 差异系数: its units' stocks, pupils, value per pupil of one step, and (1 + limit²)."""

    code: str
    stage: str
    units: Integers
    stocks: Integers
    pupils: Integers
    owners: Integers  # a unit owns weight / owners of a step: its value per pupil
    weights: Integers
    factor: Fraction

    @property
    def shares(self) -> Floats:
        return self.weights / self.owners

    def excess(self, amounts: Integers | Floats) -> float:
        """N Σ n x² − (1 + L²) (Σ n x)²; at most zero when the coefficient is within its limit.

        Infinite where all is zero: such a coefficient is unknown, which is never a pass.
        """
        values = amounts[self.stocks] * self.shares
        total = float(self.pupils @ values)
        if not total:
            return float("inf")
        return (
            float(self.pupils.sum() * (self.pupils @ (values * values)))
            - float(self.factor) * total * total
        )

    def ratio(self, amounts: Integers | Floats) -> float:
        """The coefficient by its limit."""
        return self.coefficient(amounts) / float(self.factor - 1) ** 0.5

    def coefficient(self, amounts: Integers | Floats) -> float:
        values = amounts[self.stocks] * self.shares
        mean = float(self.pupils @ values) / float(self.pupils.sum())
        if not mean:
            return float("inf")
        away = values - mean
        return float(np.sqrt(self.pupils @ (away * away) / self.pupils.sum())) / mean

    def pivot(self, amounts: Integers | Floats) -> float:
        """The value above which one more raises the coefficient: Σ n x² / Σ n x."""
        values = amounts[self.stocks] * self.shares
        total = float(self.pupils @ values)
        return float(self.pupils @ (values * values)) / total if total else 0.0

    def holds(self, amounts: Integers) -> bool:
        """The same decided exactly: in fractions where rounding could hide the answer."""
        values = amounts[self.stocks] * self.shares
        size = float(self.pupils.sum()) * float(self.pupils @ (values * values))
        excess = self.excess(amounts)
        if abs(excess) > _CLEAR * size:
            return excess < 0
        return self._holds_exactly(amounts)

    def _holds_exactly(self, amounts: Integers) -> bool:
        rows = zip(
            *(each.tolist() for each in (amounts[self.stocks], self.weights, self.owners)),
            self.pupils.tolist(),
            strict=True,
        )
        total = squares = Fraction()
        for amount, weight, owners, pupils in rows:
            value = Fraction(amount * weight, owners)
            total += pupils * value
            squares += pupils * value * value
        return int(self.pupils.sum()) * squares <= self.factor * total * total


@dataclass(frozen=True)
class Problem:
    """A district. (7, u) arrays are by indicator and unit; stocks and actions are numbered.

    ``need`` and ``floor`` are the stock amounts from which a unit is at threshold and at 85 %;
    ``spare`` is how many of the seven may stay between the two. What is ``locked`` is bought in
    any case, each ``most`` steps: ``have`` counts it already, prices of plans do not.
    """

    schools: tuple[School, ...]
    units: tuple[Unit, ...]
    stock_of: Integers
    have: Integers
    need: Integers
    floor: Integers
    most: Integers
    actions: tuple[Action, ...]
    cones: tuple[Cone, ...]
    spare: int
    locked: tuple[Action, ...] = ()

    @cached_property
    def shared(self) -> tuple[Cone, ...]:
        """Coefficients that have a stock in common with another."""
        counts = np.zeros(len(self.have), np.int64)
        for cone in self.cones:
            counts[cone.stocks] += 1
        return tuple(cone for cone in self.cones if (counts[cone.stocks] > 1).any())

    @property
    def is_apart(self) -> bool:
        """No two units have a stock in common."""
        return self.stock_of.size == len(self.have)

    @cached_property
    def alone(self) -> tuple[Integers, Integers, Integers]:
        """Actions that raise one stock which no other raises, that stock, and their most."""
        own = [at for group in self._groups for at in group if self._is_alone(group)]
        stocks = [self.actions[at].stocks[0] for at in own]
        found = own, stocks, [self.actions[at].most for at in own]
        actions, raised, most = (np.array(each, np.int64) for each in found)
        return actions, raised, most

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The other actions by school and stage: what is bought in one does not count in
        another."""
        return tuple(group for group in self._groups if not self._is_alone(group))

    def _is_alone(self, group: tuple[int, ...]) -> bool:
        return len(group) == 1 and len(self.actions[group[0]].stocks) == 1

    @cached_property
    def _groups(self) -> tuple[tuple[int, ...], ...]:
        found: dict[int, list[int]] = {}
        owners: dict[int, int] = {}
        for at, action in enumerate(self.actions):
            root = min((owners.get(stock, at) for stock in action.stocks), default=at)
            for stock in action.stocks:
                owners[stock] = root
        for at, action in enumerate(self.actions):
            found.setdefault(owners[action.stocks[0]], []).append(at)
        return tuple(map(tuple, found.values()))

    @cached_property
    def whole_prices(self) -> tuple[list[int], int]:
        """Of a step of every action, in parts of a yuan, and how many parts are one."""
        parts = lcm(*(action.price.denominator for action in self.actions))
        return [int(action.price * parts) for action in self.actions], parts

    @property
    def price_of_locked(self) -> Fraction:
        """Yuan."""
        return sum((action.price * action.most for action in self.locked), Fraction())

    def taken(self, steps: Mapping[int, int]) -> Iterator[tuple[Action, int]]:
        """Everything that is bought with some steps of the actions, what is locked included."""
        yield from ((action, action.most) for action in self.locked)
        yield from ((self.actions[at], steps[at]) for at in sorted(steps) if steps[at])

    def passing(self, amounts: Integers) -> Flags:
        """Which units pass with such stocks."""
        own = amounts[self.stock_of]
        enough = (own < self.need).sum(axis=0) <= self.spare
        passing: Flags = enough & (own >= self.floor).all(axis=0)
        return passing

    def least(self, spared: Integers) -> Integers:
        """What every stock must hold when unit u spares ``spared[u]`` (−1: nothing)."""
        asked = self.need.copy()
        units = np.flatnonzero(spared >= 0)
        asked[spared[units], units] = self.floor[spared[units], units]
        return self.least_of(asked)

    def least_of(self, asked: Integers) -> Integers:
        """Stocks for what is asked by indicator and unit, at least what stands."""
        least = self.have.copy()
        np.maximum.at(least, self.stock_of.ravel(), asked.ravel())
        return least
