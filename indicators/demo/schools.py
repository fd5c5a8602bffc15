"""All figures of one made-up school in one year."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

from figures.table import JUNIOR, PRIMARY
from indicators.calculation.figures import write_steps
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import STAGES

from .enrolment import Pupils, RegisteredSchool
from .facilities import facilities_of
from .traits import CENTRE, Traits

_CLASS_LIMIT = {PRIMARY: 45, JUNIOR: 50}
_PUPILS_PER_TEACHER = {PRIMARY: 16, JUNIOR: 12, "senior": 12}
_YEARS_OF_STAGE = {PRIMARY: 6, JUNIOR: 3}
_BUDGET_PER_PUPIL = {PRIMARY: 720, JUNIOR: 940, "senior": 1_100}  # 元, 0.0001 万元


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


def figures_of(now: Situation) -> dict[str, Any]:
    """One school's row of a self-check, with the raw fields it is asked for."""
    row: dict[str, Any] = {
        "school_code": now.school.code,
        "school_name": now.school.name,
        "school_type": now.school.school_type,
        "location": now.school.location,
        "ownership": now.school.ownership,
        "boarding": _boarding(now),
    }
    row |= {f"pupils_{stage}": number for stage, number in now.pupils.items()}
    row |= _classes(now)
    row |= _staff_of_stages(now)
    row |= facilities_of(
        now.school.school_type, now.draw("rooms"), now.pupils, now.once, _lags(now)
    )
    row |= _teachers(now, row)
    row |= _money(now)
    row |= _intake(now, row["boarding"])
    return row


def _boarding(now: Situation) -> str:
    is_far = now.school.location == "乡村" and now.school.school_type in ("初中", "九年一贯制")
    return "是" if is_far and now.draw("boarding").random() < 0.6 else "否"


def _lags(now: Situation) -> dict[str, float]:
    """Facilities that lag behind, until the year the school gets new ones."""
    draw = now.draw("lags")
    kind, extent, until = draw.random(), draw.uniform(0.6, 0.82), draw.randint(2024, 2031)
    is_urban = now.school.location == "城区"
    if not is_urban or now.year >= until or now.school.school_type == "特殊教育学校":
        return {}
    if kind < now.traits.cramped and now.region == CENTRE:
        return {"A5": extent}
    if kind < now.traits.cramped + now.traits.crowded:
        return {"A4": extent + 0.15, "A7": extent + 0.1}
    return {}


def _classes(now: Situation) -> dict[str, int]:
    """Classes below the limit; special schools teach in small groups."""
    draw = now.draw("classes")
    row: dict[str, int] = {}
    for stage, number in now.compulsory.items():
        limit = 12 if now.school.school_type == "特殊教育学校" else _CLASS_LIMIT[stage]
        size = limit * draw.uniform(0.82, 0.95)
        classes = max(1, ceil(number / size))
        row[f"classes_{stage}"] = classes
        row[f"largest_class_{stage}"] = min(number, limit, ceil(number / classes) + 1)
    needed = ceil(sum(row[f"classes_{stage}"] for stage in now.compulsory) / 12)
    extra = int(draw.random() < 0.25)
    return row | {"music_rooms": needed + extra, "art_rooms": needed}


def _staff_of_stages(now: Situation) -> dict[str, int]:
    row = {}
    for stage, number in now.compulsory.items():
        for code, field in (("A1", "qualified"), ("A2", "backbone"), ("A3", "pe_arts")):
            low, high = _margin(now, code)
            margin = now.draw(f"{field}/{stage}").uniform(low, high)
            asked = STANDARD_2017.threshold(code, stage) * number / 100
            wanted = ceil(asked * Fraction(margin))
            row[f"{field}_teachers_{stage}"] = min(wanted, now.teachers or wanted)
    return row


def _margin(now: Situation, code: str) -> tuple[float, float]:
    """Staff against what is asked; where there is a gap, few schools hold the 骨干教师."""
    if code != "A2" or not now.traits.has_backbone_gap(now.year):
        return {"A1": (1.03, 1.22), "A2": (1.05, 1.6), "A3": (1.02, 1.35)}[code]
    is_favoured = now.draw("favoured").random() < (0.45 if now.school.location == "城区" else 0.12)
    return (3.2, 4.4) if is_favoured else (0.86, 0.98)


def _teachers(now: Situation, row: dict[str, Any]) -> dict[str, int]:
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
    """All near home in 城区, nearly all elsewhere; not asked of private and boarding schools."""
    draw = now.draw("intake")
    asked = now.school.ownership == "公办" and boarding == "否"
    row: dict[str, Any] = {}
    for stage, number in now.compulsory.items():
        share = draw.uniform(0.965, 1.0)
        names = f"nearby_intake_{stage}", f"intake_{stage}"
        if not asked:
            row |= dict.fromkeys(names, "不适用")
            continue
        intake = ceil(number / _YEARS_OF_STAGE[stage])
        near = intake if now.school.location == "城区" else ceil(intake * share)
        row |= dict(zip(names, (near, intake), strict=True))
    return row
