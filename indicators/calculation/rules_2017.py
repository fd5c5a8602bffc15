"""The 2017 national standard (教督〔2017〕6号) with the documented default of every open point.

First as it was read until 2026, then as corrected in that year from what had come to be known.
"""

from dataclasses import replace
from decimal import Decimal

from figures.table import JUNIOR, PRIMARY, SENIOR
from indicators.calculation.rules import LIMITS, Rules, limits_of


def _stages(primary: str, junior: str) -> dict[str, Decimal]:
    return {PRIMARY: Decimal(primary), JUNIOR: Decimal(junior)}


STANDARD_2017 = Rules(
    standard="2017",
    thresholds={
        "A1": _stages("4.2", "5.3"),
        "A2": _stages("1", "1"),
        "A3": _stages("0.9", "0.9"),
        "A4": _stages("4.5", "5.8"),
        "A5": _stages("7.5", "10.2"),
        "A6": _stages("2000", "2500"),
        "A7": _stages("2.3", "2.4"),
    },
    floor_ratio=Decimal("0.85"),
    required_met=6,
    dispersion_limits=_stages("0.50", "0.45"),
    weighting="pupils",
    shown_digits=2,
    split_weights={
        "九年一贯制": _stages("1", "1.1"),
        "十二年一贯制": {**_stages("1", "1.1"), SENIOR: Decimal("1.32")},
        "完全中学": {JUNIOR: Decimal("1"), SENIOR: Decimal("1.2")},
    },
    point_limit=50,
    point_comparison="<",
    attached_points=False,
    special_cases=(),
    training_accounts="budget",
    monitored_subjects=(),
    exempt_types={code: ("特殊教育学校",) for code in ("B3", "B4", "B5")},
    limits={name: Decimal(value) for name, value in LIMITS.items()},
)

STANDARD_2017_1 = replace(
    STANDARD_2017,
    standard="2017.1",
    engine="2",
    limits={name: Decimal(value) for name, value in limits_of("2").items()},
    coefficient_digits=3,
    rate_digits=1,
    nearby_intake_by="stage",
    cases_from=2024,
    cases_until=2027,
)
