"""Small districts and bare coefficients for the planner's tests."""

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from improvement.planner.measures import NO_CAP, Measure, measure_of
from improvement.planner.problem import Action, Cone, Problem

DATA = Path(__file__).parent / "data"
PRICES = {"A1": 100_000, "A2": 30_000, "A3": 80_000, "A7": 40_000}
WANTED = {
    "primary": (4.2, 1, 0.9, 4.5, 7.5, 2000, 2.3),
    "junior": (5.3, 1, 0.9, 5.8, 10.2, 2500, 2.4),
}


def given(name: str) -> dict[str, Any]:
    """A district whose cheapest plan is known."""
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content


def one_coefficient(
    amounts: list[int], pupils: list[int], limit: str, most: list[int] | None = None
) -> Problem:
    """One indicator of one stage, without thresholds: only the coefficient asks."""
    size = len(amounts)
    have = np.array(amounts, np.int64)
    caps = most or [NO_CAP] * size
    room: Measure = measure_of("A7", ("A7",), Fraction(1))
    alone = np.arange(size)
    cone = Cone(
        "A7",
        "primary",
        alone,
        alone,
        np.array(pupils, np.int64),
        np.array(pupils, np.int64),
        np.ones(size, np.int64),
        1 + Fraction(limit) ** 2,
    )
    actions = tuple(Action(at, "", room, Fraction(1), caps[at], (at,)) for at in range(size))
    top = np.array([min(NO_CAP, a + cap) for a, cap in zip(amounts, caps, strict=True)], np.int64)
    rows = np.tile(have, (7, 1))
    return Problem((), (), np.tile(alone, (7, 1)), have, rows, rows, top, actions, (cone,), 1)


def small_district(seed: int, size: int) -> list[dict[str, Any]]:
    """Schools that lack some people and rooms; of all else they have the same and enough."""
    random = Random(seed)
    kinds = random.choices(("小学", "初中", "九年一贯制"), (4, 3, 3), k=size)
    return [_school(random, number, kind) for number, kind in enumerate(kinds)]


def _school(random: Random, number: int, kind: str) -> dict[str, Any]:
    stages = {"小学": ["primary"], "初中": ["junior"]}.get(kind, ["primary", "junior"])
    row: dict[str, Any] = {
        "school_code": f"{5_001_060_001 + number}",
        "school_name": f"第{number + 1}学校",
        "school_type": kind,
        "location": "城区",
        "ownership": "公办",
    }
    areas = [0.0, 0.0, 0.0, 0.0]
    for stage in stages:
        pupils = random.randint(60, 200)
        wanted = [each * pupils / 100 for each in WANTED[stage]]
        row[f"pupils_{stage}"] = pupils
        row[f"qualified_teachers_{stage}"] = int(wanted[0] * random.uniform(0.75, 1.6))
        row[f"backbone_teachers_{stage}"] = int(wanted[1]) + 1
        row[f"pe_arts_teachers_{stage}"] = int(wanted[2] * random.uniform(0.4, 2.5) + 0.5)
        areas = [have + each * 100 for have, each in zip(areas, wanted[3:], strict=True)]
    row["teaching_area"] = f"{areas[0] * 1.3:.2f}"
    row["indoor_sports_area"] = "0"
    row["sports_ground_area"] = f"{areas[1] * 1.3:.2f}"
    row["equipment_value"] = f"{areas[2] * 1.3 / 10_000:.4f}"
    row["multimedia_classrooms"] = int(areas[3] / 100 * random.uniform(0.8, 1.6) + 0.5)
    return row
