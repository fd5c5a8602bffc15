"""The fast calculation and the all-fractions reference agree on more than 100,000 random units."""

import gc
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil, isclose, sqrt
from typing import Any

import numpy as np
import pytest

from figures.table import STAGES_OF_TYPE
from indicators.calculation.columns import UnitColumns
from indicators.calculation.problems import Problems
from indicators.calculation.resources import Resources, judge_resources
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from indicators.calculation.scheme import CODES, STAGES, UNIT_VERDICTS, VERDICTS
from indicators.calculation.school_intake import read_schools
from indicators.calculation.units import as_columns, list_units
from tests.indicators.calculation import reference

DISTRICTS, SCHOOLS = 7_600, 14
KINDS = ("小学", "小学", "小学", "初中", "初中", "九年一贯制", "十二年一贯制", "完全中学", "教学点")
TELLING = (0, 49, 50, 100, 200, 1000, 20_000)
FIELDS = {
    "A4": "teaching_area",
    "A5": "sports_ground_area",
    "A6": "equipment_value",
    "A7": "multimedia_classrooms",
}


def beside(rng: random.Random, target: Fraction, spread: float | None) -> int:
    """A whole number anywhere around a target, or (spread None) on it, just above or just below."""
    if spread is None:
        return max(0, ceil(target) + rng.choice((-1, 0, 0, 1)))
    return int(target * 1000) * int(1000 * rng.lognormvariate(0.25, spread)) // 1_000_000


def random_school(rng: random.Random, number: int, level: float) -> dict[str, Any]:
    kind = rng.choice(KINDS)
    school: dict[str, Any] = {
        "school_code": f"{number:010d}",
        "school_name": "甲",
        "school_type": kind,
    }
    for stage in STAGES_OF_TYPE[kind]:
        most = 80 if kind == "教学点" else 1500
        school[f"pupils_{stage}"] = rng.choice(TELLING if rng.random() < 0.3 else range(1, most))
    stage = rng.choice(reference.STAGES[kind])
    ratio = rng.choice((Fraction(1), Fraction(85, 100)))
    fill(rng, school, stage, ratio, rng.choice((None, level)))
    if rng.random() < 0.02:
        school.pop(rng.choice(list(school)[3:]))
    return school


def fill(
    rng: random.Random, school: dict[str, Any], stage: str, ratio: Fraction, spread: float | None
) -> None:
    """Amounts around the threshold or floor of one stage."""
    kind = school["school_type"]
    for own in reference.STAGES[kind]:
        for code, field in reference.STAFF.items():
            pupils = school[f"pupils_{own}"]
            tie = reference.THRESHOLD[own][code] * pupils / 100 * ratio
            school[f"{field}_{own}"] = beside(rng, tie, spread) if pupils else 0
    indoor = rng.randint(0, 3) * 10_000
    school["indoor_sports_area"] = f"{indoor // 100}.00"
    figures, pupils = reference.exact_figures(school), school[f"pupils_{stage}"]
    share = reference.stage_share(kind, figures, stage) if pupils else None
    whole = pupils / share if share else Fraction(50)
    for code, field in FIELDS.items():
        unit = {"A4": 100, "A5": 100, "A6": 1}.get(code, Fraction(1, 100))
        steps = beside(rng, reference.THRESHOLD[stage][code] * whole * unit * ratio, spread)
        steps = max(0, steps + {"A4": indoor, "A5": -indoor}.get(code, 0))
        places = {"A4": 2, "A5": 2, "A6": 4}.get(code, 0)
        school[field] = _decimal(steps, places) if places else steps


def _decimal(steps: int, places: int) -> str:
    whole, rest = divmod(steps, 10**places)
    return f"{whole}.{rest:0{places}d}"


def tied_district(rng: random.Random, number: int) -> list[dict[str, Any]]:
    """Two primary and two junior schools whose coefficients lie on a limit or on its rounding."""
    schools = []
    for stage, limit in (("primary", 500), ("junior", 450)):
        away = limit + rng.choice((0, 0, 5, 5, 1, -1, 4, 6, 0.25, 0.5))
        for sign in (-1, 1):
            number += 1
            per_pupil = int((1000 + sign * away) * 4) * rng.choice((10, 10, 10, 11))
            school = {"school_code": f"{number:010d}", "school_name": "甲", f"pupils_{stage}": 1000}
            school["school_type"] = "小学" if stage == "primary" else "初中"
            for field in ("qualified_teachers", "backbone_teachers", "pe_arts_teachers"):
                school[f"{field}_{stage}"] = per_pupil
            school |= {field: str(per_pupil) for field in FIELDS.values()}
            schools.append(school | {"indoor_sports_area": "0"})
    return schools


Nation = tuple[list[dict[str, Any]], Resources, list[int]]
Reported = tuple[list[dict[str, Any]], UnitColumns, list[int]]


@pytest.fixture(scope="module")
def untraced() -> Iterator[None]:
    """The measure of coverage would trace a million small steps: it learns nothing from them."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture(scope="module")
def reported(untraced: None) -> Reported:
    """Reference results per district, and the units of all of them in columns."""
    gc.disable()  # a million small objects are made and kept: collecting only costs time
    rng = random.Random(20171)
    districts, units, owner = [], [], []
    for district in range(DISTRICTS):
        first = district * SCHOOLS
        if district % 12:
            level = rng.choice((0.02, 0.2, 0.45, 0.6))
            rows = [random_school(rng, first + i, level) for i in range(SCHOOLS)]
        else:
            rows = tied_district(rng, first)
        problems = Problems()
        read = list_units(read_schools(rows, 5_000, problems), STANDARD_2017)
        assert not problems
        counted = [unit for unit in read if unit.counted]
        units += counted
        owner += [district] * len(counted)
        districts.append(reference.judge_district(rows))
    columns = replace(as_columns(units), district=np.array(owner))
    gc.enable()
    return districts, columns, owner


@pytest.fixture(scope="module")
def nation(reported: Reported) -> Nation:
    """Reference results per district beside one call of the engine over all of them."""
    districts, columns, owner = reported
    return districts, judge_resources(columns, STANDARD_2017), owner


@pytest.fixture(scope="module")
def corrected(reported: Reported) -> Resources:
    """The same units judged by the rules of 2017.1."""
    return judge_resources(reported[1], STANDARD_2017_1)


def test_every_unit_agrees(nation: tuple[list[dict[str, Any]], Resources, list[int]]) -> None:
    districts, judged, owner = nation
    expected = [unit for district in districts for unit in district["units"]]
    assert len(expected) == len(owner) >= 100_000
    ratios = judged.ratios
    for row, code in enumerate(CODES):
        cells = [cells[code] for _, _, cells, _ in expected]
        assert [UNIT_VERDICTS[v] for v in ratios.verdicts[row]] == [c.verdict for c in cells]
        assert ratios.borderline[row].tolist() == [c.borderline for c in cells]
        per_unit = reference.STEP.get(code, Fraction(1)).denominator
        for name in ("shortfall", "shortfall_to_floor"):
            amounts = [getattr(cell, name) for cell in cells]
            steps = [-1 if a is None else int(a * per_unit) for a in amounts]
            assert getattr(ratios, name)[row].tolist() == steps
    assert [VERDICTS[v] for v in judged.unit_verdicts] == [verdict for *_, verdict in expected]
    met = [sum(c.verdict == "met" for c in cells.values()) for _, _, cells, _ in expected]
    assert judged.met_count.tolist() == met


def test_every_coefficient_agrees(
    nation: tuple[list[dict[str, Any]], Resources, list[int]],
) -> None:
    districts, judged, _ = nation
    found, seen = judged.dispersion, set()
    for group, (district, stage) in enumerate(
        zip(judged.groups.district, judged.groups.stage, strict=True)
    ):
        for row, code in enumerate(CODES):
            expected = districts[district]["dispersion"][STAGES[stage]][code]
            assert VERDICTS[found.verdicts[row, group]] == expected.verdict
            assert VERDICTS[found.unweighted_verdicts[row, group]] == expected.unweighted_verdict
            assert bool(found.borderline[row, group]) == expected.borderline
            seen.add((expected.verdict, expected.borderline))
            if expected.verdict != "unknown":
                deviation = sqrt(expected.variance)
                assert isclose(found.mean[row, group], expected.mean, rel_tol=1e-12)
                assert isclose(found.sd[row, group], deviation, rel_tol=1e-9, abs_tol=1e-9)
    assert seen >= {("met", False), ("not_met", False), ("not_met", True), ("unknown", False)}


def test_engine_two_differs_only_in_which_coefficients_are_borderline(
    nation: Nation, corrected: Resources
) -> None:
    districts, judged, _ = nation
    for name in ("verdicts", "borderline", "shortfall", "shortfall_to_floor"):
        assert (getattr(corrected.ratios, name) == getattr(judged.ratios, name)).all()
    assert (corrected.unit_verdicts == judged.unit_verdicts).all()
    found = corrected.dispersion
    assert (found.verdicts == judged.dispersion.verdicts).all()
    seen = set()
    groups = zip(corrected.groups.district, corrected.groups.stage, strict=True)
    for group, (district, stage) in enumerate(groups):
        for row, code in enumerate(CODES):
            expected = districts[district]["dispersion"][STAGES[stage]][code]
            borderline = bool(found.borderline[row, group])
            assert borderline == expected.borderline_of_three
            seen.add((expected.borderline, borderline))
    assert seen == {(False, False), (True, False), (True, True)}


def test_ties_were_really_there(
    nation: tuple[list[dict[str, Any]], Resources, list[int]],
) -> None:
    districts, _, _ = nation
    ties = {(stage, code, kind): 0 for stage in STAGES for code in CODES for kind in "TF"}
    limits = dict.fromkeys(STAGES, 0)
    for district in districts:
        for _, stage, cells, _ in district["units"]:
            for code, cell in cells.items():
                threshold = reference.THRESHOLD[stage][code]
                ties[stage, code, "T"] += cell.value == threshold
                ties[stage, code, "F"] += cell.value == reference.FLOORS[stage][code]
        for stage in STAGES:
            for spread in district["dispersion"][stage].values():
                on = spread.mean and spread.variance == (spread.mean * reference.LIMIT[stage]) ** 2
                limits[stage] += bool(on)
    assert min(ties.values()) >= 10
    assert min(limits.values()) >= 10
