"""A district that meets everything, to be spoiled one figure at a time."""

from collections.abc import Mapping
from copy import deepcopy
from fractions import Fraction
from typing import Any

from figures.table import (
    QUALITATIVE_INDICATORS,
    STAGES_OF_TYPE,
    VETO_ITEMS,
)
from indicators.calculation.evaluate import evaluate as calculate


def evaluate(payload: object, *rules: Any, **options: Any) -> dict[str, Any]:
    """The outcome as its readers outside get it."""
    return calculate(payload, *rules, **options).as_dict()


FACILITIES = {
    "teaching_area": "20000.00",
    "indoor_sports_area": "2000.00",
    "sports_ground_area": "16000.00",
    "equipment_value": "400.0000",
    "multimedia_classrooms": 40,
}


def make_school(number: int = 1, kind: str = "小学", **changes: Any) -> dict[str, Any]:
    """A school that meets every indicator; ``None`` in changes leaves a field out."""
    school: dict[str, Any] = {
        "school_code": f"{5001060000 + number}",
        "school_name": f"第{number}学校",
        "school_type": kind,
        "location": "城区",
        "ownership": "公办",
        "boarding": "否",
        **FACILITIES,
        **dict(music_rooms=3, art_rooms=3, teachers=120, teachers_certified=120),
        **dict(teachers_trained=120, funded_pupils=1000),
        **dict(operating_budget="100.0000", training_budget="6.0000"),
    }
    for stage in STAGES_OF_TYPE[kind]:
        school[f"pupils_{stage}"] = 500
        if stage != "senior":
            school |= _stage(stage, changes.get(f"pupils_{stage}"))
    school |= _teachers(school | changes) | changes
    return {field: value for field, value in school.items() if value is not None}


def _teachers(school: dict[str, Any]) -> dict[str, Any]:
    """120, or as many as a test wants of one kind."""
    staff = [
        sum(school.get(f"{kind}_{stage}") or 0 for stage in ("primary", "junior"))
        for kind in ("qualified_teachers", "backbone_teachers", "pe_arts_teachers")
    ]
    return dict.fromkeys(("teachers", "teachers_certified", "teachers_trained"), max(120, *staff))


def _stage(stage: str, pupils: Any) -> dict[str, Any]:
    """An intake of 100, or of all pupils where a test wants fewer."""
    intake = min(100, max(pupils, 0)) if isinstance(pupils, int) else 100
    return {
        f"classes_{stage}": 12,
        f"largest_class_{stage}": 44,
        f"qualified_teachers_{stage}": 40,
        f"backbone_teachers_{stage}": 8,
        f"pe_arts_teachers_{stage}": 8,
        f"intake_{stage}": intake,
        f"nearby_intake_{stage}": intake,
    }


def make_district(**changes: Any) -> dict[str, Any]:
    """District items that meet every indicator; keys of changes use ``__`` for the dot."""
    items: dict[str, Any] = {
        **dict.fromkeys(
            ("B2.quota_primary", "B2.quota_junior", "B14.places", "B14.allocated"), 100
        ),
        **dict.fromkeys(("B15.eligible", "B15.enrolled", "C1.graduates", "C1.entrants"), 100),
        **dict.fromkeys(("C2.eligible", "C2.enrolled"), 100),
        "B7.special_budget_per_pupil": "6000.00",
        "B8.teacher_pay": "120000.00",
        "B8.civil_servant_pay": "120000.00",
        "B11.eligible": 1000,
        "B11.exchanged": 100,
        "B11.exchanged_backbone": 20,
        "C1.transferred_in": 5,
        "C1.transferred_out": 5,
        "C1.deceased": 0,
        "C9.数学.level": 3,
        "C9.数学.difference": "0.1499",
        "D1.sample": 1000,
        "D1.satisfied": 900,
    }
    items |= {key.replace("__", "."): value for key, value in changes.items()}
    return {code: value for code, value in items.items() if value is not None}


def make_payload(*schools: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A whole payload; by default one 小学, one 初中 and one 九年一贯制 that meet everything."""
    if not schools:
        kinds = ("小学", "初中", "九年一贯制")
        schools = tuple(make_school(number, kind) for number, kind in enumerate(kinds, 1))
    payload = {
        "standard": "2017",
        "schools": list(schools),
        "district": make_district(),
        "qualitative": {code: {"conclusion": "达标"} for code in QUALITATIVE_INDICATORS},
        "veto": dict.fromkeys(VETO_ITEMS, "否"),
    }
    return deepcopy(payload | changes)


def split(
    total: int | Fraction, pupils: Mapping[str, int], weights: Mapping[str, int]
) -> dict[str, Fraction]:
    """A school's total divided among its stages by weighted pupils; the parts sum to it exactly."""
    weighted = {stage: pupils[stage] * weight for stage, weight in weights.items()}
    return {
        stage: total * Fraction(part, sum(weighted.values())) for stage, part in weighted.items()
    }
