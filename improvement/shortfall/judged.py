"""Every place an outcome judges, under a key that stays the same from year to year.

A school's indicator is a place of its own; coefficients and what lies outside part A are the
district's. A unit that meets the standard lacks nothing, though one indicator may lie between floor
and threshold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from indicators.calculation.judged import Check, UnitOutcome
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One place: ``found`` against ``required`` as they are written; ``gap`` is how far apart.

    Outside part A the ``check`` that decides says what was found.
    """

    indicator: str
    stage: str
    school_code: str
    school_name: str
    verdict: Verdict
    found: str = ""
    required: str = ""
    gap: Decimal | None = None
    check: Check | None = None


def judged(outcome: Outcome, district: str) -> dict[str, Judged]:
    """Key → place; keys begin with the code of the school, or of the ``district``."""
    return {
        key_of(each.school_code or district, each.stage, each.indicator): each
        for part in (_schools, _spreads, _district, _veto)
        for each in part(outcome)
    }


def key_of(owner: str, stage: str, indicator: str) -> str:
    """``owner`` is the code of the school or of the district, ``stage`` empty outside part A."""
    return f"{owner}:{stage}:{indicator}"


def _schools(outcome: Outcome) -> Iterator[Judged]:
    for unit in outcome.units:
        for code, cell in unit.indicators.items() if unit.counted else ():
            numbers = cell["value"] or "", cell["threshold"]
            gap = _gap(*numbers) if cell["verdict"] != "met" else None
            place = code, unit.stage, unit.school_code, unit.school_name
            yield Judged(*place, _verdict(unit, cell["verdict"]), *numbers, gap)


def _verdict(unit: UnitOutcome, verdict: str) -> Verdict:
    if "met" in (verdict, unit.verdict):
        return "met"
    return "unknown" if verdict == "unknown" or unit.verdict != "not_met" else "not_met"


def _spreads(outcome: Outcome) -> Iterator[Judged]:
    for stage, table in outcome.dispersion.items():
        for code, each in table.coefficients.items():
            gap = _gap(each.cv, each.limit)
            yield Judged(code, stage, "", "", each.verdict, each.cv or "", each.limit, gap)


def _district(outcome: Outcome) -> Iterator[Judged]:
    for code, each in outcome.indicators.items():
        worst = next((check for check in each.checks if check.verdict == each.verdict), None)
        yield Judged(code, "", "", "", each.verdict, check=worst)


def _veto(outcome: Outcome) -> Iterator[Judged]:
    """Only what is there: an item that is gone is closed by who has seen to it."""
    for code in outcome.veto.raised:
        yield Judged(code, "", "", "", "not_met")


def _gap(found: str | None, required: str) -> Decimal | None:
    return abs(Decimal(required) - Decimal(found)) if found else None
