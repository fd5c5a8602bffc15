"""Is each unit's value per pupil at its threshold, and how much is it short? Decided in integers.

The least recorded amount that reaches a target t follows without rounding from
amount × factor × weight / (scale × weighted pupils) ≥ t; verdict and shortfall both come from it,
so they cannot disagree.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.calculation.columns import SAFE, Codes, Flags, Integers, UnitColumns
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, RATIOS, STAGES, UNKNOWN, Ratio


@dataclass(frozen=True, slots=True)
class Ratios:
    """Per indicator and unit, shape (7, n); −1 in a shortfall where nothing can be said.

    ``verdicts`` are codes of ``UNIT_VERDICTS``; ``borderline`` marks 临界: rounding to the shown
    digits would change the verdict. Shortfalls are in smallest steps of the raw field.
    """

    verdicts: Codes
    borderline: Flags
    shortfall: Integers
    shortfall_to_floor: Integers


@dataclass(frozen=True, slots=True)
class _Target:
    """A value to reach, per stage: amount × weight × ``below`` ≥ ``above`` × weighted pupils."""

    ratio: Ratio
    above: list[int]
    below: int


def judge_ratios(columns: UnitColumns, rules: Rules) -> Ratios:
    """Compare every unit with threshold and floor of A1–A7 (教督〔2017〕6号, 资源配置)."""
    shape = (len(CODES), columns.units)
    result = Ratios(
        np.zeros(shape, np.int8),
        np.zeros(shape, np.bool_),
        np.empty(shape, np.int64),
        np.empty(shape, np.int64),
    )
    targets = [_row_targets(ratio, rules) for ratio in RATIOS]
    for row, pairs in enumerate(targets):
        _judge_row(columns, row, pairs, result)
    return result


def _row_targets(ratio: Ratio, rules: Rules) -> list[tuple[_Target, _Target]]:
    """Threshold and floor of one indicator, each with what prints as it when rounded."""
    thresholds = [rules.threshold(ratio.code, stage) for stage in STAGES]
    floors = [rules.floor(ratio.code, stage) for stage in STAGES]
    return [
        (
            _target(ratio, values),
            _target(ratio, [_rounds_to(value, rules.shown_digits) for value in values]),
        )
        for values in (thresholds, floors)
    ]


def _target(ratio: Ratio, values: list[Fraction]) -> _Target:
    steps = [value * ratio.scale / ratio.factor for value in values]
    below = lcm(*(step.denominator for step in steps))
    return _Target(ratio, [int(step * below) for step in steps], below)


def _judge_row(
    columns: UnitColumns,
    row: int,
    targets: list[tuple[_Target, _Target]],
    into: Ratios,
) -> None:
    amounts, unknown = columns.amounts[row], ~columns.known[row]
    verdicts, borderline = into.verdicts[row], into.borderline[row]
    shortfalls = (into.shortfall[row], into.shortfall_to_floor[row])
    for (target, shown), shortfall in zip(targets, shortfalls, strict=True):
        needed = least_amounts(columns, target)
        reached = amounts >= needed
        verdicts += reached
        borderline |= reached != (amounts >= least_amounts(columns, shown))
        np.maximum(needed - amounts, 0, out=shortfall)
        shortfall[unknown] = -1
    verdicts[unknown] = UNKNOWN
    borderline[unknown] = False


def least_amounts(columns: UnitColumns, target: _Target) -> Integers:
    """Smallest recorded amount per unit whose value reaches its stage's target, shape (n,)."""
    split = target.ratio.split
    pupils: npt.NDArray[Any] = columns.weighted_pupils if split else columns.pupils
    divisor: Any = columns.weight if split else 1
    if _leaves_int64(target, pupils, divisor):
        pupils, divisor = pupils.astype(object), np.asarray(divisor, dtype=object)
    product = np.array(target.above, dtype=pupils.dtype).take(columns.stage) * pupils
    whole: npt.NDArray[Any] = -(-product // (divisor * target.below))
    return whole.astype(np.int64, copy=False)


def _leaves_int64(target: _Target, pupils: Integers, divisor: Any) -> bool:
    """Whether a product might not fit; only then the slower whole numbers of Python are used."""
    largest = int(pupils.max(initial=1)) * max(map(abs, target.above))
    return largest >= SAFE or int(np.max(divisor, initial=1)) * target.below >= SAFE


def _rounds_to(target: Fraction, digits: int) -> Fraction:
    """Least value that prints as ``target`` or more when rounded half up to ``digits`` decimals."""
    unit = 10**digits
    return Fraction(ceil(target * unit) * 2 - 1, 2 * unit)
