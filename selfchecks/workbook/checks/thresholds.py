"""What counts as unlikely: every limit of the checks as data, to be changed without code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbooks.findings import N_


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient with its usual range; ``factor`` turns 万元 into 元 before dividing."""

    name: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    low: Decimal
    high: Decimal
    factor: int = 1


PUPILS = ("pupils_primary", "pupils_junior", "pupils_senior")

RATIOS: tuple[Ratio, ...] = (
    Ratio(N_("生师比"), PUPILS, ("teachers",), Decimal(2), Decimal(45)),
    Ratio(
        N_("生均教学及辅助用房面积(㎡)"), ("teaching_area",), PUPILS, Decimal("0.5"), Decimal(80)
    ),
    Ratio(
        N_("生均运动场地面积(㎡)"), ("sports_ground_area",), PUPILS, Decimal("0.2"), Decimal(150)
    ),
    Ratio(
        N_("生均教学仪器设备值(元)"),
        ("equipment_value",),
        PUPILS,
        Decimal(50),
        Decimal(60_000),
        10_000,
    ),
    Ratio(
        N_("生均公用经费(元)"), ("operating_budget",), PUPILS, Decimal(50), Decimal(40_000), 10_000
    ),
    Ratio(
        N_("培训经费占公用经费的比例"),
        ("training_budget",),
        ("operating_budget",),
        Decimal(0),
        Decimal("0.5"),
    ),
    Ratio(
        N_("小学平均班额(人)"), ("pupils_primary",), ("classes_primary",), Decimal(3), Decimal(75)
    ),
    Ratio(N_("初中平均班额(人)"), ("pupils_junior",), ("classes_junior",), Decimal(3), Decimal(75)),
)


@dataclass(frozen=True)
class Thresholds:
    """``jump`` is a factor against last year, ``change`` a percentage, for all fields or one."""

    jump: Decimal = Decimal(8)
    change: Decimal = Decimal(60)
    change_of: Mapping[str, Decimal] = field(default_factory=dict)
    smallest_base: Decimal = Decimal(30)  # below it a percentage says little
    ratios: tuple[Ratio, ...] = RATIOS
    fewest_pupils: int = 50  # smaller schools have unusual ratios by nature
    same_run: int = 8  # so many rows below one another with one value look copied
    same_above: Decimal = Decimal(10)  # small figures are alike by nature
    same_figures: int = 8  # so many equal figures make two rows alike


DEFAULT = Thresholds()
