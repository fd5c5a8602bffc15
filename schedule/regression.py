"""What an approved self-check says of a certified unit that is worse than it must be: pure.

A certified unit is tested against the standard, not against itself; only touching the floor asks
what was before, because the standard lets each school do so once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from improvement.shortfall.judged import key_of
from indicators.calculation.judged import Cell, Check, UnitOutcome
from indicators.calculation.outcome import Outcome

FLOOR = "floor"  # a school newly rests on the one value the standard lets lie under its threshold
UNKNOWN = "unknown"  # cannot be told: never a pass
FAILING = "failing"  # a school or a coefficient does not meet the standard
LOST = "lost"  # the unit as a whole does not: an indicator of the district, or a veto
GRADES = (FLOOR, UNKNOWN, FAILING, LOST)  # the heavier the later

Floors = frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Regression:
    """One thing that is worse; figures as the result has them, empty where there is none.

    ``field`` is the requirement inside the indicator, where it has several.
    """

    grade: str
    indicator: str
    stage: str = ""
    school_code: str = ""
    school_name: str = ""
    field: str = ""
    found: str = ""
    required: str = ""
    gap: str = ""

    @property
    def key(self) -> str:
        """The same for the same thing in the same result."""
        return ".".join((self.indicator, self.stage, self.school_code, self.field))

    def place(self, district: str) -> str:
        """The key of the place in the ledger that the same figures put there, of the district
        with this code; empty where they put none."""
        if self.grade not in (FAILING, LOST):
            return ""
        owner = self.school_code if self.stage else ""
        asked = self.field if self.indicator == "V" else self.indicator
        return key_of(owner or district, self.stage, asked)

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def heaviest(found: Iterable[Regression]) -> str:
    """The grade of the whole; empty while nothing is worse."""
    return max((each.grade for each in found), key=GRADES.index, default="")


def regressions(now: Outcome, before: Outcome | None = None) -> list[Regression]:
    """Everything that is worse than a certified unit must be, the heaviest first.

    ``before`` is the approved result of an earlier year; without it nobody can say that a floor
    is touched *newly*, and nothing of the kind is said.
    """
    above = _above(before) if before else frozenset()
    found = [*_units(now, above), *_coefficients(now), *_indicators(now), *_veto(now)]
    if now.verdict != "met" and heaviest(found) in ("", FLOOR):
        found.append(Regression(UNKNOWN, "A"))
    return sorted(found, key=lambda each: -GRADES.index(each.grade))


def _above(outcome: Outcome) -> Floors:
    """Which units met which indicator in full."""
    return frozenset(
        (unit.school_code, unit.stage, code)
        for unit in outcome.units
        if unit.counted
        for code, cell in unit.indicators.items()
        if cell["verdict"] == "met"
    )


def _units(now: Outcome, above: Floors) -> Iterator[Regression]:
    for unit in now.units:
        for code, cell in unit.cells.items() if unit.counted else ():
            if grade := _grade(unit, code, cell, above):
                yield Regression(
                    grade,
                    code,
                    unit.stage,
                    unit.school_code,
                    unit.school_name,
                    found=cell.value or "",
                    required=cell.threshold,
                    gap=cell.shortfall or "",
                )


def _grade(unit: UnitOutcome, code: str, cell: Cell, above: Floors) -> str:
    if cell.verdict == "unknown":
        return UNKNOWN if unit.verdict != "met" else ""
    if not cell.is_short:
        return ""
    if unit.verdict == "not_met":
        return FAILING
    return FLOOR if (unit.school_code, unit.stage, code) in above else ""


def _coefficients(now: Outcome) -> Iterator[Regression]:
    for stage, table in now.dispersion.items():
        for code, row in table.coefficients.items():
            if row.verdict != "met":
                grade = FAILING if row.verdict == "not_met" else UNKNOWN
                yield Regression(
                    grade, code, stage, field="cv", found=row.cv or "", required=row.limit
                )


def _indicators(now: Outcome) -> Iterator[Regression]:
    for code, indicator in now.indicators.items():
        for check in indicator.checks:
            if check.verdict == "unknown":
                yield Regression(UNKNOWN, code, field=check.name)
            elif check.verdict == "not_met":
                yield from _of_check(code, check)


def _of_check(code: str, check: Check) -> Iterator[Regression]:
    """The schools that miss it; where none is named it is the district itself."""
    for row in check.failing:
        yield Regression(
            FAILING,
            code,
            "",
            row.school_code,
            row.school_name,
            f"{check.name}.{row.field}",
            row.found,
            row.needed,
        )
    if not check.failing:
        yield Regression(LOST, code, field=check.name, **_figures(check.inputs))


def _figures(inputs: dict[str, Any]) -> dict[str, str]:
    """What was found and needed, where the check says so by these names."""
    given = {"found": inputs.get("value"), "required": inputs.get("needed")}
    return {name: "" if value is None else str(value) for name, value in given.items()}


def _veto(now: Outcome) -> Iterator[Regression]:
    yield from (Regression(LOST, "V", field=item) for item in now.veto.raised)
    yield from (Regression(UNKNOWN, "V", field=item) for item in now.veto.missing)
