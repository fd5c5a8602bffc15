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

from indicators.calculation.columns import Codes, Flags, Floats, Groups, UnitColumns
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, FAILED, PASSED, RATIOS, STAGES, UNDECIDED

# Float sums over 10⁵ units err by less than 10⁻¹⁰ of the squared mean; ten times that is near.
# That covers taking off the squared drift: near a limit it is at most n / 4 squared means.
REACH = 1e-9
_UNITS = np.array([[ratio.factor / ratio.scale] for ratio in RATIOS])


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
class _Spread:
    """Means and variances in floats, (7, g), and where they can be had from exactly."""

    columns: UnitColumns
    groups: Groups
    by_pupils: bool
    mean: Floats
    variance: Floats

    def coefficient(self) -> Floats:
        """S / mean; nan where the mean is zero."""
        return np.sqrt(self.variance) / np.where(self.mean > 0, self.mean, np.nan)

    def at_most(self, limits: list[Fraction], decided: Flags, strictly: bool = False) -> Flags:
        """Whether each coefficient is at most (or below) its stage's limit, exactly."""
        cut = np.array([float(limit) for limit in limits])[self.groups.stage]
        excess = self.variance - (cut * self.mean) ** 2
        result: Flags = excess < 0
        near = decided & (np.abs(excess) <= REACH * self.mean**2)
        for row, group in np.argwhere(near).tolist():
            squared_mean, variance = self._exact(row, group)
            reach = limits[self.groups.stage[group]] ** 2 * squared_mean
            result[row, group] = variance < reach if strictly else variance <= reach
        return result

    def _exact(self, row: int, group: int) -> tuple[Fraction, Fraction]:
        """Squared mean and variance of one indicator in one group, as fractions."""
        units = self.groups.members(group)
        values = self.columns.exact_values(row, units)
        pupils = self.columns.pupils[units].tolist()
        rows = list(zip(values, pupils if self.by_pupils else [1] * len(values), strict=True))
        total = sum(weight for _, weight in rows)
        mean = sum((x * weight for x, weight in rows), Fraction()) / total
        squares = sum((x * x * weight for x, weight in rows), Fraction()) / total
        return mean * mean, squares - mean * mean


def measure_dispersion(
    columns: UnitColumns, values: Floats, groups: Groups, rules: Rules
) -> Dispersion:
    """Coefficients of variation and their verdicts for all groups at once (教督〔2017〕6号).

    ``values`` are the columns' own, (7, n) steps per pupil.
    """
    weighted, alike = _spreads(columns, values, groups)
    spread = weighted if rules.weighting == "pupils" else alike
    known = np.logical_and.reduceat(groups.sorted(columns.known), groups.starts, axis=1)
    decided = known & (weighted.mean > 0)
    limits = [Fraction(rules.dispersion_limits[stage]) for stage in STAGES]
    digits = rules.coefficient_digits
    shown_digits = rules.shown_digits if digits is None else digits
    shown = [_rounds_within(limit, shown_digits) for limit in limits]
    passed = spread.at_most(limits, decided)
    return Dispersion(
        np.where(known, spread.mean * _UNITS, np.nan),
        np.where(known, np.sqrt(spread.variance) * _UNITS, np.nan),
        np.where(known, spread.coefficient(), np.nan),
        np.where(known, alike.coefficient(), np.nan),
        _codes(passed, decided),
        _codes(alike.at_most(limits, decided), decided),
        decided & (passed != spread.at_most(shown, decided, strictly=True)),
    )


def _spreads(columns: UnitColumns, values: Floats, groups: Groups) -> tuple[_Spread, _Spread]:
    """Weighted by pupils, and every unit alike, from one pass over the distances from the mean."""
    weights = groups.sorted(columns.pupils).astype(np.float64)
    total = groups.sums(weights)
    moments = np.empty((4, len(CODES), len(groups.starts)))
    for row, column in enumerate(values):
        own = groups.sorted(column)
        mean = groups.sums(own * weights) / total
        away = own - np.repeat(mean, groups.sizes)
        squares = away * away
        drift = groups.sums(away) / groups.sizes
        moments[:2, row] = mean, groups.sums(squares * weights) / total
        moments[2:, row] = mean + drift, groups.sums(squares) / groups.sizes - drift * drift
    # One unit cannot differ from itself: no float dust in its coefficient.
    moments[1::2, :, groups.sizes == 1] = 0.0
    moments[3] = np.maximum(moments[3], 0.0)
    return (
        _Spread(columns, groups, True, moments[0], moments[1]),
        _Spread(columns, groups, False, moments[2], moments[3]),
    )


def _codes(passed: Flags, decided: Flags) -> Codes:
    chosen: npt.NDArray[np.int64] = np.where(decided, np.where(passed, PASSED, FAILED), UNDECIDED)
    return chosen.astype(np.int8)


def _rounds_within(limit: Fraction, digits: int) -> Fraction:
    """Coefficients below this print as ``limit`` or less when rounded half up to ``digits``."""
    unit = 10**digits
    return Fraction(floor(limit * unit) * 2 + 1, 2 * unit)
