"""What an outcome alone tells to look at: ratios that moved, close calls, the survey, what fails.

Each row: what it speaks of (indicator, school, stage or other), its tier, its weight, its facts.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from indicators.calculation.judged import Cell, Check, Coefficient, UnitOutcome
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES

Row = tuple[tuple[str, str, str], int, Decimal, Mapping[str, Any]]

REACH = Decimal("0.01")  # one hundredth: of a value, a coefficient, a rate
NOTHING = Decimal(0)


def moved(before: Outcome, after: Outcome) -> Iterator[Row]:
    """Values of units that are not what they were; those whose verdict turned stand first."""
    old = {(unit.school_code, unit.stage): unit.indicators for unit in before.units}
    for unit in after.units:
        then = old.get((unit.school_code, unit.stage), {})
        for code, cell in unit.indicators.items():
            past = then.get(code, {}).get("value")
            if not past or not cell["value"] or past == cell["value"]:
                continue
            turned = then[code]["verdict"] != cell["verdict"]
            facts = {"then": then[code], "now": cell}
            yield (code, unit.school_code, unit.stage), -turned, _moved(past, cell["value"]), facts


def _moved(then: str, now: str) -> Decimal:
    was = Decimal(then)
    return abs(Decimal(now) / was - 1) if was else Decimal("Infinity")


def surveyed(outcome: Outcome) -> Iterator[Row]:
    """A satisfaction that is met while its lower bound lies under what is asked."""
    for check in _checks(outcome, "D1"):
        bound = check.inputs.get("lower_bound")
        if check.verdict == "met" and bound and Decimal(bound) < Decimal(check.inputs["needed"]):
            yield ("D1", "", ""), 0, NOTHING, {"check": check}


def borderline(outcome: Outcome, rules: Rules) -> Iterator[Row]:
    """Coefficients and rates within a hundredth of their limit, and schools that only just pass."""
    for stage, code, found in _coefficients(outcome):
        if found.cv and abs(Decimal(found.limit) - Decimal(found.cv)) <= REACH:
            yield (code, "", stage), 0, NOTHING, {"coefficient": found}
    for code in outcome.indicators:
        for check in _checks(outcome, code):
            if _is_close(check):
                yield (code, "", ""), 1, NOTHING, {"check": check}
    for unit in outcome.units:
        if near := _just_passes(unit, rules.required_met):
            yield ("A", unit.school_code, unit.stage), 2, Decimal(len(near)), {"near": near}


def _is_close(check: Check) -> bool:
    """A rate within a hundredth of what is asked; where all of them did, nothing is close."""
    found = check.inputs
    if found.get("value") is None or found.get("numerator") in (None, found.get("denominator")):
        return False
    return abs(Decimal(found["value"]) - Decimal(found["needed"])) <= REACH


def _just_passes(unit: UnitOutcome, required: int) -> list[str]:
    """Indicators that a hundredth less would take from a school, where it would then fail."""
    if unit.verdict != "met":
        return []
    cells = unit.cells
    near = [
        code for code, cell in cells.items() if cell.verdict == "met" and _above(cell, "threshold")
    ]
    at_floor = [c for c, cell in cells.items() if cell.is_short and _above(cell, "floor")]
    kept = sum(cell.verdict == "met" for cell in cells.values()) - len(near)
    return near + at_floor if at_floor or kept < required else []


def _above(cell: Cell, limit: str) -> bool:
    return Decimal(cell.value or 0) < Decimal(getattr(cell, limit)) * (1 + REACH)


def failing(outcome: Outcome) -> Iterator[Row]:
    """Everything that does not meet the standard: vetoes, coefficients, schools, indicators."""
    for code in outcome.veto.raised:
        yield ("V", "", code), 0, NOTHING, {"veto": code}
    for stage, code, found in _coefficients(outcome):
        if found.verdict == "not_met":
            yield (code, "", stage), 1, NOTHING, {"coefficient": found}
    for unit in outcome.units:
        if unit.verdict == "not_met":
            short = len(CODES) - (unit.met_count or 0)
            yield ("A", unit.school_code, unit.stage), 2, Decimal(short), {"unit": unit}
    for code, indicator in outcome.indicators.items():
        if indicator.verdict == "not_met":
            yield (code, "", ""), 3, NOTHING, {"indicator": indicator}


def _checks(outcome: Outcome, code: str) -> tuple[Check, ...]:
    found = outcome.indicators.get(code)
    return found.checks if found else ()


def _coefficients(outcome: Outcome) -> Iterator[tuple[str, str, Coefficient]]:
    for stage, table in outcome.dispersion.items():
        for code, found in table.coefficients.items():
            yield stage, code, found
