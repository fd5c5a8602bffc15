"""What counts as unlikely: every limit of the checks as data, to be changed without code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from figures.relations import USUAL_RANGES, UsualRange


@dataclass(frozen=True)
class Thresholds:
    """``jump`` is a factor against last year, ``change`` a percentage, for all fields or one."""

    jump: Decimal = Decimal(8)
    change: Decimal = Decimal(60)
    change_of: Mapping[str, Decimal] = field(default_factory=dict)
    smallest_base: Decimal = Decimal(30)  # below it a percentage says little
    ratios: tuple[UsualRange, ...] = USUAL_RANGES
    fewest_pupils: int = 50  # smaller schools have unusual ratios by nature
    same_run: int = 8  # so many rows below one another with one value look copied
    same_above: Decimal = Decimal(10)  # small figures are alike by nature
    same_figures: int = 8  # so many equal figures make two rows alike


DEFAULT = Thresholds()
