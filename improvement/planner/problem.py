"""What is to be decided: stocks that can grow, what growing costs, what units and stages ask.

A stock is one figure of one school that counts in one indicator: the 教师 of a stage, or a facility
that both stages of a school share. Amounts are whole steps of the raw field (a person, a room,
0.01 ㎡, 1 元), prices yuan per step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from improvement.planner.measures import Measure, Terms
from indicators.calculation.columns import Floats, Integers
from indicators.calculation.resources import judge_resources
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, RATIOS, STAGES
from indicators.calculation.school_intake import School
from indicators.calculation.units import Unit, as_columns, list_units

NO_CAP = 1 << 50


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
        """N Σ n x² − (1 + L²) (Σ n x)²; at most zero when the coefficient is within its limit."""
        values = amounts[self.stocks] * self.shares
        total = float(self.pupils @ values)
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
        away = values - mean
        return float(np.sqrt(self.pupils @ (away * away) / self.pupils.sum())) / mean

    def pivot(self, amounts: Integers | Floats) -> float:
        """The value above which one more raises the coefficient: Σ n x² / Σ n x."""
        values = amounts[self.stocks] * self.shares
        total = float(self.pupils @ values)
        return float(self.pupils @ (values * values)) / total if total else 0.0

    def holds(self, amounts: Integers) -> bool:
        """The same decided in whole numbers."""
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
    ``spare`` is how many of the seven may stay between the two.
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

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Actions by school and stage: what is bought in one does not count in another."""
        found: dict[int, list[int]] = {}
        owners: dict[int, int] = {}
        for at, action in enumerate(self.actions):
            root = min((owners.get(stock, at) for stock in action.stocks), default=at)
            for stock in action.stocks:
                owners[stock] = root
        for at, action in enumerate(self.actions):
            found.setdefault(owners[action.stocks[0]], []).append(at)
        return tuple(map(tuple, found.values()))

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


def pose(schools: Sequence[School], rules: Rules, terms: Terms) -> Problem:
    """The problem of schools that every figure of part A is known of."""
    units = [unit for unit in list_units(schools, rules) if unit.counted]
    columns = as_columns(units)
    judged = judge_resources(columns, rules).ratios
    positions = {school["school_code"]: at for at, school in enumerate(schools)}
    stocks: dict[tuple[int, str, str], int] = {}
    stock_of = np.empty(columns.amounts.shape, np.int64)
    for row, ratio in enumerate(RATIOS):
        for at, unit in enumerate(units):
            stage = "" if ratio.split else unit.stage
            key = positions[unit.school["school_code"]], ratio.code, stage
            stock_of[row, at] = stocks.setdefault(key, len(stocks))
    have = np.zeros(len(stocks), np.int64)
    have[stock_of.ravel()] = columns.amounts.ravel()
    actions = tuple(_actions(schools, stocks, terms))
    most = have.copy()
    for action in actions:
        for stock in action.stocks:
            most[stock] = min(NO_CAP, most[stock] + action.most)
    return Problem(
        tuple(schools),
        tuple(units),
        stock_of,
        have,
        columns.amounts + judged.shortfall,
        columns.amounts + judged.shortfall_to_floor,
        most,
        actions,
        tuple(_cones(columns.stage, units, stock_of, rules)),
        len(CODES) - rules.required_met,
    )


def _actions(
    schools: Sequence[School], stocks: Mapping[tuple[int, str, str], int], terms: Terms
) -> Iterator[Action]:
    stages_of: dict[int, list[str]] = {}
    for school, _code, stage in stocks:
        if stage and stage not in stages_of.setdefault(school, []):
            stages_of[school].append(stage)
    for school in range(len(schools)):
        for measure in terms.measures:
            stages = stages_of.get(school, []) if measure.by_stage else [""]
            for stage in stages:
                raised = tuple(
                    stocks[key]
                    for code in measure.raises
                    if (key := (school, code, "" if RATIOS[CODES.index(code)].split else stage))
                    in stocks
                )
                most = min(NO_CAP, terms.most(measure, schools[school]))
                if raised and most:
                    yield Action(school, stage, measure, measure.price_of_step, most, raised)


def _cones(
    stages: Integers, units: Sequence[Unit], stock_of: Integers, rules: Rules
) -> Iterator[Cone]:
    pupils = np.array([unit.pupils for unit in units], np.int64)
    weighted = np.array([unit.weighted_pupils or 1 for unit in units], np.int64)
    weights = np.array([unit.weight for unit in units], np.int64)
    for position, stage in enumerate(STAGES):
        own = np.flatnonzero(stages == position)
        if not len(own):
            continue
        limit = Fraction(rules.dispersion_limits[stage])
        for row, ratio in enumerate(RATIOS):
            alone = np.ones(len(own), np.int64)
            yield Cone(
                ratio.code,
                stage,
                own,
                stock_of[row, own],
                pupils[own],
                weighted[own] if ratio.split else pupils[own],
                weights[own] if ratio.split else alone,
                1 + limit * limit,
            )
