"""Reads plan and events from the database into the pure progress calculation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TypeVar

from django.db.models import Case, F, Max, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from audit.shown import until_changed
from districts.models import District, Succession
from districts.wording import day_text
from schedule import progress
from schedule.models import (
    FIRST_YEAR,
    CertificationEvent,
    CertificationList,
    Phase,
    PlanVersion,
    Result,
    StepLevel,
)
from schedule.progress import Event, Listing, PhaseGoal, Progress, Standing, Unit

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Position:
    """The answer to "where do we stand on this day": the plan in force, counts and units."""

    version: PlanVersion
    progress: Progress
    beside: dict[str, Standing]  # units that are not counted on this basis
    districts: dict[str, District]
    successions: tuple[Succession, ...]

    @property
    def updated_at(self) -> datetime | None:
        """When the newest fact that counts on the day became known or was corrected."""
        known = [_start_of(change.known_on) for change in self.successions]
        day = self.progress.as_of
        return max([*known, *_once_today(day, "news", lambda: [*_news_until(day)])], default=None)

    def standing_of(self, code: str) -> Standing:
        """Of any unit there is or was, counted or not."""
        return self.progress.standing_of(code) or self.beside[code]

    def count_on(self, basis: str) -> int:
        """How many units are counted on a basis that day."""
        units = _units(self.version, self.districts, self.successions, basis)
        return sum(basis == progress.PLAN or unit.exists_on(self.progress.as_of) for unit in units)


def today() -> date:
    """Today in the portal's time zone."""
    return timezone.localdate()


def fault_of_day(day: date, now: date) -> str | None:
    """The sentence about a day on which nothing can have happened yet, or under no plan."""
    if day.year < FIRST_YEAR:
        sentence = gettext("%(day)s早于规划开始的 %(year)s 年；请核对日期。")
        return sentence % {"day": day_text(day), "year": FIRST_YEAR}
    return gettext("%s还没有到；请填写已经发生的日期。") % day_text(day) if day > now else None


def parse_day(text: str | None) -> date:
    """A day as ``2026-11-23``; empty means today. Raises Unusable with the reason."""
    if not text:
        return today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # fromisoformat takes week dates and other spellings, which an address should not have.
    if day is None or day.isoformat() != text:
        raise _unusable_day(_("日期「%s」读不懂，请写成 2026-11-23 这样的年-月-日。") % text[:40])
    # What has not happened cannot be counted; a late unit of 2028 would be an invented one.
    if day > today():
        raise _unusable_day(
            _("日期 %(day)s还没有到；最晚可查今天 %(today)s。")
            % {"day": day_text(day), "today": day_text(today())}
        )
    return day


def _unusable_day(sentence: str) -> Unusable:
    return Unusable.at("as_of", sentence, code="bad_date")


def parse_basis(text: str | None) -> str:
    """``plan`` (default) or ``current``."""
    if not text:
        return progress.PLAN
    if text not in progress.BASES:
        sentence = (
            _("口径「%s」不能用；可用 plan（规划 41 个）或 current（现行单位）。") % text[:40]
        )
        raise Unusable.at("basis", sentence, code="bad_basis")
    return text


def version_on(day: date) -> PlanVersion:
    """The plan in force on the day. Raises Unusable before the first plan."""
    return versions_until(day)[0]


def versions_until(day: date) -> tuple[PlanVersion, ...]:
    """The plan in force on the day, then those before it. Raises Unusable before the first."""
    versions = tuple(PlanVersion.objects.filter(published_on__lte=day))
    if not versions:
        first = PlanVersion.objects.order_by("number").first()
        if first is None:
            raise Unusable(
                _("还没有发布任何规划；请先运行 load_reference 载入规划。"), code="no_plan"
            )
        raise _unusable_day(
            _("%(day)s时规划还未印发；最早可查 %(first)s。")
            % {"day": day_text(day), "first": day_text(first.published_on)}
        )
    return versions


def position_on(
    as_of: date, basis: str = progress.PLAN, version: PlanVersion | None = None
) -> Position:
    """Where the units stand on a day; ``version`` tries another plan than the one in force."""
    version = version or version_on(as_of)
    districts = {district.code: district for district in District.objects.named_on(as_of)}
    successions = _successions(as_of, {unit.pk: unit for unit in districts.values()})
    units = _units(version, districts, successions, basis)
    events = carried(events_until(as_of), successions)
    counted = {unit.code for unit in units}
    others = [Unit(c, None, unit.valid_to) for c, unit in districts.items() if c not in counted]
    lists = lists_until(as_of)
    beside = progress.measure(others, (), events, as_of=as_of, lists=lists).standings
    return Position(
        version=version,
        progress=progress.measure(
            units, phase_goals(), events, as_of=as_of, basis=basis, lists=lists
        ),
        beside={standing.code: standing for standing in beside},
        districts=districts,
        successions=successions,
    )


def position_shown(
    as_of: date, basis: str = progress.PLAN, version: PlanVersion | None = None
) -> Position:
    """The same for who only shows it."""
    name = f"position-{basis}-{version.number if version else ''}"
    return _once_today(as_of, name, lambda: position_on(as_of, basis, version))


def _once_today(day: date, name: str, read: Callable[[], Read]) -> Read:
    """Today's is read once for all until something changes; few ask for other days."""
    return until_changed(name, read) if day == today() else read()


def _successions(day: date, units: dict[int, District]) -> tuple[Succession, ...]:
    """What had happened by the day, between units under their names of the day."""
    found = tuple(Succession.objects.filter(date__lte=day, withdrawn_on=None))
    for one in found:
        one.predecessor, one.successor = units[one.predecessor_id], units[one.successor_id]
    return found


def _units(
    version: PlanVersion,
    districts: dict[str, District],
    successions: tuple[Succession, ...],
    basis: str,
) -> list[Unit]:
    """The units of the plan; among those of today a successor may stand in a unit's place."""
    followers: dict[str, list[str]] = {}
    for succession in successions:
        followers.setdefault(succession.predecessor.code, []).append(succession.successor.code)
    years: dict[str, int | None] = dict(version.years)
    if basis == progress.CURRENT:
        for one in successions:
            if one.takes_place and one.predecessor.code in years:
                years.setdefault(one.successor.code, None)
    return [
        Unit(code, year, districts[code].valid_to, tuple(followers.get(code, ())))
        for code, year in years.items()
    ]


def carried(events: list[Event], successions: Sequence[Succession]) -> list[Event]:
    """What happened; where a certification carries over, to the successor too."""
    carrying = [one for one in successions if one.carries_certification]
    return events + [
        replace(event, code=one.successor.code)
        for one in reversed(carrying)
        for event in events
        if event.code == one.predecessor.code and event.day < one.date
    ]


def phase_goals() -> list[PhaseGoal]:
    rows = Phase.objects.values_list("name", "start_year", "end_year", "target")
    return [PhaseGoal(*row) for row in rows]


def events_until(day: date) -> list[Event]:
    # Whom the city has recommended is before the nation, although the step is the city's.
    level = Case(
        When(step__is_application=True, then=Value(StepLevel.NATION)), default=F("step__level")
    )
    rows = (
        CertificationEvent.objects.filter(date__lte=day)
        # A report that was published says nothing about how far its unit has come.
        .exclude(result=Result.PUBLISHED)
        .order_by("date", "step__order", "pk")
        .values_list("district__code", "date", "result", level, "list__name")
    )
    return [
        Event(code, date, result, level, listed or "") for code, date, result, level, listed in rows
    ]


def lists_until(day: date) -> list[Listing]:
    known = CertificationList.objects.filter(announced_on__lte=day)
    return [Listing(*row) for row in known.values_list("name", "announced_on", "units_in_city")]


def _news_until(as_of: date) -> Iterator[datetime]:
    """When what counts on the day was published, became known or was corrected."""
    plans = PlanVersion.objects.filter(published_on__lte=as_of)
    yield from plans.values_list("published_at", flat=True)
    is_corrected = Q(changed_at__gt=F("recorded_at"))
    for facts in (
        CertificationEvent.objects.filter(date__lte=as_of),
        CertificationList.objects.filter(announced_on__lte=as_of),
    ):
        found = facts.aggregate(day=Max("known_on"), moment=Max("changed_at", filter=is_corrected))
        if found["day"]:
            yield _start_of(found["day"])
        if found["moment"]:
            yield found["moment"]


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
