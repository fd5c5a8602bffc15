"""The standard computed once more, slowly and all in fractions, without the engine.

Written from the wording of 教督〔2017〕6号 and its public practice, as the independent check of the
fast calculation. Takes schools as districts report them and knows no array and no float.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import Any

F = Fraction
SEVEN = ("A1", "A2", "A3", "A4", "A5", "A6", "A7")
WANTED = {
    "primary": ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"),
    "junior": ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"),
}
THRESHOLD = {stage: dict(zip(SEVEN, map(F, row), strict=True)) for stage, row in WANTED.items()}
FLOORS = {
    stage: {code: value * F("0.85") for code, value in row.items()}
    for stage, row in THRESHOLD.items()
}
LIMIT = {"primary": F(1, 2), "junior": F(45, 100)}
W11, W12, W132 = F("1.1"), F("1.2"), F("1.32")
STAFF = {"A1": "qualified_teachers", "A2": "backbone_teachers", "A3": "pe_arts_teachers"}
UNIT = {"A1": 100, "A2": 100, "A3": 100, "A4": 1, "A5": 1, "A6": 10_000, "A7": 100}
STEP = {"A4": F(1, 100), "A5": F(1, 100), "A6": F(1, 10_000)}
STAGES = {
    "小学": ["primary"],
    "教学点": ["primary"],
    "初中": ["junior"],
    "完全中学": ["junior"],
    "九年一贯制": ["primary", "junior"],
    "十二年一贯制": ["primary", "junior"],
}


@dataclass
class Cell:
    """One unit in one indicator; everything None while its value is not known."""

    value: Fraction | None = None
    verdict: str = "unknown"
    borderline: bool = False
    shortfall: Fraction | None = None
    shortfall_to_floor: Fraction | None = None


Exact = dict[str, Fraction]


def exact_figures(school: dict[str, Any]) -> Exact:
    """Every reported number of a school as a fraction."""
    texts = ("school_code", "school_name", "school_type", "location", "ownership", "boarding")
    return {field: F(value) for field, value in school.items() if field not in texts}


def stage_share(kind: str, figures: Exact, stage: str) -> Fraction | None:
    """Which part of the school's facilities belongs to the stage."""
    a, b, c = (figures.get(f"pupils_{name}") for name in ("primary", "junior", "senior"))
    if kind == "九年一贯制":
        if a is None or b is None:
            return None
        return (a if stage == "primary" else W11 * b) / (a + W11 * b)
    if kind == "完全中学":
        return None if b is None or c is None else b / (b + W12 * c)
    if kind == "十二年一贯制":
        if a is None or b is None or c is None:
            return None
        return (a if stage == "primary" else W11 * b) / (a + W11 * b + W132 * c)
    return F(1)


def school_total(figures: Exact, stage: str, code: str) -> Fraction | None:
    """What is recorded for an indicator, in the raw field's unit (equipment in 万元)."""
    if code in STAFF:
        return figures.get(f"{STAFF[code]}_{stage}")
    if code == "A6":
        return figures.get("equipment_value")
    if code == "A7":
        return figures.get("multimedia_classrooms")
    indoor = figures.get("indoor_sports_area")
    main = figures.get("teaching_area" if code == "A4" else "sports_ground_area")
    if indoor is None or main is None:
        return None
    return main - indoor if code == "A4" else main + indoor


def rounded(value: Fraction) -> Fraction:
    """To two decimals, half up."""
    over, under = value.as_integer_ratio()
    return F((200 * over + under) // (2 * under), 100)


def grade(value: Fraction, threshold: Fraction, floor_: Fraction) -> str:
    if value >= threshold:
        return "met"
    return "floor" if value >= floor_ else "below"


def judge_cell(total: Fraction | None, gain: Fraction | None, stage: str, code: str) -> Cell:
    """``gain`` is by how much one raw unit raises the value per pupil (or per 100)."""
    if total is None or gain is None:
        return Cell()
    value, targets = total * gain, (THRESHOLD[stage][code], FLOORS[stage][code])
    verdict = grade(value, *targets)
    short = [
        F(0) if value >= target else steps_up(target - value, gain, code) for target in targets
    ]
    return Cell(value, verdict, grade(rounded(value), *targets) != verdict, *short)


def steps_up(lacking: Fraction, gain: Fraction, code: str) -> Fraction:
    step = STEP.get(code, F(1))
    return ceil(lacking / (gain * step)) * step


def judge_cells(school: dict[str, Any], stage: str) -> dict[str, Cell]:
    figures = exact_figures(school)
    pupils, share = figures.get(f"pupils_{stage}"), None
    if pupils is not None:
        share = stage_share(school["school_type"], figures, stage)
    gains: dict[tuple[bool, int], Fraction | None] = {}
    for code in SEVEN:
        own = F(1) if code in STAFF else share
        if (code in STAFF, UNIT[code]) not in gains:
            gain = None if pupils is None or own is None else own * UNIT[code] / pupils
            gains[code in STAFF, UNIT[code]] = gain
    return {
        code: judge_cell(
            school_total(figures, stage, code), gains[code in STAFF, UNIT[code]], stage, code
        )
        for code in SEVEN
    }


def judge_unit(cells: dict[str, Cell]) -> str:
    """At least six met, the other not under 85 %: tried with every unknown value at its best."""
    verdicts = [cell.verdict for cell in cells.values()]
    best = [verdict if verdict != "unknown" else "met" for verdict in verdicts]
    if best.count("met") < 6 or "below" in best:
        return "not_met"
    return "unknown" if "unknown" in verdicts else "met"


@dataclass
class Spread:
    """Dispersion of one indicator in one stage; variance instead of its irrational root."""

    mean: Fraction | None = None
    variance: Fraction | None = None
    verdict: str = "unknown"
    borderline: bool = False
    unweighted_verdict: str = "unknown"
    borderline_of_three: bool = False


def spread(pairs: list[tuple[int, Fraction | None]], limit: Fraction) -> Spread:
    """``pairs`` of pupils and value per pupil."""
    known = [(pupils, value) for pupils, value in pairs if value is not None]
    if not pairs or len(known) < len(pairs):
        return Spread()
    mean, variance = moments(known)
    if mean == 0:
        return Spread(mean, variance)
    verdict = within(mean, variance, limit)
    # A coefficient prints as the limit or less when it is below the limit plus half a unit.
    shown = "met" if variance < (rounded(limit) + F(1, 200)) ** 2 * mean**2 else "not_met"
    unweighted = within(*moments([(1, value) for _, value in known]), limit)
    # With three places, as the form prints it: under 0.5005 it prints 0.500.
    three = variance < (limit + F(1, 2000)) ** 2 * mean**2 and verdict == "not_met"
    return Spread(mean, variance, verdict, shown != verdict, unweighted, three)


def moments(pairs: list[tuple[int, Fraction]]) -> tuple[Fraction, Fraction]:
    """Weighted mean and population variance, over the values' common denominator."""
    common = lcm(*(value.denominator for _, value in pairs))
    whole = [(w, value.numerator * (common // value.denominator)) for w, value in pairs]
    total = sum(weight for weight, _ in whole)
    mean = F(sum(weight * value for weight, value in whole), total * common)
    squares = F(sum(weight * value * value for weight, value in whole), total * common**2)
    return mean, squares - mean * mean


def within(mean: Fraction, variance: Fraction, limit: Fraction) -> str:
    return "met" if variance <= limit**2 * mean**2 else "not_met"


def units_of(schools: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """Counted units: no 特殊教育学校, no 教学点 under 50 pupils, no stage without pupils."""
    return [
        (school, stage)
        for school in schools
        for stage in STAGES.get(school["school_type"], [])
        if school.get(f"pupils_{stage}") != 0
        and not (school["school_type"] == "教学点" and school.get("pupils_primary", 50) < 50)
    ]


def judge_district(schools: list[dict[str, Any]]) -> dict[str, Any]:
    """Part A of one district: ``units`` in order and ``dispersion`` by stage and indicator."""
    counted = units_of(schools)
    units = []
    for school, stage in counted:
        cells = judge_cells(school, stage)
        units.append((school, stage, cells, judge_unit(cells)))
    dispersion = {
        stage: {
            code: spread(
                [
                    (int(school.get(f"pupils_{stage}", 0)), cells[code].value)
                    for school, own, cells, _ in units
                    if own == stage
                ],
                LIMIT[stage],
            )
            for code in SEVEN
        }
        for stage in ("primary", "junior")
    }
    return {"units": units, "dispersion": dispersion}
