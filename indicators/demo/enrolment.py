"""How many pupils a made-up school has, by stage and year."""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Protocol

from figures.table import JUNIOR, PRIMARY, SENIOR

from .traits import BASE_YEAR, yearly_growth

Pupils = dict[str, int]

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
    "特殊教育学校": {
        PRIMARY: ((50, 120), (40, 90), (30, 70)),
        JUNIOR: ((20, 50), (16, 40), (10, 30)),
    },
}  # fmt: skip
_PLACES = ("城区", "镇区", "乡村")
_LARGEST = {"小学": 1950, "初中": 1950}  # a school near its limit takes no more

# Published for 大足区 (教育均衡自评报告, 2019): the demonstration keeps to these totals each year.
PUBLISHED: dict[str, Pupils] = {"500111": {PRIMARY: 67_424, JUNIOR: 25_564}}
PUBLISHED_TEACHERS: dict[str, Pupils] = {"500111": {PRIMARY: 4_201, JUNIOR: 2_075}}
# School types the published figures count; a register of another make-up is left as drawn.
PUBLISHED_TYPES: dict[str, Pupils] = {
    "500111": {"初中": 22, "完全中学": 2, "小学": 73, "教学点": 94}
}


class RegisteredSchool(Protocol):
    """What the generator needs of a school: a line of the made-up register, or a stored row."""

    code: str
    name: str
    school_type: str
    ownership: str
    location: str


def pupils_of(school: RegisteredSchool, region: str, seed: int, year: int) -> Pupils:
    """Pupils by stage in one year, drawn for the base year and grown since."""
    draw = Random(f"{seed}/{school.code}/pupils")
    place = _PLACES.index(school.location)
    growth = yearly_growth(draw, school.location, region)
    factor = (1 + growth) ** (year - BASE_YEAR)
    largest = _LARGEST.get(school.school_type, 1_600)
    return {
        stage: max(8, min(largest, round(draw.randint(*sizes[place]) * factor)))
        for stage, sizes in _SIZES[school.school_type].items()
    }


def has_published_totals(district_code: str, schools: Iterable[RegisteredSchool]) -> bool:
    """Whether the district's register is made up as the published figures count it."""
    types = [school.school_type for school in schools]
    wanted = PUBLISHED_TYPES.get(district_code)
    return wanted == {kind: types.count(kind) for kind in sorted(set(types))}


def shared_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """A total in whole numbers by weight, the remainder to the largest fractions."""
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    by_fraction = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_fraction[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
