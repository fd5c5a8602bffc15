"""Where one unit stands against its planned year on a day: pure, no Django, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

CERTIFIED = "certified"  # 已通过国家认定
RECOMMENDED = "recommended"  # 已推荐,国家认定中
REVIEWING = "reviewing"  # 市级或区县评估中
LATE = "late"  # 规划年份已过,未通过,也没有在评估
NOT_STARTED = "not_started"  # 未到规划年份
ABOLISHED = "abolished"  # 已撤并,待市级明确
STATUSES = (CERTIFIED, RECOMMENDED, REVIEWING, LATE, NOT_STARTED, ABOLISHED)
TIMINGS = ("early", "on_time", "late", "pending", "unresolved")  # pending: not due


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
    """A dated fact: ``result`` as in the register of events, ``level`` of its step ("nation" from
    the application on), ``listed`` the name of the list the unit stands on."""

    code: str
    day: date
    result: str
    level: str
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as announced: from its day it counts for its number, whoever is named on it."""

    name: str
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Unnamed:
    """How many of a list nobody has named yet, and who was named."""

    day: date
    number: int
    named: frozenset[str]

    def may_hold(self, unit: Unit) -> bool:
        return self.number > 0 and unit.code not in self.named and unit.exists_on(self.day)


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
    certain: bool = True  # False: it may be among those a list has not named yet
    lost: tuple[date, date] | None = None  # a certification that was revoked: its day, its end


def by_unit(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each unit in the order of their days."""
    found: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.day):
        found.setdefault(event.code, []).append(event)
    return found


def unnamed_of(
    lists: Iterable[Listing], events: Iterable[Event], as_of: date
) -> tuple[Unnamed, ...]:
    """What the lists known on the day leave open."""
    named: dict[str, set[str]] = {}
    for event in events:
        if event.result == "certified":
            named.setdefault(event.listed, set()).add(event.code)
    names = {one: frozenset(named.get(one.name, ())) for one in lists if one.day <= as_of}
    return tuple(
        Unnamed(one.day, max(one.number - len(codes), 0), codes) for one, codes in names.items()
    )


def standing_of(
    unit: Unit, events: Sequence[Event], unnamed: Iterable[Unnamed], as_of: date
) -> Standing:
    certified_on = certified_day(events)
    status = _status(unit, events, certified_on, as_of)
    late = _timing(unit, certified_on, as_of)
    certain = certified_on is not None or not any(rest.may_hold(unit) for rest in unnamed)
    year, successors = unit.planned_year, unit.successors
    lost = None if certified_on else lost_certification(events)
    return Standing(unit.code, year, status, certified_on, *late, successors, certain, lost)


def certified_days(events: Iterable[Event]) -> dict[str, date]:
    """The day of the certification that still stands, by unit."""
    found = {code: certified_day(of_unit) for code, of_unit in by_unit(events).items()}
    return {code: day for code, day in found.items() if day}


def certified_day(events: Sequence[Event]) -> date | None:
    """The day of the certification that still stands; a later 撤销 ends it."""
    standing = None
    for event in events:
        if event.result == "certified":
            standing = standing or event.day
        elif event.result == "revoked":
            standing = None
    return standing


def lost_certification(events: Sequence[Event]) -> tuple[date, date] | None:
    """The day of the newest certification that was revoked, and the day that ended it."""
    since: date | None = None
    lost: tuple[date, date] | None = None
    for event in events:
        if event.result == "certified":
            since = since or event.day
        elif event.result == "revoked" and since:
            lost, since = (since, event.day), None
    return lost


def _status(unit: Unit, events: Sequence[Event], certified_on: date | None, as_of: date) -> str:
    """What is known best comes first; that a unit under way is late too, its timing says."""
    # A certification outlives its unit: what was announced is not undone by a reorganisation.
    if certified_on:
        return CERTIFIED
    if not unit.exists_on(as_of):
        return ABOLISHED
    if events and events[-1].result in {"started", "passed"}:
        return RECOMMENDED if events[-1].level == "nation" else REVIEWING
    if unit.planned_year is not None and as_of > date(unit.planned_year, 12, 31):
        return LATE
    return NOT_STARTED


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
