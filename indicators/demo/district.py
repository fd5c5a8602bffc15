"""A made-up district's whole self-check of one year, in the shape ``evaluate`` takes.

What is out of order in a district, and until which year, is what real districts fail for:
骨干教师 gathered in a few schools, playgrounds of old schools in the centre, rooms that did not
grow with enrolment, now and then a district figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from figures.table import (
    JUNIOR,
    PRIMARY,
    RESPONDENT_GROUPS,
    STAGES_OF_TYPE,
    STATEMENTS,
    VETO_ITEMS,
)
from indicators.calculation.rules_2017 import STANDARD_2017

from .schools import (
    BASE_YEAR,
    CENTRE,
    Pupils,
    RegisteredSchool,
    Situation,
    Traits,
    figures_of,
    pupils_of,
)

SOUND = 0.4  # share of districts without a standing problem
SUBJECTS = ("语文", "数学", "科学", "体育", "艺术", "德育")
# Which district figure falls short, where one does.
WEAK_ITEMS = ("B11", "B14", "C1", "C9", "D1")
_GROUP_SHARES = (0.4, 0.35, 0.1, 0.03, 0.03, 0.03, 0.06)

# Published for 大足区 (教育均衡自评报告, 2019): the demonstration keeps to these totals each year.
_PUBLISHED_UNIT = "500111"
_PUBLISHED: Pupils = {PRIMARY: 67_424, JUNIOR: 25_564}
_PUBLISHED_TEACHERS: Pupils = {PRIMARY: 4_201, JUNIOR: 2_075}
# School types the published figures count; a register of another make-up is left as drawn.
_PUBLISHED_TYPES: Pupils = {"初中": 22, "完全中学": 2, "小学": 73, "教学点": 94}


def district_payload(
    *,
    seed: int,
    district_code: str,
    region: str,
    year: int,
    schools: Iterable[RegisteredSchool],
    is_sound: bool = False,
) -> dict[str, Any]:
    """Figures of the schools and the district for one year; the same seed gives the same.

    ``is_sound``: nothing is out of order, as where the nation has certified the unit.
    """
    registered = sorted(schools, key=lambda school: school.code)
    traits = Traits() if is_sound else _traits_of(seed, district_code, region)
    pupils = {school.code: pupils_of(school, region, seed, year) for school in registered}
    teachers: dict[str, int] = {}
    if _has_published_totals(district_code, registered):
        teachers = _keep_to_published_totals(registered, pupils)
    rows = [
        figures_of(
            Situation(
                school=school,
                pupils=pupils[school.code],
                once=_most_ever(school, pupils[school.code], region, seed, year),
                traits=traits,
                region=region,
                year=year,
                seed=seed,
                teachers=teachers.get(school.code),
            )
        )
        for school in registered
    ]
    return {
        "standard": STANDARD_2017.standard,
        "schools": rows,
        "district": _items(Random(f"{seed}/{district_code}/{year}"), rows, traits, year),
        "qualitative": {code: next(iter(words)) for code, words in STATEMENTS.items()},
        "veto": dict.fromkeys(VETO_ITEMS, "否"),
    }


def _traits_of(seed: int, district_code: str, region: str) -> Traits:
    """The standing problems of one district, the same for every year."""
    draw = Random(f"{seed}/{district_code}/traits")
    if draw.random() < SOUND:
        return Traits()
    in_centre = region == CENTRE
    return Traits(
        backbone_until=draw.randint(2024, 2030) if draw.random() < 0.6 else 0,
        crowded=draw.uniform(0.02, 0.08) if in_centre or draw.random() < 0.3 else 0.0,
        cramped=draw.uniform(0.02, 0.07) if in_centre else 0.0,
        weak_item=draw.choice(WEAK_ITEMS) if draw.random() < 0.5 else "",
        weak_until=draw.randint(2024, 2029),
    )


def _has_published_totals(district_code: str, schools: Sequence[RegisteredSchool]) -> bool:
    """Whether the district's register is made up as the published figures count it."""
    types = [school.school_type for school in schools]
    counted = {kind: types.count(kind) for kind in set(types)}
    return district_code == _PUBLISHED_UNIT and counted == _PUBLISHED_TYPES


def _keep_to_published_totals(
    schools: Sequence[RegisteredSchool], pupils: dict[str, Pupils]
) -> dict[str, int]:
    """Share the published pupils out; answers each school's part of the published teachers."""
    teachers: dict[str, int] = {}
    for stage, total in _PUBLISHED.items():
        drawn = {code: own[stage] for code, own in pupils.items() if stage in own}
        for code, number in _shared_out(total, drawn).items():
            pupils[code][stage] = number
    for stage, total in _PUBLISHED_TEACHERS.items():
        own = [school for school in schools if stage in STAGES_OF_TYPE[school.school_type]]
        weights = {school.code: pupils[school.code][stage] for school in own}
        teachers |= _shared_out(total, weights)
    return teachers


def _shared_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """A total in whole numbers by weight, the remainder to the largest fractions."""
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    by_fraction = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_fraction[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def _most_ever(school: RegisteredSchool, now: Pupils, region: str, seed: int, year: int) -> Pupils:
    """The fullest year since the base year: enrolment only grows or only shrinks."""
    first = pupils_of(school, region, seed, min(BASE_YEAR, year))
    return {stage: max(number, first[stage]) for stage, number in now.items()}


def _items(
    draw: Random, rows: Sequence[dict[str, Any]], traits: Traits, year: int
) -> dict[str, Any]:
    """What the district reports for itself; a weak item falls a little short."""
    teachers = sum(row["teachers"] for row in rows)
    junior = sum(row.get("pupils_junior", 0) for row in rows)
    weak = {item: traits.is_weak(item, year) for item in WEAK_ITEMS}
    pay = draw.randint(98_000, 132_000)
    return (
        {
            "B7.special_budget_per_pupil": str(draw.randint(61, 95) * 100),
            "B8.teacher_pay": str(pay + draw.randint(300, 6_000)),
            "B8.civil_servant_pay": str(pay),
        }
        | _rotation(draw, teachers, weak["B11"])
        | _places(draw, junior, weak["B14"])
        | _retention(draw, junior, weak["C1"])
        | _monitoring(draw, weak["C9"])
        | _satisfaction(draw, weak["D1"])
    )


def _rotation(draw: Random, teachers: int, weak: bool) -> dict[str, int]:
    eligible = max(20, teachers * 2 // 5)
    exchanged = (
        int(eligible * (draw.uniform(0.07, 0.095) if weak else draw.uniform(0.11, 0.16))) + 1
    )
    return {
        "B11.eligible": eligible,
        "B11.exchanged": exchanged,
        "B11.exchanged_backbone": exchanged * draw.randint(22, 35) // 100 + 1,
    }


def _places(draw: Random, junior: int, weak: bool) -> dict[str, int]:
    places, migrants = max(40, junior // 6), max(30, junior // 12)
    share = draw.uniform(0.42, 0.48) if weak else draw.uniform(0.52, 0.65)
    return {
        "B14.places": places,
        "B14.allocated": int(places * share),
        "B15.eligible": migrants,
        "B15.enrolled": migrants - migrants * draw.randint(1, 9) // 100,
    }


def _retention(draw: Random, junior: int, weak: bool) -> dict[str, int]:
    """Graduates such that the rate comes out as drawn; children with disabilities beside it."""
    entrants, disabled = max(60, junior // 3), max(40, junior // 120)
    moved_in, moved_out, deceased = entrants // 25, entrants // 22, entrants // 1_500
    rate = draw.uniform(0.92, 0.945) if weak else draw.uniform(0.965, 0.995)
    stayed = int((entrants - deceased) * rate)
    return {
        "C1.graduates": stayed + moved_in - moved_out,
        "C1.transferred_in": moved_in,
        "C1.transferred_out": moved_out,
        "C1.entrants": entrants,
        "C1.deceased": deceased,
        "C2.eligible": disabled,
        "C2.enrolled": disabled - int(draw.random() < 0.6),
    }


def _monitoring(draw: Random, weak: bool) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for subject in SUBJECTS:
        row[f"C9.{subject}.level"] = 3 + int(draw.random() < 0.3)
        row[f"C9.{subject}.difference"] = f"{draw.uniform(0.06, 0.13):.4f}"
    if weak:
        row["C9.科学.difference"] = f"{draw.uniform(0.151, 0.19):.4f}"
    return row


def _satisfaction(draw: Random, weak: bool) -> dict[str, int]:
    """Groups of respondents that add up to the whole sample; visits beside the questionnaires."""
    sample = draw.randint(1_200, 4_000)
    row: dict[str, int] = {"D1.sample": 0, "D1.satisfied": 0}
    for group, share in zip(RESPONDENT_GROUPS, _GROUP_SHARES, strict=True):
        asked = int(sample * share)
        satisfied = int(asked * (draw.uniform(0.8, 0.84) if weak else draw.uniform(0.89, 0.98)))
        row[f"D1.{group}.sample"], row[f"D1.{group}.satisfied"] = asked, satisfied
        row["D1.sample"] += asked
        row["D1.satisfied"] += satisfied
    for name in ("D1", "D1.家长"):
        row[f"{name}.issued"] = row[f"{name}.sample"] * draw.randint(102, 110) // 100
        row[f"{name}.visited"] = visited = row[f"{name}.sample"] // 20
        row[f"{name}.visited_satisfied"] = visited * draw.randint(90, 99) // 100
    return row
