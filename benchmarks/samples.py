"""Random but repeatable units and payloads to measure with."""

import random
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from figures.table import DISTRICT_ITEMS, QUALITATIVE_INDICATORS, STAGES_OF_TYPE, VETO_ITEMS
from indicators.calculation.columns import UnitColumns
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import STAGES
from indicators.calculation.school_intake import School
from indicators.calculation.units import Unit, as_columns, list_units

KINDS = ("小学",) * 6 + ("初中",) * 3 + ("九年一贯制",) * 2 + ("完全中学",)
STEPS = {"teaching_area": 100, "indoor_sports_area": 100, "sports_ground_area": 100}


@dataclass
class Sample:
    """The same figures as whole-step schools per district, as units and as columns."""

    districts: list[list[School]]
    units: list[Unit]
    columns: UnitColumns


def make_sample(schools: int, districts: int) -> Sample:
    """``schools`` spread evenly over ``districts``; a few units sit exactly on a threshold."""
    rng = random.Random(2017)
    rows = [make_school(rng, number) for number in range(schools)]
    cuts = [schools * i // districts for i in range(districts + 1)]
    grouped = [rows[a:b] for a, b in zip(cuts, cuts[1:], strict=False)]
    units, owner = [], []
    for district, own in enumerate(grouped):
        found = sorted(list_units(own, STANDARD_2017), key=lambda unit: unit.stage == "junior")
        units += found
        owner += [district] * len(found)
    return Sample(grouped, units, replace(as_columns(units), district=np.array(owner, np.int64)))


def make_school(rng: random.Random, number: int) -> School:
    """One school as the intake leaves it: whole steps of every raw field."""
    kind = rng.choice(KINDS)
    school: School = {
        "school_code": f"{number:010d}",
        "school_name": f"学校{number}",
        "school_type": kind,
        "location": rng.choice(("城区", "镇区", "乡村")),
        "ownership": "公办",
        "boarding": "否",
    }
    pupils = {stage: rng.randint(60, 1500) for stage in STAGES_OF_TYPE[kind]}
    total = sum(pupils.values())
    for stage, count in pupils.items():
        school[f"pupils_{stage}"] = count
        if stage != "senior":
            school |= _stage_figures(rng, stage, count)
    school |= _school_figures(rng, total)
    staff = [
        sum(school.get(f"{kind}_{stage}", 0) for stage in STAGES)
        for kind in ("qualified_teachers", "backbone_teachers", "pe_arts_teachers")
    ]
    teachers = max(school["teachers"], *staff)
    return school | dict.fromkeys(("teachers", "teachers_certified", "teachers_trained"), teachers)


def _stage_figures(rng: random.Random, stage: str, count: int) -> dict[str, int]:
    return {
        f"classes_{stage}": -(-count // 42),
        f"largest_class_{stage}": 44,
        f"qualified_teachers_{stage}": int(count * rng.lognormvariate(-2.9, 0.25)),
        f"backbone_teachers_{stage}": int(count * rng.lognormvariate(-4.4, 0.35)),
        f"pe_arts_teachers_{stage}": int(count * rng.lognormvariate(-4.6, 0.25)),
        f"intake_{stage}": count // 6,
        f"nearby_intake_{stage}": count // 6,
    }


def _school_figures(rng: random.Random, total: int) -> dict[str, int]:
    indoor = int(total * 100 * rng.lognormvariate(-0.5, 0.4))
    return {
        "teaching_area": indoor + int(total * 100 * rng.lognormvariate(1.75, 0.3)),
        "indoor_sports_area": indoor,
        "sports_ground_area": int(total * 100 * rng.lognormvariate(2.2, 0.35)),
        "equipment_value": int(total * rng.lognormvariate(7.8, 0.4)),
        "multimedia_classrooms": int(total * rng.lognormvariate(-3.5, 0.3)),
        **{"music_rooms": 5, "art_rooms": 5, "funded_pupils": max(total, 100)},
        **{"teachers": total // 15, "teachers_certified": total // 15},
        **{"teachers_trained": total // 15},
        **{"operating_budget": total * 1000, "training_budget": total * 50},
    }


def make_payload(schools: int) -> dict[str, Any]:
    """A payload as the API gets it: counts as numbers, amounts as decimal text."""
    rng = random.Random(2018)
    rows = [_as_reported(make_school(rng, number)) for number in range(schools)]
    return {
        "standard": "2017",
        "schools": rows,
        "district": {item.code: 100 for item in DISTRICT_ITEMS},
        "qualitative": dict.fromkeys(QUALITATIVE_INDICATORS, "达标"),
        "veto": dict.fromkeys(VETO_ITEMS, "否"),
    }


def _as_reported(school: School) -> School:
    amounts = {field: f"{school[field] / 100:.2f}" for field in STEPS}
    money = ("equipment_value", "operating_budget", "training_budget")
    return school | amounts | {field: f"{school[field] / 10_000:.4f}" for field in money}
