"""How far do schools differ? 差异系数 of every district, stage and indicator, decided exactly.

n pupils of a unit, X its numerator, x = X / n; mean = ΣX / Σn; S² = Σ n (x − mean)² / Σn;
coefficient = S / mean. The bulk is computed in floats; a coefficient within rounding reach of its
limit is judged again in fractions by S² ≤ (limit × mean)², which needs no root.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from indicators.calculation.columns import Codes, Flags, Floats, Groups, Integers, UnitColumns
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, FAILED, PASSED, RATIOS, STAGES, UNDECIDED

# Float sums over 10⁵ units err by less than 10⁻¹⁰ of the squared mean; ten times that is near.
REACH = 1e-9


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Per indicator and group, shape (7, g); nan where the coefficient cannot be said.

    ``mean`` and ``sd`` are in the indicator's unit (per 100 pupils for A1–A3 and A7). ``verdicts``
    are codes of ``VERDICTS``; ``unweighted_*`` show what counting every school alike would say.
    """

    mean: Floats
    sd: Floats
    cv: Floats
    unweighted_cv: Floats
    verdicts: Codes
    unweighted_verdicts: Codes
    borderline: Flags


@dataclass(frozen=True, slots=True)
class _Row:
    """One indicator, units in group order: x = amounts × share / pupils, and a weight each."""

    amounts: Integers
    share: Integers
    pupils: Integers
    weights: Integers

    def exact(self, units: slice) -> tuple[Fraction, Fraction]:
        """Squared mean and variance of some units, as fractions."""
        columns = (self.amounts, self.share, self.pupils, self.weights)
        whole = zip(*(column[units].tolist() for column in columns), strict=True)
        rows = [
            (Fraction(amount * share, pupils), weight) for amount, share, pupils, weight in whole
        ]
        total = sum(weight for _, weight in rows)
        mean = sum((x * weight for x, weight in rows), Fraction()) / total
        squares = sum((x * x * weight for x, weight in rows), Fraction()) / total
        return mean * mean, squares - mean * mean


@dataclass(frozen=True, slots=True)
class _Spread:
    """Mean and variance per group in floats, and the row they can be had from exactly."""

    row: _Row
    groups: Groups
    mean: Floats
    variance: Floats

    def at_most(self, limits: list[Fraction], strictly: bool = False) -> Flags:
        """Whether each group's coefficient is at most (or below) its stage's limit, exactly."""
        cut = np.array([float(limit) for limit in limits])[self.groups.stage]
        excess = self.variance - (cut * self.mean) ** 2
        result: Flags = excess < 0
        for group in np.flatnonzero(np.abs(excess) <= REACH * self.mean**2):
            start = int(self.groups.starts[group])
            squared_mean, variance = self.row.exact(slice(start, start + self.groups.sizes[group]))
            reach = limits[self.groups.stage[group]] ** 2 * squared_mean
            result[group] = variance < reach if strictly else variance <= reach
        return result

    def coefficient(self) -> Floats:
        """S / mean per group; nan where the mean is zero."""
        return np.sqrt(self.variance) / np.where(self.mean > 0, self.mean, np.nan)


def measure_dispersion(columns: UnitColumns, groups: Groups, rules: Rules) -> Dispersion:
    """Coefficients of variation and their verdicts for all groups at once (教督〔2017〕6号)."""
    shape = (len(CODES), len(groups.starts))
    mean, sd, cv, unweighted = (np.full(shape, np.nan) for _ in range(4))
    codes, alike = (np.full(shape, UNDECIDED, np.int8) for _ in range(2))
    result = Dispersion(mean, sd, cv, unweighted, codes, alike, np.zeros(shape, np.bool_))
    if columns.units:
        pupils = groups.sorted(columns.pupils)
        weights = pupils if rules.weighting == "pupils" else np.ones_like(pupils)
        for index in range(len(CODES)):
            _measure_row(columns, groups, rules, weights, index, result)
    return result


def _measure_row(
    columns: UnitColumns,
    groups: Groups,
    rules: Rules,
    weights: Integers,
    index: int,
    into: Dispersion,
) -> None:
    row = _row(columns, groups, weights, index)
    values = row.amounts * (row.share / row.pupils)
    spread = _spread(row, groups, values)
    alike = spread
    if rules.weighting == "pupils":
        alike = _spread(
            _Row(row.amounts, row.share, row.pupils, np.ones_like(weights)), groups, values
        )
    known = np.logical_and.reduceat(groups.sorted(columns.known[index]), groups.starts)
    limits = [Fraction(rules.dispersion_limits[stage]) for stage in STAGES]
    shown = [_rounds_within(limit, rules.shown_digits) for limit in limits]
    decided = known & (spread.mean > 0)
    passed = spread.at_most(limits)
    into.verdicts[index] = _codes(passed, decided)
    into.unweighted_verdicts[index] = _codes(alike.at_most(limits), decided)
    into.borderline[index] = decided & (passed != spread.at_most(shown, strictly=True))
    unit = RATIOS[index].factor / RATIOS[index].scale
    into.mean[index] = np.where(known, spread.mean * unit, np.nan)
    into.sd[index] = np.where(known, np.sqrt(spread.variance) * unit, np.nan)
    into.cv[index] = np.where(known, spread.coefficient(), np.nan)
    into.unweighted_cv[index] = np.where(known, alike.coefficient(), np.nan)


def _row(columns: UnitColumns, groups: Groups, weights: Integers, index: int) -> _Row:
    amounts, pupils = groups.sorted(columns.amounts[index]), groups.sorted(columns.pupils)
    if not RATIOS[index].split:
        return _Row(amounts, np.ones_like(pupils), pupils, weights)
    weighted = groups.sorted(columns.weighted_pupils)
    return _Row(amounts, groups.sorted(columns.weight), weighted, weights)


def _spread(row: _Row, groups: Groups, values: Floats) -> _Spread:
    starts, weights = groups.starts, row.weights.astype(np.float64)
    total = np.add.reduceat(weights, starts)
    mean = np.add.reduceat(values * weights, starts) / total
    away = values - np.repeat(mean, groups.sizes)
    variance = np.add.reduceat(away * away * weights, starts) / total
    # One unit cannot differ from itself: no float dust in its coefficient.
    variance[groups.sizes == 1] = 0.0
    return _Spread(row, groups, mean, variance)


def _codes(passed: Flags, decided: Flags) -> Codes:
    chosen: npt.NDArray[np.int64] = np.where(decided, np.where(passed, PASSED, FAILED), UNDECIDED)
    return chosen.astype(np.int8)


def _rounds_within(limit: Fraction, digits: int) -> Fraction:
    """Coefficients below this print as ``limit`` or less when rounded half up to ``digits``."""
    unit = 10**digits
    return Fraction(floor(limit * unit) * 2 + 1, 2 * unit)
