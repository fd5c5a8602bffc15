"""Part A of an outcome: units with their seven indicators, and the dispersion of each stage.

What is shown beside a coefficient (mean, deviation, shares, where to add) is worked out in whole
numbers scaled by 10⁴⁰: the same digits on every machine and in every row order. It shows; verdicts
come from ``dispersion``, which decides exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from math import isqrt
from operator import mul
from typing import Any

from figures.table import SCHOOL_FIELD
from indicators.calculation.judged import (
    Coefficient,
    Missing,
    PartA,
    StageSpread,
    UnitOutcome,
    worst,
)
from indicators.calculation.problems import set_point, write_decimal, write_steps
from indicators.calculation.resources import Resources, judge_resources
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import (
    CODES,
    RATIOS,
    STAGES,
    UNIT_VERDICTS,
    VERDICTS,
    Verdict,
)
from indicators.calculation.units import Unit, as_columns

ONE = 10**40
# Truncation errs by a few units of the last of 40 places; this settles ties of the sixth place.
_NUDGE = 10**15
_MICRO = ONE // 1_000_000
_HALF_MICRO = _MICRO // 2 + _NUDGE
_NOTHING: tuple[None, None] = (None, None)
_SHOWN = ("cv", "mean", "pivot", "sd", "unweighted_cv")


@dataclass(frozen=True, slots=True)
class Working:
    """One indicator in one stage. ``shares`` are each unit's part of the variance (sum 1), None
    when nobody differs. ``pivot``: adding to a unit below it lowers the coefficient, above raises.
    All scaled by 10⁴⁰; ``mean``, ``sd``, ``values`` and ``pivot`` in the indicator's unit.
    """

    values: list[int]
    mean: int
    sd: int
    cv: int | None
    unweighted_cv: int | None
    shares: list[int | None]
    pivot: int

    def effect(self, value: int) -> str:
        """Whether more at a unit of this value helps or hurts the coefficient, or does neither."""
        distance = value - self.pivot
        if abs(distance) <= _NUDGE:
            return "neutral"
        return "helps" if distance < 0 else "hurts"

    def shown_shares(self) -> Iterator[tuple[str | None, str | None]]:
        """Each unit's part of the variance, and what adding there does to the coefficient."""
        if self.cv is None:
            return repeat(_NOTHING)
        return zip(map(write_scaled, self.shares), map(self.effect, self.values), strict=True)


Workings = dict[str, list[Working | None]]


def judge_part_a(
    units: list[Unit], rules: Rules
) -> tuple[PartA, tuple[UnitOutcome, ...], dict[str, StageSpread], list[Missing]]:
    """Judge the counted units, and everything a page needs to show the working."""
    counted = [unit for unit in units if unit.counted]
    judged = judge_resources(as_columns(counted), rules)
    workings = {stage: _stage_workings(counted, stage, rules) for stage in STAGES}
    spreads = {stage: _spread(counted, stage, judged, workings, rules) for stage in STAGES}
    outcomes = tuple(_unit_outcomes(units, judged, workings, rules))
    missing = [
        Missing(field, unit.school["school_code"])
        for unit in counted
        if not all(unit.known)
        for field in unit.missing()
    ]
    return _whole(judged, spreads), outcomes, spreads, missing


def _stage_workings(units: list[Unit], stage: str, rules: Rules) -> list[Working | None]:
    """Per indicator; None while a unit's value is unknown or the stage has no unit."""
    own = [unit for unit in units if unit.stage == stage]
    return [
        work_out(own, row, rules) if own and all(unit.known[row] for unit in own) else None
        for row in range(len(CODES))
    ]


def work_out(units: list[Unit], row: int, rules: Rules) -> Working:
    """Mean, deviation, shares and pivot of one indicator over a stage with every value known."""
    values = [unit_value(unit, row) for unit in units]
    by_pupils = rules.weighting == "pupils"
    weights = [unit.pupils or 0 if by_pupils else 1 for unit in units]
    mean, parts = _moments(values, weights)
    whole = sum(parts)
    variance = whole // sum(weights)
    # Equal values leave truncation dust; as a share of nothing it would look like a finding.
    alive = isqrt(variance) > _NUDGE
    alike, distances = _moments(values, [1] * len(values))
    return Working(
        values,
        mean,
        isqrt(variance),
        _coefficient(mean, variance),
        _coefficient(alike, sum(distances) // len(values)),
        [part * ONE // whole if alive else None for part in parts],
        mean + (variance // mean if mean else 0),
    )


def unit_value(unit: Unit, row: int) -> int:
    """The unit's value per pupil (per 100), scaled; its inputs must be known."""
    ratio = RATIOS[row]
    pupils = (unit.weighted_pupils if ratio.split else unit.pupils) or 1
    weight = unit.weight if ratio.split else 1
    return (unit.amounts[row] or 0) * weight * ratio.factor * ONE // (ratio.scale * pupils)


def _moments(values: list[int], weights: list[int]) -> tuple[int, list[int]]:
    """Weighted mean (scale 10⁴⁰) and each unit's weighted squared distance from it (10⁸⁰)."""
    mean = sum(map(mul, values, weights)) // sum(weights)
    away = [value - mean for value in values]
    return mean, list(map(mul, map(mul, away, away), weights))


def _coefficient(mean: int, variance: int) -> int | None:
    return isqrt(variance * ONE * ONE // (mean * mean)) if mean else None


def write_scaled(number: int | None) -> str | None:
    """Six places, half up; None stays None."""
    return None if number is None else set_point((number + _HALF_MICRO) // _MICRO, 6)


def _spread(
    units: list[Unit], stage: str, judged: Resources, workings: Workings, rules: Rules
) -> StageSpread:
    """The coefficients of one stage; empty when no unit is counted there."""
    own = [unit for unit in units if unit.stage == stage]
    if not own:
        return StageSpread({})
    group = judged.groups.stage.tolist().index(STAGES.index(stage))
    counts = [unit.pupils for unit in own]
    shared: dict[str, Any] = {
        "limit": write_decimal(rules.dispersion_limits[stage], 2),
        "pupils": None if None in counts else str(sum(count or 0 for count in counts)),
        "units": len(own),
    }
    table = {
        code: Coefficient(**shared, **_measured(own, judged, row, group, workings[stage][row]))
        for row, code in enumerate(CODES)
    }
    known = [w.cv for w in workings[stage] if w and w.cv is not None]
    mean = sum(known) // len(CODES) if len(known) == len(CODES) else None
    return StageSpread(table, write_scaled(mean))


def _measured(
    units: list[Unit], judged: Resources, row: int, group: int, working: Working | None
) -> dict[str, Any]:
    found = judged.dispersion
    verdict = VERDICTS[found.verdicts[row, group]]
    unweighted = VERDICTS[found.unweighted_verdicts[row, group]]
    return {
        "borderline": bool(found.borderline[row, group]),
        "missing": tuple([str(u.school["school_code"]) for u in units if not u.known[row]]),
        "unweighted_differs": verdict != unweighted,
        "unweighted_verdict": unweighted,
        "verdict": verdict,
        **{name: write_scaled(getattr(working, name, None)) for name in _SHOWN},
    }


def _unit_outcomes(
    units: list[Unit], judged: Resources, workings: Workings, rules: Rules
) -> Iterator[UnitOutcome]:
    """Every unit in the order given; those left out without figures."""
    counted = [unit for unit in units if unit.counted]
    columns = [_cells(counted, judged, workings, rules, row) for row in range(len(CODES))]
    cells = zip(*columns, strict=True)
    verdicts = zip(judged.met_count.tolist(), judged.unit_verdicts.tolist(), strict=True)
    for unit in units:
        met, verdict = next(verdicts) if unit.counted else (None, None)
        yield UnitOutcome(
            unit.counted,
            dict(zip(CODES, next(cells), strict=True)) if unit.counted else {},
            met,
            None if unit.pupils is None else str(unit.pupils),
            unit.reason,
            unit.school["school_code"],
            unit.school["school_name"],
            unit.stage,
            None if verdict is None else VERDICTS[verdict],
        )


def _cells(
    units: list[Unit], judged: Resources, workings: Workings, rules: Rules, row: int
) -> Iterator[dict[str, Any]]:
    """One indicator of every counted unit, as a ``Cell`` is written."""
    ratio, found = RATIOS[row], judged.ratios
    columns = (found.verdicts, found.borderline, found.shortfall, found.shortfall_to_floor)
    judgements = zip(*(column[row].tolist() for column in columns), strict=True)
    thresholds = {stage: rules.thresholds[ratio.code][stage] for stage in STAGES}
    needed = {stage: write_decimal(value) for stage, value in thresholds.items()}
    floors = {stage: write_decimal(v * rules.floor_ratio) for stage, v in thresholds.items()}
    places = SCHOOL_FIELD[ratio.field_in(STAGES[0])].places
    shares = {
        stage: working.shown_shares() if (working := own[row]) else repeat(_NOTHING)
        for stage, own in workings.items()
    }
    for unit, (verdict, borderline, short, to_floor) in zip(units, judgements, strict=True):
        value, numerator, denominator = unit.written(row)
        share, adding = next(shares[unit.stage])
        yield {
            "adding": adding,
            "borderline": borderline,
            "denominator": denominator,
            "floor": floors[unit.stage],
            "numerator": numerator,
            "share": share,
            # Most are short of nothing: a call saved for each is 3 % of the whole.
            "shortfall": _amount(short, places) if short else "0",
            "shortfall_to_floor": _amount(to_floor, places) if to_floor else "0",
            "threshold": needed[unit.stage],
            "value": value,
            "verdict": UNIT_VERDICTS[verdict],
        }


def _amount(steps: int, places: int) -> str | None:
    return None if steps < 0 else write_steps(steps, places)


def _whole(judged: Resources, spreads: dict[str, StageSpread]) -> PartA:
    """Every unit and all fourteen coefficients; a stage without units leaves A open."""
    units = [VERDICTS[code] for code in judged.unit_verdicts.tolist()]
    found: list[Verdict] = [
        spread.coefficients[code].verdict if spread.coefficients else "unknown"
        for spread in spreads.values()
        for code in CODES
    ]
    cells = judged.ratios.verdicts.tolist()
    return PartA(
        by_indicator={
            code: {name: own.count(at) for at, name in enumerate(UNIT_VERDICTS)}
            for code, own in zip(CODES, cells, strict=True)
        },
        dispersion={name: found.count(name) for name in VERDICTS},
        stages_without_units=tuple(s for s in STAGES if not spreads[s].coefficients),
        units={name: units.count(name) for name in VERDICTS},
        verdict=worst(units + found),
    )
