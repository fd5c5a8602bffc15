"""The columns part A is computed from: one row per unit (one school in one stage)."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.calculation.scheme import CODES, RATIOS, STAGES

Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

# Beyond this a product might leave int64; the engine then counts in Python's whole numbers.
SAFE = 1 << 62
LARGEST_PUPILS = 1 << 40


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """n units of any number of districts, in any order.

    ``district`` any whole number per unit; ``stage`` 0 小学, 1 初中; ``pupils`` of the unit, ≥ 1.
    ``amounts`` (7, n): the school's recorded total in smallest steps of the raw field, A1–A7.
    ``known`` (7, n): False where the amount, the pupils or the split cannot be said.
    ``weight`` and ``weighted_pupils`` split facilities: the unit owns
    pupils × weight / weighted_pupils of its school's A4–A7; 1 and ``pupils`` when it is not split.
    """

    district: Integers
    stage: Integers
    pupils: Integers
    weight: Integers
    weighted_pupils: Integers
    amounts: Integers
    known: Flags

    @property
    def units(self) -> int:
        """How many units."""
        return len(self.pupils)

    def values(self) -> Floats:
        """Steps per pupil of A1–A7, (7, n) floats: amount × weight / weighted pupils."""
        own, shared = 1 / self.pupils, self.weight / self.weighted_pupils
        result = np.empty(self.amounts.shape)
        for row, ratio in enumerate(RATIOS):
            np.multiply(self.amounts[row], shared if ratio.split else own, out=result[row])
        return result

    def exact_values(self, row: int, units: slice | Integers) -> list[Fraction]:
        """The same of one indicator and some units, exactly."""
        split = RATIOS[row].split
        pupils = (self.weighted_pupils if split else self.pupils)[units].tolist()
        weights = self.weight[units].tolist() if split else repeat(1)
        amounts = self.amounts[row][units].tolist()
        whole = zip(amounts, weights, pupils, strict=False)
        return [Fraction(amount * weight, number) for amount, weight, number in whole]

    def check(self) -> None:
        """Raise ValueError when shapes or ranges make no sense."""
        n = self.units
        singles = (self.district, self.stage, self.pupils, self.weight, self.weighted_pupils)
        if any(column.shape != (n,) for column in singles):
            raise ValueError("columns differ in length")
        if self.amounts.shape != (len(CODES), n) or self.known.shape != (len(CODES), n):
            raise ValueError(f"amounts and known must have shape ({len(CODES)}, {n})")
        if n and not self._in_range():
            raise ValueError("pupils, weights, stages or amounts out of range")

    def _in_range(self) -> bool:
        positive = (self.pupils, self.weight, self.weighted_pupils)
        return (
            all(int(column.min()) > 0 for column in positive)
            and all(int(column.max()) <= LARGEST_PUPILS for column in positive)
            and 0 <= int(self.stage.min()) <= int(self.stage.max()) < len(STAGES)
            and int(self.amounts.min()) >= 0
        )


@dataclass(frozen=True, slots=True)
class Groups:
    """Units gathered by district and stage: g groups, in ascending order of both.

    ``order`` sorts units into groups (None: they come sorted), ``starts`` (g,) is where each begins
    in that order, ``sizes`` (g,) how many units it has.
    """

    order: Integers | None
    starts: Integers
    sizes: Integers
    district: Integers
    stage: Integers

    def sorted(self, columns: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Columns of units, (…, n), in group order."""
        return columns if self.order is None else columns[..., self.order]

    def sums(self, column: Floats) -> Floats:
        """Per group, of a column in group order."""
        return np.add.reduceat(column, self.starts)

    def members(self, group: int) -> slice | Integers:
        """Which units one group has, in the order they were given."""
        units = slice(int(self.starts[group]), int(self.starts[group] + self.sizes[group]))
        return units if self.order is None else self.order[units]


def gather(columns: UnitColumns) -> Groups:
    """Find the groups; sorts only when the units do not come sorted already."""
    district, stage, order = columns.district, columns.stage, None
    step = np.diff(district)
    if np.any((step < 0) | ((step == 0) & (np.diff(stage) < 0))):
        order = np.lexsort((stage, district))
        district, stage = district[order], stage[order]
    changes = (np.diff(district) != 0) | (np.diff(stage) != 0)
    starts = np.concatenate(([0], np.flatnonzero(changes) + 1))[: columns.units]
    sizes = np.diff(starts, append=columns.units)
    return Groups(order, starts, sizes, district[starts], stage[starts])
