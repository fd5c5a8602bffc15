"""A made-up district's whole self-check of one year, in the shape ``evaluate`` takes."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from figures.table import (
    QUALITATIVE_INDICATORS,
    RESPONDENT_GROUPS,
    STAGES_OF_TYPE,
    VETO_ITEMS,
)
from indicators.calculation.rules_2017 import STANDARD_2017

from .enrolment import (
    PUBLISHED,
    PUBLISHED_TEACHERS,
    Pupils,
    RegisteredSchool,
    has_published_totals,
    pupils_of,
    shared_out,
)
from .schools import Situation, figures_of
from .traits import BASE_YEAR, Traits, traits_of

SUBJECTS = ("数学", "科学")
_GROUP_SHARES = (0.4, 0.35, 0.1, 0.03, 0.03, 0.03, 0.06)


def district_payload(
    *, seed: int, district_code: str, region: str, year: int, schools: Iterable[RegisteredSchool]
) -> dict[str, Any]:
    """Figures of the schools and the district for one year; the same seed gives the same."""
    registered = sorted(schools, key=lambda school: school.code)
    traits = traits_of(seed, district_code, region)
    pupils = _pupils(registered, district_code, region, seed, year)
    teachers = _published_teachers(registered, district_code, pupils)
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
        "qualitative": dict.fromkeys(QUALITATIVE_INDICATORS, "达标"),
        "veto": dict.fromkeys(VETO_ITEMS, "否"),
    }


def _pupils(
    schools: Sequence[RegisteredSchool], district_code: str, region: str, seed: int, year: int
) -> dict[str, Pupils]:
    pupils = {school.code: pupils_of(school, region, seed, year) for school in schools}
    if has_published_totals(district_code, schools):
        for stage, total in PUBLISHED[district_code].items():
            drawn = {code: own[stage] for code, own in pupils.items() if stage in own}
            for code, number in shared_out(total, drawn).items():
                pupils[code][stage] = number
    return pupils


def _published_teachers(
    schools: Sequence[RegisteredSchool], district_code: str, pupils: dict[str, Pupils]
) -> dict[str, int]:
    """Each school's part of the published number of full-time teachers of its stage."""
    if not has_published_totals(district_code, schools):
        return {}
    shares: dict[str, int] = {}
    for stage, total in PUBLISHED_TEACHERS[district_code].items():
        own = [school for school in schools if stage in STAGES_OF_TYPE[school.school_type]]
        shares |= shared_out(total, {school.code: pupils[school.code][stage] for school in own})
    return shares


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
    weak = {item: traits.is_weak(item, year) for item in ("B11", "B14", "C1", "C9", "D1")}
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
        row[f"C9.{SUBJECTS[1]}.difference"] = f"{draw.uniform(0.151, 0.19):.4f}"
    return row


def _satisfaction(draw: Random, weak: bool) -> dict[str, int]:
    """Groups of respondents that add up to the whole sample."""
    sample = draw.randint(1_200, 4_000)
    row: dict[str, int] = {"D1.sample": 0, "D1.satisfied": 0}
    for group, share in zip(RESPONDENT_GROUPS, _GROUP_SHARES, strict=True):
        asked = int(sample * share)
        satisfied = int(asked * (draw.uniform(0.8, 0.84) if weak else draw.uniform(0.89, 0.98)))
        row[f"D1.{group}.sample"], row[f"D1.{group}.satisfied"] = asked, satisfied
        row["D1.sample"] += asked
        row["D1.satisfied"] += satisfied
    return row
