"""Weak duality in whole numbers: a lower bound that needs no trust in the solver."""

from collections.abc import Sequence
from math import frexp, isfinite
from typing import Any

from indicators.calculation.columns import Floats

_BITS = 60  # prices and coefficients are read as multiples of 2⁻⁶⁰
_LOOSE = 1e-12  # of a row's size: far more than the rounding of its coefficients


def weak_bound(rows: Sequence[Any], prices: Sequence[float], cost: Floats, most: Floats) -> float:
    """What Σ cost × columns cannot fall below while rows hold and columns lie in [0, most]."""
    reduced = list(map(_whole, cost.tolist()))
    reduced = [value << _BITS for value in reduced]
    limits = most.tolist()
    total = 0
    for row, price in zip(rows, prices, strict=True):
        side = row.lower if price > 0 else row.upper
        weight = _whole(price)
        if not weight or not isfinite(side):
            continue
        size = abs(side) + sum(
            abs(value) * limits[column]
            for column, value in zip(row.columns, row.values, strict=True)
        )
        if not isfinite(size):
            continue
        side -= _LOOSE * size if price > 0 else -_LOOSE * size
        total += weight * _whole(side)
        for column, value in zip(row.columns, row.values, strict=True):
            reduced[column] -= weight * _whole(value)
    for value, limit in zip(reduced, limits, strict=True):
        if value < 0:
            if not isfinite(limit):
                return float("-inf")
            total += (value * _whole(limit)) >> _BITS
    return _below(total)


def _whole(value: float) -> int:
    mantissa, exponent = frexp(value)
    scaled, shift = int(mantissa * (1 << 53)), exponent - 53 + _BITS
    return scaled << shift if shift >= 0 else scaled >> -shift


def _below(total: int) -> float:
    """A float not above the number."""
    found = total / (1 << 2 * _BITS)
    return found - abs(found) * 1e-15
