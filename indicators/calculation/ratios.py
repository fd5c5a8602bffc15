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


def judge_ratios(columns: UnitColumns, rules: Rules) -> Ratios:
    """Compare every unit with threshold and floor of A1–A7 (教督〔2017〕6号, 资源配置)."""
    shape = (len(CODES), columns.units)
    result = Ratios(
        np.empty(shape, np.int8),
        np.empty(shape, np.bool_),
        np.empty(shape, np.int64),
        np.empty(shape, np.int64),
    )
    for row, ratio in enumerate(RATIOS):
        _judge_row(columns, rules, row, ratio, result)
    return result


def _judge_row(columns: UnitColumns, rules: Rules, row: int, ratio: Ratio, into: Ratios) -> None:
    amounts, unknown = columns.amounts[row], ~columns.known[row]
    thresholds = [rules.threshold(ratio.code, stage) for stage in STAGES]
    floors = [rules.floor(ratio.code, stage) for stage in STAGES]
    verdicts, borderline = into.verdicts[row], into.borderline[row]
    verdicts[:] = 0
    borderline[:] = False
    for targets, shortfall in (
        (thresholds, into.shortfall[row]),
        (floors, into.shortfall_to_floor[row]),
    ):
        needed = least_amounts(columns, ratio, targets)
        reached = amounts >= needed
        verdicts += reached
        shown = [_rounds_to(target, rules.shown_digits) for target in targets]
        borderline |= reached != (amounts >= least_amounts(columns, ratio, shown))
        np.maximum(needed - amounts, 0, out=shortfall)
        shortfall[unknown] = -1
    verdicts[unknown] = UNKNOWN
    borderline[unknown] = False


def least_amounts(columns: UnitColumns, ratio: Ratio, targets: list[Fraction]) -> Integers:
    """Smallest recorded amount per unit whose value reaches its stage's target, shape (n,)."""
    steps = [target * ratio.scale / ratio.factor for target in targets]
    below = lcm(*(step.denominator for step in steps))
    above = [int(step * below) for step in steps]
    pupils: npt.NDArray[Any] = columns.weighted_pupils if ratio.split else columns.pupils
    divisor: Any = columns.weight if ratio.split else 1
    if _leaves_int64(above, below, pupils, divisor):
        pupils, divisor = pupils.astype(object), np.asarray(divisor, dtype=object)
    product = np.array(above, dtype=pupils.dtype)[columns.stage] * pupils
    whole: npt.NDArray[Any] = -(-product // (divisor * below))
    return whole.astype(np.int64, copy=False)


def _leaves_int64(above: list[int], below: int, pupils: Integers, divisor: Any) -> bool:
    """Whether a product might not fit; only then the slower whole numbers of Python are used."""
    largest = int(pupils.max(initial=1)) * max(map(abs, above))
    return largest >= SAFE or int(np.max(divisor, initial=1)) * below >= SAFE


def _rounds_to(target: Fraction, digits: int) -> Fraction:
    """Least value that prints as ``target`` or more when rounded half up to ``digits`` decimals."""
    unit = 10**digits
    return Fraction(ceil(target * unit) * 2 - 1, 2 * unit)
