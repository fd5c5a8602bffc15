"""Where the units stand against the plan on a day: pure counting, no Django, no clock.

Counting rules (规划, section 四; the 2025 reorganisation):

- An event counts on the day it was announced. ``certified`` of a phase or year counts events dated
  inside it; ``cohort_certified`` counts the units planned for the phase, whenever certified.
- Basis ``plan`` counts every unit of the plan. An abolished unit keeps its row as ``abolished``;
  it is neither certified through its successor nor late: who inherits its obligation is the
  city's decision.
- Basis ``current`` counts the units that exist on the day.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import TypeVar

PLAN, CURRENT = "plan", "current"
BASES = (PLAN, CURRENT)

CERTIFIED = "certified"  # 已通过国家认定
RECOMMENDED = "recommended"  # 已推荐,国家认定中
REVIEWING = "reviewing"  # 市级或区县评估中
LATE = "late"  # 规划年份已过,未通过
NOT_STARTED = "not_started"  # 未到规划年份
ABOLISHED = "abolished"  # 已撤并,待市级明确
STATUSES = (CERTIFIED, RECOMMENDED, REVIEWING, LATE, NOT_STARTED, ABOLISHED)
TIMINGS = ("early", "on_time", "late", "pending", "unresolved")  # pending: not due


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
class Unit:
    """A unit of the plan: planned year (None when it has none), last day, successors' codes."""

    code: str
    planned_year: int | None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def exists_on(self, day: date) -> bool:
        return self.valid_to is None or day <= self.valid_to


@dataclass(frozen=True, slots=True)
class Event:
    """A dated fact: ``result`` as in the register of events, ``level`` of its step."""

    code: str
    day: date
    result: str
    level: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit on the day. ``days_late`` is negative for units certified before their year."""

    code: str
    planned_year: int | None
    status: str
    certified_on: date | None
    days_late: int
    timing: str  # one of TIMINGS
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhaseProgress(PhaseGoal):
    planned: int
    certified: int
    cohort_certified: int
    gap: int
    cumulative_target: int
    cumulative_certified: int


@dataclass(frozen=True, slots=True)
class YearProgress:
    year: int
    planned: int
    cumulative_planned: int
    certified: int
    cumulative_certified: int


@dataclass(frozen=True, slots=True)
class Progress:
    as_of: date
    basis: str
    standings: tuple[Standing, ...]
    phases: tuple[PhaseProgress, ...]
    years: tuple[YearProgress, ...]

    @property
    def units(self) -> int:
        return len(self.standings)

    @property
    def certified(self) -> int:
        return self.count(CERTIFIED)

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
) -> Progress:
    """Count plan against outcome on a day. Events after the day are ignored."""
    if basis not in BASES:
        raise ValueError(f"basis must be one of {BASES}")
    counted = [unit for unit in units if basis == PLAN or unit.exists_on(as_of)]
    known = _by_unit(event for event in events if event.day <= as_of)
    standings = tuple(_standing(unit, known.get(unit.code, []), as_of) for unit in counted)
    by_phase, by_year = _phases(standings, phases), _years(standings, phases)
    return Progress(as_of, basis, standings, tuple(by_phase), tuple(by_year))


def _by_unit(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each unit in the order of their days."""
    found: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.day):
        found.setdefault(event.code, []).append(event)
    return found


def _standing(unit: Unit, events: Sequence[Event], as_of: date) -> Standing:
    certified_on = _certified_on(events)
    status = _status(unit, events, certified_on, as_of)
    late = _timing(unit, certified_on, as_of)
    return Standing(unit.code, unit.planned_year, status, certified_on, *late, unit.successors)


def certified_days(events: Iterable[Event]) -> dict[str, date]:
    """The day of the certification that still stands, by unit."""
    found = {code: _certified_on(of_unit) for code, of_unit in _by_unit(events).items()}
    return {code: day for code, day in found.items() if day}


def _certified_on(events: Sequence[Event]) -> date | None:
    """The day of the certification that still stands; a later 撤销 ends it."""
    standing = None
    for event in events:
        if event.result == "certified":
            standing = standing or event.day
        elif event.result == "revoked":
            standing = None
    return standing


def _status(unit: Unit, events: Sequence[Event], certified_on: date | None, as_of: date) -> str:
    # A certification outlives its unit: what was announced is not undone by a reorganisation.
    if certified_on:
        return CERTIFIED
    if not unit.exists_on(as_of):
        return ABOLISHED
    running = events[-1] if events and events[-1].result in {"started", "passed"} else None
    # Before LATE: whoever is before the nation already waits for an answer, not for a start.
    if running and running.level == "nation":
        return RECOMMENDED
    if unit.planned_year is not None and as_of > date(unit.planned_year, 12, 31):
        return LATE
    return REVIEWING if running else NOT_STARTED


def _timing(unit: Unit, certified_on: date | None, as_of: date) -> tuple[int, str]:
    """Days against the planned year and the word for it.

    Late counts from 31 December of the planned year, early back from its 1 January.
    """
    if not certified_on and not unit.exists_on(as_of):
        return 0, "unresolved"
    if unit.planned_year is None:
        return 0, "pending"
    first, last = date(unit.planned_year, 1, 1), date(unit.planned_year, 12, 31)
    reached = certified_on or as_of
    if reached > last:
        return (reached - last).days, "late"
    if not certified_on:
        return 0, "pending"
    return (-(first - reached).days, "early") if reached < first else (0, "on_time")


def _phases(standings: Sequence[Standing], phases: Sequence[PhaseGoal]) -> Iterable[PhaseProgress]:
    targets = accumulate(phase.target for phase in phases)
    for phase, cumulative_target in zip(phases, targets, strict=True):
        cohort = [unit for unit in standings if unit.planned_year in phase.years]
        years = [unit.certified_on.year for unit in standings if unit.certified_on]
        certified = sum(year in phase.years for year in years)
        yield PhaseProgress(
            name=phase.name,
            start_year=phase.start_year,
            end_year=phase.end_year,
            target=phase.target,
            planned=len(cohort),
            certified=certified,
            cohort_certified=sum(unit.status == CERTIFIED for unit in cohort),
            gap=max(phase.target - certified, 0),
            cumulative_target=cumulative_target,
            cumulative_certified=sum(year <= phase.end_year for year in years),
        )


def _years(standings: Sequence[Standing], phases: Sequence[PhaseGoal]) -> Iterable[YearProgress]:
    planned = Counter(unit.planned_year for unit in standings)
    certified = Counter(unit.certified_on.year for unit in standings if unit.certified_on)
    known = [year for year in (*planned, *certified) if year is not None]
    last = max([phase.end_year for phase in phases] + known, default=0)
    first = min(known, default=last + 1)
    cumulative_planned = cumulative_certified = 0
    for year in range(first, last + 1):
        cumulative_planned += planned[year]
        cumulative_certified += certified[year]
        yield YearProgress(
            year, planned[year], cumulative_planned, certified[year], cumulative_certified
        )
