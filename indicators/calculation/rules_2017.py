"""The 2017 national standard (教督〔2017〕6号) with the documented default of every open point."""

from decimal import Decimal

from figures.table import JUNIOR, PRIMARY, SENIOR
from indicators.calculation.rules import Rules


def _stages(primary: str, junior: str) -> dict[str, Decimal]:
    return {PRIMARY: Decimal(primary), JUNIOR: Decimal(junior)}


def _numbers(**groups: dict[str, str]) -> dict[str, Decimal]:
    return {
        f"{code}.{name}": Decimal(value)
        for code, group in groups.items()
        for name, value in group.items()
    }


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
    limits=_numbers(
        A3={"small_from": "50", "small_below": "100"},
        B3={
            "classes_per_room": "12",
            "music_area": "96",
            "art_area": "90",
            "older_music_area": "73",
            "older_art_area": "67",
            "small_class_size": "30",
            "small_area_primary": "54",
            "small_area_junior": "61",
        },
        B4={
            "one_stage": "2000",
            "several_stages": "2500",
            "larger_one_stage": "2400",
            "larger_several_stages": "3000",
        },
        B5={"primary": "45", "junior": "50"},
        B6={"pupils": "100"},
        B7={"special_budget": "6000"},
        B8={"pay_ratio": "1"},
        B9={"trained": "1"},
        B11={"exchanged": "0.10", "backbone": "0.20"},
        B12={"certified": "1"},
        B13={"urban": "1", "town": "0.95"},
        B14={"allocated": "0.50"},
        B15={"enrolled": "0.85"},
        C1={"retained": "0.95"},
        C2={"enrolled": "0.95"},
        C4={"training": "0.05"},
        C9={"level": "3", "difference": "0.15"},
        D1={"satisfied": "0.85", "z": "1.96"},
    ),
)
