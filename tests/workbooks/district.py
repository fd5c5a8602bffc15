"""A plausible district: schools whose figures fit together, so that a clean file stays clean."""

import random
from collections.abc import Mapping
from typing import Any

from selfchecks.workbook.reading import SCHOOLS, Expected, RegisterSchool

YEAR, UNIT_CODE, UNIT_NAME = 2026, "500106", "沙坪坝区"
TYPES = ("小学", "小学", "初中", "九年一贯制", "完全中学", "教学点", "十二年一贯制")
STAGES = {
    "小学": ("primary",),
    "教学点": ("primary",),
    "初中": ("junior",),
    "九年一贯制": ("primary", "junior"),
    "完全中学": ("junior", "senior"),
    "十二年一贯制": ("primary", "junior", "senior"),
}


def school(number: int, seed: int = 0) -> dict[str, Any]:
    """One school with figures that do not contradict each other."""
    rng = random.Random(f"{seed}-{number}")
    school_type = TYPES[number % len(TYPES)]
    stages = STAGES[school_type]
    found: dict[str, Any] = {
        "school_code": f"21500{number:05}",
        "school_name": f"沙坪坝区第{number}{'中学' if 'primary' not in stages else '小学'}",
        "school_type": school_type,
        "location": rng.choice(("城区", "镇区", "乡村")),
        "ownership": "公办",
        "boarding": "否",
    }
    pupils = 0
    for stage in stages:
        pupils += _add_stage(found, stage, rng)
    _add_whole(found, pupils, rng)
    return found


def _add_stage(found: dict[str, Any], stage: str, rng: random.Random) -> int:
    classes = rng.randint(6, 30)
    pupils = classes * rng.randint(30, 44) + rng.randint(1, 17)
    found[f"pupils_{stage}"] = pupils
    if stage == "senior":
        return pupils
    found[f"classes_{stage}"] = classes
    found[f"largest_class_{stage}"] = -(-pupils // classes) + rng.randint(0, 3)
    teachers = pupils // 16
    found[f"qualified_teachers_{stage}"] = teachers * 3 // 4
    found[f"backbone_teachers_{stage}"] = teachers // 5
    found[f"pe_arts_teachers_{stage}"] = teachers // 4
    found[f"intake_{stage}"] = pupils // 6
    found[f"nearby_intake_{stage}"] = pupils // 6
    return pupils


def _add_whole(found: dict[str, Any], pupils: int, rng: random.Random) -> None:
    teachers = pupils // 14 + rng.randint(1, 9)
    teaching = pupils * 6 + rng.randint(1, 9999) / 100
    found |= {
        "teaching_area": round(teaching, 2),
        "indoor_sports_area": round(teaching / 8, 2),
        "sports_ground_area": round(pupils * 9 + rng.randint(1, 9999) / 100, 2),
        "equipment_value": round(pupils * 0.26 + rng.randint(1, 9999) / 10000, 4),
        "multimedia_classrooms": pupils // 35 + rng.randint(0, 3),
        "music_rooms": rng.randint(1, 4),
        "art_rooms": rng.randint(1, 4),
        "teachers": teachers,
        "teachers_certified": teachers,
        "teachers_trained": teachers,
        "funded_pupils": pupils,
        "operating_budget": round(pupils * 0.09 + rng.randint(1, 9999) / 10000, 4),
        "training_budget": round(pupils * 0.0055 + rng.randint(1, 99) / 10000, 4),
    }


def schools(count: int = 12, seed: int = 0) -> list[dict[str, Any]]:
    return [school(number, seed) for number in range(1, count + 1)]


DISTRICT_FIGURES: dict[str, Any] = {
    "B2.quota_primary": 720,
    "B2.quota_junior": 940,
    "B7.special_budget_per_pupil": 8000,
    "B8.teacher_pay": 123456.78,
    "B8.civil_servant_pay": 120000,
    "B11.eligible": 900,
    "B11.exchanged": 120,
    "B11.exchanged_backbone": 30,
    "B14.places": 2000,
    "B14.allocated": 1300,
    "B15.eligible": 800,
    "B15.enrolled": 780,
    "C1.graduates": 4000,
    "C1.transferred_in": 120,
    "C1.transferred_out": 90,
    "C1.entrants": 4010,
    "C1.deceased": 1,
    "C2.eligible": 210,
    "C2.enrolled": 208,
    "C9.语文.level": 3,
    "C9.语文.difference": 0.11,
    "D1.sample": 3000,
    "D1.satisfied": 2810,
}


def register(found: list[dict[str, Any]]) -> tuple[RegisterSchool, ...]:
    return tuple(
        RegisterSchool(s["school_code"], s["school_name"], s["school_type"]) for s in found
    )


def expected(found: list[dict[str, Any]] | None = None, **changes: Any) -> Expected:
    given: Mapping[str, Any] = {
        "year": YEAR,
        "unit_code": UNIT_CODE,
        "unit_name": UNIT_NAME,
        "register": register(found or []),
    }
    return Expected(**{**given, **changes})


def column(code: str) -> int:
    return SCHOOLS.position(code)
