"""The figures shown beside a coefficient: mean, deviation, each school's share and where to add.

Whole numbers scaled by 10⁴⁰ throughout: the same digits on every machine and in every row order.
They show; verdicts come from ``dispersion``, which decides exactly.
"""

from dataclasses import dataclass
from math import isqrt
from operator import mul

from indicators.calculation.figures import set_point
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import RATIOS
from indicators.calculation.units import Unit

ONE = 10**40
# Truncation errs by a few units of the last of 40 places; this settles ties of the sixth place.
_NUDGE = 10**15
_MICRO = ONE // 1_000_000
_HALF_MICRO = _MICRO // 2 + _NUDGE


@dataclass(frozen=True, slots=True)
class Working:
    """One indicator in one stage. ``shares`` are each unit's part of the variance (sum 1), None
    when nobody differs. ``pivot``: adding to a unit below it lowers the coefficient, above raises.
    All scaled by 10⁴⁰; ``mean``, ``deviation``, ``values`` and ``pivot`` in the indicator's unit.
    """

    values: list[int]
    mean: int
    deviation: int
    coefficient: int | None
    unweighted_coefficient: int | None
    shares: list[int | None]
    pivot: int

    def effect(self, value: int) -> str:
        """Whether more at a unit of this value helps or hurts the coefficient, or does neither."""
        distance = value - self.pivot
        if abs(distance) <= _NUDGE:
            return "neutral"
        return "helps" if distance < 0 else "hurts"


def work_out(units: list[Unit], row: int, rules: Rules) -> Working:
    """Mean, deviation, shares and pivot of one indicator over a stage with every value known."""
    values = [unit_value(unit, row) for unit in units]
    by_pupils = rules.weighting == "pupils"
    weights = [unit.pupils or 0 if by_pupils else 1 for unit in units]
    mean, parts = _moments(values, weights)
    whole = sum(parts)
    variance = whole // sum(weights)
    # Equal values leave truncation dust; as a share of nothing it would look like a finding.
    alive = isqrt(variance) > _NUDGE
    return Working(
        values,
        mean,
        isqrt(variance),
        _coefficient(mean, variance),
        _coefficient(*_unweighted(values)),
        [part * ONE // whole if alive else None for part in parts],
        mean + (variance // mean if mean else 0),
    )


def unit_value(unit: Unit, row: int) -> int:
    """The unit's value per pupil (per 100), scaled; its inputs must be known."""
    ratio = RATIOS[row]
    pupils = (unit.weighted_pupils if ratio.split else unit.pupils) or 1
    weight = unit.weight if ratio.split else 1
    return (unit.amounts[row] or 0) * weight * ratio.factor * ONE // (ratio.scale * pupils)


def _moments(values: list[int], weights: list[int]) -> tuple[int, list[int]]:
    """Weighted mean (scale 10⁴⁰) and each unit's weighted squared distance from it (10⁸⁰)."""
    mean = sum(map(mul, values, weights)) // sum(weights)
    away = [value - mean for value in values]
    return mean, list(map(mul, map(mul, away, away), weights))


def _unweighted(values: list[int]) -> tuple[int, int]:
    """Mean and population variance when every unit counts alike."""
    mean, parts = _moments(values, [1] * len(values))
    return mean, sum(parts) // len(values)


def _coefficient(mean: int, variance: int) -> int | None:
    return isqrt(variance * ONE * ONE // (mean * mean)) if mean else None


def write_scaled(number: int | None) -> str | None:
    """Six places, half up; None stays None."""
    if number is None:
        return None
    return set_point((number + _HALF_MICRO) // _MICRO, 6)
