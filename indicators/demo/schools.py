"""All figures of one made-up school in one year: pupils, classes, staff, rooms and money."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any, Protocol

from figures.table import JUNIOR, NOT_APPLICABLE, ORGANISERS, PRIMARY, PRIVATE, SENIOR
from indicators.calculation.problems import write_steps
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import STAGES

Pupils = dict[str, int]

BASE_YEAR = 2022
CENTRE, MOUNTAINS = "主城都市区", ("渝东北三峡库区城镇群", "渝东南武陵山区城镇群")
SPECIAL = "特殊教育学校"

# Type → stage → fewest and most pupils by place: 城区, 镇区, 乡村.
_SIZES: dict[str, dict[str, tuple[tuple[int, int], ...]]] = {
    "小学": {PRIMARY: ((750, 1700), (380, 1100), (90, 420))},
    "初中": {JUNIOR: ((800, 1600), (450, 1200), (180, 600))},
    "九年一贯制": {
        PRIMARY: ((650, 1200), (350, 800), (120, 380)),
        JUNIOR: ((350, 800), (200, 500), (80, 240)),
    },
    "十二年一贯制": {
        PRIMARY: ((600, 1000), (400, 700), (200, 400)),
        JUNIOR: ((400, 700), (300, 500), (150, 300)),
        SENIOR: ((400, 700), (300, 500), (150, 300)),
    },
    "完全中学": {
        JUNIOR: ((600, 1300), (450, 1100), (300, 700)),
        SENIOR: ((800, 1500), (700, 1400), (400, 900)),
    },
    "教学点": {PRIMARY: ((30, 90), (24, 80), (12, 95))},
    SPECIAL: {
        PRIMARY: ((50, 120), (40, 90), (30, 70)),
        JUNIOR: ((20, 50), (16, 40), (10, 30)),
    },
}  # fmt: skip
_PLACES = ("城区", "镇区", "乡村")
_GROWTH = {"城区": (0.0, 0.03), "镇区": (-0.015, 0.01), "乡村": (-0.05, -0.01)}
_LARGEST = {"小学": 1950, "初中": 1950}  # a school near its limit takes no more
_CLASS_LIMIT = {PRIMARY: 45, JUNIOR: 50}
_PUPILS_PER_TEACHER = {PRIMARY: 16, JUNIOR: 12, SENIOR: 12}
_YEARS_OF_STAGE = {PRIMARY: 6, JUNIOR: 3}
_WHOLE_IN_TOWNS = 2026  # the first year judged by 2017.1: 100 % in primary, in towns as well
_BUDGET_PER_PUPIL = {PRIMARY: 720, JUNIOR: 940, SENIOR: 1_100}  # 元, 0.0001 万元
_WHOLE = {stage: 1 for stage in STAGES}
# Indicator → steps of its raw field per unit of the indicator and pupil.
_SCALE = {"A4": Fraction(100), "A5": Fraction(100), "A6": Fraction(1), "A7": Fraction(1, 100)}
# How much more than needed there is of each, at least and at most.
_ROOMS = {"A4": (1.04, 1.5), "A5": (1.03, 1.6), "A6": (1.03, 1.5), "A7": (1.02, 1.35)}
_STAFF = {"A1": (1.03, 1.22), "A2": (1.05, 1.6), "A3": (1.02, 1.35)}


class RegisteredSchool(Protocol):
    """What the generator needs of a school: a line of the made-up register, or a stored row."""

    code: str
    name: str
    school_type: str
    ownership: str
    location: str


@dataclass(frozen=True, slots=True)
class Traits:
    """Problems of a district; each ``…_until`` is the first year without it (0: never had it).

    ``crowded`` and ``cramped`` are the shares of schools whose rooms, or whose playgrounds, lag.
    """

    backbone_until: int = 0
    crowded: float = 0.0
    cramped: float = 0.0
    weak_item: str = ""
    weak_until: int = 0

    def has_backbone_gap(self, year: int) -> bool:
        return year < self.backbone_until

    def is_weak(self, item: str, year: int) -> bool:
        return self.weak_item == item and year < self.weak_until


@dataclass(frozen=True, slots=True)
class Situation:
    """What a school's figures rest on: its pupils now and at most, its district, the year."""

    school: RegisteredSchool
    pupils: Pupils
    once: Pupils
    traits: Traits
    region: str
    year: int
    seed: int
    teachers: int | None = None  # given where a published total is shared out

    def draw(self, about: str) -> Random:
        """The same drawing every year, so that a school keeps its character."""
        return Random(f"{self.seed}/{self.school.code}/{about}")

    @property
    def compulsory(self) -> Pupils:
        return {stage: number for stage, number in self.pupils.items() if stage in STAGES}


def pupils_of(school: RegisteredSchool, region: str, seed: int, year: int) -> Pupils:
    """Pupils by stage in one year, drawn for the base year and grown since.

    Enrolment grows in towns of the centre and shrinks in villages, most in the mountains.
    """
    draw = Random(f"{seed}/{school.code}/pupils")
    low, high = _GROWTH[school.location]
    if region in MOUNTAINS:
        low, high = low - 0.02, high - 0.015
    factor = (1 + draw.uniform(low, high)) ** (year - BASE_YEAR)
    place, largest = _PLACES.index(school.location), _LARGEST.get(school.school_type, 1_600)
    return {
        stage: max(8, min(largest, round(draw.randint(*sizes[place]) * factor)))
        for stage, sizes in _SIZES[school.school_type].items()
    }


def figures_of(now: Situation) -> dict[str, Any]:
    """One school's row of a self-check, with the raw fields it is asked for."""
    row: dict[str, Any] = {
        "school_code": now.school.code,
        "school_name": now.school.name,
        "school_type": now.school.school_type,
        "location": now.school.location,
        "ownership": now.school.ownership,
        "boarding": _boarding(now),
        "organiser": PRIVATE if now.school.ownership == PRIVATE else ORGANISERS[6],
    }
    row |= {f"pupils_{stage}": number for stage, number in now.pupils.items()}
    row |= _classes(now) | _staff_of_stages(now) | _facilities(now)
    row |= _teachers(now, row)
    return row | _money(now) | _intake(now, row["boarding"])


def _boarding(now: Situation) -> str:
    is_far = now.school.location == "乡村" and now.school.school_type in ("初中", "九年一贯制")
    return "是" if is_far and now.draw("boarding").random() < 0.6 else "否"


def _classes(now: Situation) -> dict[str, int]:
    """Classes below the limit; special schools teach in small groups."""
    draw = now.draw("classes")
    row: dict[str, int] = {}
    for stage, number in now.compulsory.items():
        limit = 12 if now.school.school_type == SPECIAL else _CLASS_LIMIT[stage]
        classes = max(1, ceil(number / (limit * draw.uniform(0.82, 0.95))))
        row[f"classes_{stage}"] = classes
        row[f"largest_class_{stage}"] = min(number, limit, ceil(number / classes) + 1)
    needed = ceil(sum(row[f"classes_{stage}"] for stage in now.compulsory) / 12)
    extra = int(draw.random() < 0.25)
    return row | {"music_rooms": needed + extra, "art_rooms": needed}


def _staff_of_stages(now: Situation) -> dict[str, int]:
    row = {}
    for stage, number in now.compulsory.items():
        for code, field in (("A1", "qualified"), ("A2", "backbone"), ("A3", "pe_arts")):
            margin = now.draw(f"{field}/{stage}").uniform(*_margin(now, code))
            asked = STANDARD_2017.threshold(code, stage) * number / 100
            wanted = ceil(asked * Fraction(margin))
            row[f"{field}_teachers_{stage}"] = min(wanted, now.teachers or wanted)
    return row


def _margin(now: Situation, code: str) -> tuple[float, float]:
    """Staff against what is asked; where there is a gap, few schools hold the 骨干教师."""
    if code != "A2" or not now.traits.has_backbone_gap(now.year):
        return _STAFF[code]
    is_favoured = now.draw("favoured").random() < (0.45 if now.school.location == "城区" else 0.12)
    return (3.2, 4.4) if is_favoured else (0.86, 0.98)


def _facilities(now: Situation) -> dict[str, str | int]:
    """What the fullest year needed and a margin, for rooms outlive declining enrolment; where the
    school lags, only a part of what is needed now."""
    draw, lags, kind = now.draw("rooms"), _lags(now), now.school.school_type
    margins = {code: draw.uniform(*margin) for code, margin in _ROOMS.items()}
    steps = {
        code: int(_just_enough(code, kind, now.pupils) * Fraction(lags[code]))
        if code in lags
        else ceil(_just_enough(code, kind, now.once) * Fraction(margin))
        for code, margin in margins.items()
    }
    indoor = int(steps["A5"] * Fraction(draw.choice((0.0, 0.0, 0.06, 0.1)))) // 100 * 100
    return {
        "teaching_area": write_steps(steps["A4"] + indoor, 2),
        "indoor_sports_area": write_steps(indoor, 2),
        "sports_ground_area": write_steps(steps["A5"] - indoor, 2),
        "equipment_value": write_steps(steps["A6"], 4),
        "multimedia_classrooms": steps["A7"],
    }


def _just_enough(code: str, school_type: str, pupils: Pupils) -> Fraction:
    """Steps of the raw field with which every stage of the school just meets the threshold."""
    weights = STANDARD_2017.whole_weights(school_type) or _WHOLE
    asked = max(
        STANDARD_2017.threshold(code, stage) / weights[stage] for stage in pupils if stage in STAGES
    )
    return asked * _SCALE[code] * sum(number * weights[stage] for stage, number in pupils.items())


def _lags(now: Situation) -> dict[str, float]:
    """Facilities that lag behind, until the year the school gets new ones."""
    draw = now.draw("lags")
    kind, extent, until = draw.random(), draw.uniform(0.6, 0.82), draw.randint(2024, 2031)
    is_urban = now.school.location == "城区"
    if not is_urban or now.year >= until or now.school.school_type == SPECIAL:
        return {}
    if kind < now.traits.cramped and now.region == CENTRE:
        return {"A5": extent}
    if kind < now.traits.cramped + now.traits.crowded:
        return {"A4": extent + 0.15, "A7": extent + 0.1}
    return {}


def _teachers(now: Situation, row: Mapping[str, Any]) -> dict[str, int]:
    wanted = now.teachers
    if wanted is None:
        wanted = sum(ceil(n / _PUPILS_PER_TEACHER[stage]) for stage, n in now.pupils.items())
        wanted = max(wanted, sum(row[f"qualified_teachers_{stage}"] for stage in now.compulsory))
    return {"teachers": wanted, "teachers_certified": wanted, "teachers_trained": wanted}


def _money(now: Situation) -> dict[str, Any]:
    """Small village schools are funded as if they had 100 pupils; 5 % and more is for training."""
    pupils = sum(now.pupils.values())
    is_small = now.school.school_type in ("教学点", "小学") and pupils < 100
    funded = 100 if is_small else pupils
    per_pupil = sum(_BUDGET_PER_PUPIL[stage] * n for stage, n in now.pupils.items()) // pupils
    budget = funded * per_pupil
    training = ceil(budget * Fraction(now.draw("training").uniform(0.0505, 0.08)))
    return {
        "funded_pupils": funded,
        "operating_budget": write_steps(budget, 4),
        "training_budget": write_steps(training, 4),
    }


def _intake(now: Situation, boarding: str) -> dict[str, Any]:
    """All near home in 城区, and in primary of 镇区 since that is asked; nearly all elsewhere; not
    asked of private and boarding schools."""
    draw = now.draw("intake")
    is_asked = now.school.ownership == "公办" and boarding == "否"
    row: dict[str, Any] = {}
    for stage, number in now.compulsory.items():
        share = draw.uniform(0.965, 1.0)
        intake = ceil(number / _YEARS_OF_STAGE[stage])
        is_asked_whole = now.year >= _WHOLE_IN_TOWNS and stage == PRIMARY
        is_whole = now.school.location == "城区" or (
            now.school.location == "镇区" and is_asked_whole
        )
        near = intake if is_whole else ceil(intake * share)
        row[f"nearby_intake_{stage}"] = near if is_asked else NOT_APPLICABLE
        row[f"intake_{stage}"] = intake if is_asked else NOT_APPLICABLE
    return row
