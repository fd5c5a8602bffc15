"""Part A 资源配置 from columns to columns: one district, the city or the nation in one call.

Is each unit's value per pupil at its threshold, and how much is it short? Decided in integers.
Without rounding, amount × weight × below ≥ above × weighted pupils says whether a target is
reached, and dividing the right side says from which amount on, so that verdict and shortfall
cannot disagree. Floats only pass over units that are clear of every target.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, lcm
from typing import Any

import numpy as np

from indicators.calculation.columns import (
    SAFE,
    Codes,
    Flags,
    Floats,
    Groups,
    Integers,
    UnitColumns,
    gather,
)
from indicators.calculation.dispersion import Dispersion, measure_dispersion
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import (
    BELOW,
    CODES,
    FAILED,
    FLOOR,
    MET,
    PASSED,
    RATIOS,
    STAGES,
    UNDECIDED,
    UNKNOWN,
    Ratio,
)

# A value in floats errs by a few units of its sixteenth digit: this far above is surely above.
CLEAR = 1 + 1e-12
# Units looked at together: few enough for a processor's cache.
PIECE = 8192


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
class Resources:
    """What part A says: per unit in the order given, per group in order of district and stage.

    ``met_count`` (n,) how many of seven are met; ``unit_verdicts`` (n,) codes of ``VERDICTS``.
    """

    ratios: Ratios
    met_count: Integers
    unit_verdicts: Codes
    groups: Groups
    dispersion: Dispersion


@dataclass(frozen=True, slots=True)
class _Targets:
    """What one indicator asks in one stage: threshold, floor, and what prints as either.

    ``above`` / ``below`` are the four in steps per pupil; ``clear`` is a float above all of them.
    """

    above: tuple[int, ...]
    below: int
    clear: float


def judge_resources(columns: UnitColumns, rules: Rules) -> Resources:
    """Verdicts, shortfalls and dispersion of all units; ValueError for impossible columns."""
    columns.check()
    values = columns.values()
    ratios = judge_ratios(columns, values, rules)
    groups = gather(columns)
    return Resources(
        ratios,
        (ratios.verdicts == MET).sum(axis=0, dtype=np.int8).astype(np.int64),
        judge_units(ratios.verdicts, rules.required_met),
        groups,
        measure_dispersion(columns, values, groups, rules),
    )


def judge_units(verdicts: Codes, required_met: int) -> Codes:
    """The school rule on (7, n) verdict codes: enough met, none below its floor.

    Fails as soon as the known values cannot be mended by the unknown ones; passes only when
    nothing is unknown.
    """
    below = (verdicts == BELOW).any(axis=0)
    short = below | ((verdicts <= FLOOR).sum(axis=0, dtype=np.int8) > len(CODES) - required_met)
    open_ = (verdicts == UNKNOWN).any(axis=0)
    result = np.where(short, FAILED, np.where(open_, UNDECIDED, PASSED))
    return result.astype(np.int8)


def judge_ratios(columns: UnitColumns, values: Floats, rules: Rules) -> Ratios:
    """Compare every unit with threshold and floor of A1–A7 (教督〔2017〕6号, 资源配置).

    ``values`` are the columns' own, (7, n) steps per pupil.
    """
    shape = (len(CODES), columns.units)
    result = Ratios(
        np.full(shape, MET, np.int8),
        np.zeros(shape, np.bool_),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
    )
    for position, stage in enumerate(STAGES):
        taught = columns.stage == position
        for row, ratio in enumerate(RATIOS):
            threshold = rules.thresholds[ratio.code][stage]
            targets = _targets(ratio, threshold, rules.floor_ratio, rules.shown_digits)
            open_ = (values[row] < targets.clear) | ~columns.known[row]
            for some in _pieces(np.flatnonzero(taught & open_)):
                _judge_units(columns, row, some, targets, result)
    return result


@lru_cache(maxsize=256)
def _targets(ratio: Ratio, threshold: Decimal, floor_ratio: Decimal, digits: int) -> _Targets:
    """The same few for every call with the same rules: fractions are slow to work out."""
    exact = Fraction(threshold), Fraction(threshold) * Fraction(floor_ratio)
    values = (*exact, *(_rounds_to(value, digits) for value in exact))
    steps = [value * ratio.scale / ratio.factor for value in values]
    below = lcm(*(value.denominator for value in steps))
    above = tuple(int(value * below) for value in steps)
    return _Targets(above, below, float(max(steps)) * CLEAR)


def _pieces(some: Integers) -> Iterator[Integers]:
    return (some[start : start + PIECE] for start in range(0, len(some), PIECE))


def _judge_units(
    columns: UnitColumns, row: int, some: Integers, targets: _Targets, into: Ratios
) -> None:
    """Verdicts, 临界 and shortfalls of some units, in whole numbers."""
    amounts, unknown = columns.amounts[row][some], ~columns.known[row][some]
    pupils, weight = _parts(columns, row, some)
    if _leaves_int64(amounts, pupils, weight, targets):
        pupils, weight = pupils.astype(object), weight.astype(object)
    divisor = weight * targets.below
    needed = np.array(targets.above, pupils.dtype)[:, None] * pupils
    reached = amounts * divisor >= needed
    shortfalls = np.maximum(-(-needed[:2] // divisor) - amounts, 0)
    shortfalls[:, unknown] = -1
    verdicts = reached[:2].sum(axis=0, dtype=np.int8)
    into.verdicts[row][some] = np.where(unknown, UNKNOWN, verdicts)
    into.borderline[row][some] = (reached[:2] != reached[2:]).any(axis=0) & ~unknown
    into.shortfall[row][some], into.shortfall_to_floor[row][some] = shortfalls


def _parts(columns: UnitColumns, row: int, some: Integers) -> tuple[Integers, Any]:
    """Pupils and weight that say which part of what is recorded is the unit's own."""
    if RATIOS[row].split:
        return columns.weighted_pupils[some], columns.weight[some]
    return columns.pupils[some], np.int64(1)


def _leaves_int64(amounts: Integers, pupils: Integers, weight: Any, targets: _Targets) -> bool:
    """Whether a product might not fit; only then the slower whole numbers of Python are used."""
    least = int(pupils.max()) * max(targets.above)
    most = int(amounts.max(initial=1)) * int(weight.max()) * targets.below
    return max(least, most) >= SAFE


def _rounds_to(target: Fraction, digits: int) -> Fraction:
    """Least value that prints as ``target`` or more when rounded half up to ``digits`` decimals."""
    unit = 10**digits
    return Fraction(ceil(target * unit) * 2 - 1, 2 * unit)
