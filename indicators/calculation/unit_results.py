"""Part A as the result shows it: units with their seven indicators, and the dispersion tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from figures.table import SCHOOL_FIELD
from indicators.calculation.figures import write_decimal, write_ratio, write_steps
from indicators.calculation.outcomes import Missing
from indicators.calculation.resources import Resources, judge_resources
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import (
    CODES,
    RATIOS,
    STAGES,
    UNIT_VERDICTS,
    VERDICTS,
    Ratio,
    worst,
)
from indicators.calculation.units import Unit, as_columns
from indicators.calculation.working import Working, work_out, write_scaled


@dataclass(frozen=True, slots=True)
class PartA:
    """Result pieces of part A, ready for JSON."""

    units: list[dict[str, Any]]
    dispersion: dict[str, Any]
    outcome: dict[str, Any]
    missing: list[Missing]


def show_part_a(units: list[Unit], rules: Rules) -> PartA:
    """Judge the counted units and lay out everything a page needs to show the working."""
    counted = [unit for unit in units if unit.counted]
    judged = judge_resources(as_columns(counted), rules)
    workings = {stage: _stage_workings(counted, stage, rules) for stage in STAGES}
    dispersion = {stage: _show_stage(counted, stage, judged, workings, rules) for stage in STAGES}
    shown = iter(_show_counted(counted, judged, workings, rules))
    rows = [next(shown) if unit.counted else _show_left_out(unit) for unit in units]
    missing = [
        Missing(unit.school["school_code"], field) for unit in counted for field in unit.missing()
    ]
    return PartA(rows, dispersion, _outcome(rows, dispersion), missing)


def _stage_workings(units: list[Unit], stage: str, rules: Rules) -> list[Working | None]:
    """Per indicator; None while a unit's value is unknown or the stage has no unit."""
    own = [unit for unit in units if unit.stage == stage]
    return [
        work_out(own, row, rules) if own and all(unit.known[row] for unit in own) else None
        for row in range(len(CODES))
    ]


def _show_stage(
    units: list[Unit],
    stage: str,
    judged: Resources,
    workings: dict[str, list[Working | None]],
    rules: Rules,
) -> dict[str, Any]:
    """The dispersion table of one stage; empty when no unit is counted there."""
    own = [unit for unit in units if unit.stage == stage]
    if not own:
        return {}
    group = judged.groups.stage.tolist().index(STAGES.index(stage))
    counts = [unit.pupils for unit in own]
    shared = {
        "units": len(own),
        "pupils": None if None in counts else str(sum(count or 0 for count in counts)),
        "limit": write_decimal(rules.dispersion_limits[stage], 2),
    }
    table: dict[str, Any] = {
        code: shared | _show_coefficient(judged, row, group, workings[stage][row])
        for row, code in enumerate(CODES)
    }
    for row, code in enumerate(CODES):
        table[code]["missing"] = [_place(unit) for unit in own if not unit.known[row]]
    table["composite"] = _composite(workings[stage])
    return table


def _place(unit: Unit) -> str:
    return str(unit.school["school_code"])


def _show_coefficient(
    judged: Resources, row: int, group: int, working: Working | None
) -> dict[str, Any]:
    verdict = VERDICTS[judged.dispersion.verdicts[row, group]]
    unweighted = VERDICTS[judged.dispersion.unweighted_verdicts[row, group]]
    return {
        "mean": write_scaled(working.mean if working else None),
        "sd": write_scaled(working.deviation if working else None),
        "cv": write_scaled(working.coefficient if working else None),
        "verdict": verdict,
        "borderline": bool(judged.dispersion.borderline[row, group]),
        "unweighted_cv": write_scaled(working.unweighted_coefficient if working else None),
        "unweighted_verdict": unweighted,
        "unweighted_differs": verdict != unweighted,
        "pivot": write_scaled(working.pivot if working else None),
    }


def _composite(workings: list[Working | None]) -> str | None:
    """综合: the plain mean of the seven coefficients, for information only."""
    known = [w.coefficient for w in workings if w is not None and w.coefficient is not None]
    return write_scaled(sum(known) // len(CODES)) if len(known) == len(CODES) else None


def _show_left_out(unit: Unit) -> dict[str, Any]:
    return _head(unit) | {"indicators": {}, "met_count": None, "verdict": None}


def _head(unit: Unit) -> dict[str, Any]:
    return {
        "school_code": unit.school["school_code"],
        "school_name": unit.school["school_name"],
        "stage": unit.stage,
        "pupils": None if unit.pupils is None else str(unit.pupils),
        "counted": unit.counted,
        "reason": unit.reason,
    }


def _show_counted(
    units: list[Unit],
    judged: Resources,
    workings: dict[str, list[Working | None]],
    rules: Rules,
) -> list[dict[str, Any]]:
    cells = [_show_indicator(units, judged, workings, rules, row) for row in range(len(CODES))]
    met, verdicts = judged.met_count.tolist(), judged.unit_verdicts.tolist()
    return [
        _head(unit)
        | {
            "indicators": {code: cells[row][at] for row, code in enumerate(CODES)},
            "met_count": met[at],
            "verdict": VERDICTS[verdicts[at]],
        }
        for at, unit in enumerate(units)
    ]


def _show_indicator(
    units: list[Unit],
    judged: Resources,
    workings: dict[str, list[Working | None]],
    rules: Rules,
    row: int,
) -> list[dict[str, Any]]:
    """One indicator of every counted unit."""
    ratio, found = RATIOS[row], judged.ratios
    columns = (found.verdicts, found.borderline, found.shortfall, found.shortfall_to_floor)
    judgements = zip(*(column[row].tolist() for column in columns), strict=True)
    fixed = {stage: _show_thresholds(ratio, stage, rules) for stage in STAGES}
    places = SCHOOL_FIELD[ratio.field_in(STAGES[0])].places
    shares = {stage: iter(_show_shares(workings[stage][row])) for stage in STAGES}
    cells = []
    for unit, (verdict, borderline, short, to_floor) in zip(units, judgements, strict=True):
        threshold, floor = fixed[unit.stage]
        value, numerator, denominator = _show_value(unit, row, ratio)
        share, adding = next(shares[unit.stage])
        cells.append(
            {
                "threshold": threshold,
                "floor": floor,
                "value": value,
                "numerator": numerator,
                "denominator": denominator,
                "verdict": UNIT_VERDICTS[verdict],
                "borderline": borderline,
                "shortfall": None if short < 0 else write_steps(short, places),
                "shortfall_to_floor": None if to_floor < 0 else write_steps(to_floor, places),
                "share": share,
                "adding": adding,
            }
        )
    return cells


def _show_thresholds(ratio: Ratio, stage: str, rules: Rules) -> tuple[str, str]:
    """Threshold and floor."""
    threshold = rules.thresholds[ratio.code][stage]
    return write_decimal(threshold), write_decimal(threshold * rules.floor_ratio)


def _show_value(unit: Unit, row: int, ratio: Ratio) -> tuple[str | None, str | None, str | None]:
    """The value and the two figures it is made of: the unit's numerator and its pupils."""
    amount = unit.amounts[row]
    if amount is None or not unit.known[row]:
        return None, None, None
    pupils = unit.pupils or 1
    if ratio.split:
        own, below = amount * unit.weight, (unit.weighted_pupils or 1) * ratio.scale
        value = write_ratio(own * ratio.factor, below)
        return value, write_ratio(own * pupils, below), str(pupils)
    return write_ratio(amount * ratio.factor, pupils), str(amount), str(pupils)


def _show_shares(working: Working | None) -> Iterator[tuple[str | None, str | None]]:
    """Each unit's part of the variance, and what adding there does to the coefficient."""
    if working is None or working.coefficient is None:
        return repeat((None, None))
    shares = map(write_scaled, working.shares)
    return zip(shares, map(working.effect, working.values), strict=True)


def _outcome(rows: list[dict[str, Any]], dispersion: dict[str, Any]) -> dict[str, Any]:
    """Every unit and all fourteen coefficients; a stage without units leaves A open."""
    units = [row["verdict"] for row in rows if row["counted"]]
    spreads = [
        dispersion[stage][code]["verdict"] if dispersion[stage] else "unknown"
        for stage in STAGES
        for code in CODES
    ]
    return {
        "verdict": worst(units + spreads),
        "units": {name: units.count(name) for name in VERDICTS},
        "dispersion": {name: spreads.count(name) for name in VERDICTS},
        "by_indicator": {code: _tally(rows, code) for code in CODES},
        "stages_without_units": [stage for stage in STAGES if not dispersion[stage]],
    }


def _tally(rows: list[dict[str, Any]], code: str) -> dict[str, int]:
    found = [row["indicators"][code]["verdict"] for row in rows if row["counted"]]
    return {name: found.count(name) for name in UNIT_VERDICTS}
