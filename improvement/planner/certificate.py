"""Weak duality with every rounding counted against it: a lower bound that needs no trust in the
solver, whatever prices it names."""

from dataclasses import dataclass

import numpy as np

from indicators.calculation.columns import Floats, Integers

_LOOSE = 1e-12  # of a row's size: far more than the rounding of its coefficients
_TINY = 1e-200  # a price that is none
_UNIT = 2.0**-52  # twice what one operation rounds by


@dataclass(frozen=True)
class Rows:
    """lower ≤ Σ values × columns ≤ upper, entry by entry: its row, its column, its value."""

    lower: Floats
    upper: Floats
    row: Integers
    column: Integers
    value: Floats


def weak_bound(rows: Rows, prices: Floats, cost: Floats, most: Floats) -> float:
    """What Σ cost × columns cannot fall below while rows hold and columns lie in [0, most]."""
    sides = np.where(prices > 0, rows.lower, rows.upper)
    asked = (np.abs(prices) > _TINY) & np.isfinite(sides)
    limits = np.where(asked[rows.row], most[rows.column], 0.0)
    sizes = np.abs(sides) + np.bincount(rows.row, np.abs(rows.value) * limits, len(sides))
    asked &= np.isfinite(sizes)
    prices, sides, sizes = (np.where(asked, each, 0.0) for each in (prices, sides, sizes))
    sides -= np.copysign(_LOOSE * sizes, prices)
    paid = prices[rows.row] * rows.value
    reduced = cost - np.bincount(rows.column, paid, len(cost))
    entries = np.bincount(rows.column, minlength=len(cost)) + 4
    sizes = np.abs(cost) + np.bincount(rows.column, np.abs(paid), len(cost))
    least = reduced - _UNIT * entries * sizes
    if np.any((least < 0) & ~np.isfinite(most)):
        return float("-inf")
    terms = np.concatenate([prices * sides, least[least < 0] * most[least < 0]])
    return float(terms.sum() - _UNIT * (len(terms) + 4) * np.abs(terms).sum())
