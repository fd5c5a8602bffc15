"""Plan against outcome on a day, in sums: pure counting, no Django, no clock.

The rules, and twenty days worked out by hand, stand in ``docs/totals.md``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import accumulate
from typing import Any, TypeVar

from schedule.standing import (
    ABOLISHED,
    CERTIFIED,
    LATE,
    NOT_STARTED,
    RECOMMENDED,
    REVIEWING,
    STATUSES,
    TIMINGS,
    Event,
    Listing,
    Standing,
    Unit,
    Unnamed,
    by_unit,
    certified_days,
    standing_of,
    unnamed_of,
)

# Who asks where the units stand finds here what the answer is made of.
__all__ = [
    "ABOLISHED", "BASES", "CERTIFIED", "CURRENT", "LATE", "NOT_STARTED", "PLAN", "RECOMMENDED",
    "REVIEWING", "STATUSES", "TIMINGS", "TOTALS", "Event", "Listing", "PhaseGoal", "PhaseProgress",
    "Progress", "Standing", "Unit", "YearProgress", "certified_days", "measure", "phase_of",
    "totals_of",
]  # fmt: skip

PLAN, CURRENT = "plan", "current"
BASES = (PLAN, CURRENT)


@dataclass(frozen=True, slots=True)
class PhaseGoal:
    name: str
    start_year: int
    end_year: int
    target: int

    @property
    def years(self) -> range:
        return range(self.start_year, self.end_year + 1)


Phases = TypeVar("Phases", bound=PhaseGoal)


def phase_of(phases: Iterable[Phases], year: int | None) -> Phases | None:
    """The phase a year lies in."""
    return next((phase for phase in phases if year in phase.years), None)


@dataclass(frozen=True, slots=True)
class PhaseProgress(PhaseGoal):
    """Three things told apart: the units planned for the phase (``planned``, ``cohort_certified``
    whenever it was, ``gap`` at its end), what was certified inside its years, and both since the
    beginning of the plan.

    ``gap`` is None before the phase begins. While ``cohort_certain`` is False, those certified of
    the cohort may be more; while there are ``certified_unnamed``, the gap may be larger.
    """

    planned: int
    certified: int
    cohort_certified: int
    gap: int | None
    cumulative_target: int
    cumulative_certified: int
    certified_named: int
    certified_unnamed: int
    cohort_certain: bool


@dataclass(frozen=True, slots=True)
class YearProgress:
    """What happened in a year is None while the year has not begun."""

    year: int
    planned: int
    cumulative_planned: int
    certified: int | None
    cumulative_certified: int | None
    certified_named: int | None
    certified_unnamed: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    as_of: date
    basis: str
    standings: tuple[Standing, ...]
    unnamed: tuple[Unnamed, ...]
    gone: tuple[str, ...]  # certified, and not among the units of this basis any more
    phases: tuple[PhaseProgress, ...]
    years: tuple[YearProgress, ...]

    @property
    def units(self) -> int:
        return len(self.standings)

    @property
    def certified(self) -> int:
        """Everything announced, named or not."""
        return self.certified_named + self.certified_unnamed

    @property
    def certified_named(self) -> int:
        return self.count(CERTIFIED)

    @property
    def certified_unnamed(self) -> int:
        return sum(rest.number for rest in self.unnamed)

    @property
    def course(self) -> list[tuple[date, int]]:
        """The days on which the outcome grew or fell, and the total from then on."""
        grown = Counter(unit.certified_on for unit in self.standings if unit.certified_on)
        grown.update({rest.day: rest.number for rest in self.unnamed if rest.number})
        lost = [unit.lost for unit in self.standings if unit.lost]
        grown.update(since for since, _end in lost)
        grown.subtract(end for _since, end in lost)
        days = sorted(grown)
        return list(zip(days, accumulate(grown[day] for day in days), strict=True))

    def count(self, status: str) -> int:
        return sum(standing.status == status for standing in self.standings)

    def with_status(self, *statuses: str) -> tuple[Standing, ...]:
        return tuple(standing for standing in self.standings if standing.status in statuses)

    @property
    def late(self) -> tuple[Standing, ...]:
        """Existing units past their planned year and not certified, on their way or not."""
        late = (standing for standing in self.standings if standing.timing == "late")
        return tuple(standing for standing in late if standing.status != CERTIFIED)

    def standing_of(self, code: str) -> Standing | None:
        return next((standing for standing in self.standings if standing.code == code), None)


def measure(
    units: Iterable[Unit],
    phases: Sequence[PhaseGoal],
    events: Iterable[Event],
    *,
    as_of: date,
    basis: str = PLAN,
    lists: Iterable[Listing] = (),
) -> Progress:
    """Count plan against outcome on a day. Events and lists after the day are ignored."""
    if basis not in BASES:
        raise ValueError(f"basis must be one of {BASES}")
    known = by_unit(event for event in events if event.day <= as_of)
    rest = unnamed_of(lists, (event for found in known.values() for event in found), as_of)
    everyone = [(unit, standing_of(unit, known.get(unit.code, ()), rest, as_of)) for unit in units]
    gone, standings = [], []
    for unit, standing in everyone:
        if basis == PLAN or unit.exists_on(as_of):
            standings.append(standing)
        elif standing.status == CERTIFIED:
            gone.append(unit.code)
    return Progress(
        as_of,
        basis,
        tuple(standings),
        rest,
        tuple(gone),
        tuple(_phases(standings, rest, phases, as_of)),
        tuple(_years(standings, rest, phases, as_of)),
    )


def _years_of(unnamed: Iterable[Unnamed]) -> list[int]:
    """The year of each unit that nobody has named yet."""
    return [rest.day.year for rest in unnamed for _unit in range(rest.number)]


def _phases(
    standings: Sequence[Standing],
    unnamed: Sequence[Unnamed],
    phases: Sequence[PhaseGoal],
    as_of: date,
) -> Iterable[PhaseProgress]:
    targets = accumulate(phase.target for phase in phases)
    named = [unit.certified_on.year for unit in standings if unit.certified_on]
    nameless = _years_of(unnamed)
    for phase, cumulative_target in zip(phases, targets, strict=True):
        cohort = [unit for unit in standings if unit.planned_year in phase.years]
        days = [unit.certified_on for unit in cohort if unit.certified_on]
        inside = [sum(year in phase.years for year in years) for years in (named, nameless)]
        # Whom another phase planned does not make this one's number; who is unnamed, may.
        own = sum(day.year <= phase.end_year for day in days) + inside[1]
        yield PhaseProgress(
            name=phase.name,
            start_year=phase.start_year,
            end_year=phase.end_year,
            target=phase.target,
            planned=len(cohort),
            certified=sum(inside),
            cohort_certified=len(days),
            gap=max(phase.target - own, 0) if phase.start_year <= as_of.year else None,
            cumulative_target=cumulative_target,
            cumulative_certified=sum(year <= phase.end_year for year in named + nameless),
            certified_named=inside[0],
            certified_unnamed=inside[1],
            cohort_certain=all(unit.certain for unit in cohort),
        )


def _years(
    standings: Sequence[Standing],
    unnamed: Sequence[Unnamed],
    phases: Sequence[PhaseGoal],
    as_of: date,
) -> Iterable[YearProgress]:
    planned = Counter(unit.planned_year for unit in standings)
    named = Counter(unit.certified_on.year for unit in standings if unit.certified_on)
    rest = Counter(_years_of(unnamed))
    known = [year for year in (*planned, *named, *rest) if year is not None]
    last = max([phase.end_year for phase in phases] + known, default=0)
    first = min(known, default=last + 1)
    cumulative_planned = cumulative_certified = 0
    for year in range(first, last + 1):
        cumulative_planned += planned[year]
        cumulative_certified += named[year] + rest[year]
        outcome = (named[year] + rest[year], cumulative_certified, named[year], rest[year])
        is_known = year <= as_of.year
        yield YearProgress(
            year, planned[year], cumulative_planned, *(outcome if is_known else (None,) * 4)
        )


TOTALS = (
    *("as_of", "basis", "part", "name", "start_year", "end_year", "units", "target", "planned"),
    *("certified", "certified_named", "certified_unnamed", "cohort_certified", "gap"),
    *("cumulative_target", "cumulative_planned", "cumulative_certified"),
)


def totals_of(counted: Progress) -> Iterator[dict[str, Any]]:
    """The sums as lines of one table: the whole, each phase, each year."""
    asked = {"as_of": counted.as_of, "basis": counted.basis}
    whole = ("units", "certified", "certified_named", "certified_unnamed")
    yield {**asked, "part": "total", **{name: getattr(counted, name) for name in whole}}
    for phase in counted.phases:
        yield {**asked, "part": "phase", **asdict(phase)}
    for year in counted.years:
        ends = {"name": str(year.year), "start_year": year.year, "end_year": year.year}
        yield {**asked, "part": "year", **ends, **asdict(year)}
