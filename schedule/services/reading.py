"""Reads plan and events from the database into the pure progress calculation."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Case, F, Max, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from districts.models import District, Succession
from districts.wording import day_text
from schedule import progress
from schedule.models import (
    CertificationEvent,
    CertificationList,
    Phase,
    PlanVersion,
    Recorded,
    StepLevel,
)
from schedule.progress import Event, Listing, PhaseGoal, Progress, Unit


@dataclass(frozen=True, slots=True)
class Position:
    """The answer to "where do we stand on this day": the plan in force, counts and units."""

    version: PlanVersion
    progress: Progress
    districts: dict[str, District]
    successions: tuple[Succession, ...]

    @property
    def updated_at(self) -> datetime | None:
        """When the newest fact that counts on the day became known or was corrected."""
        return _updated_at(self.progress.as_of)


def today() -> date:
    """Today in the portal's time zone."""
    return timezone.localdate()


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
        raise _unusable_day(_("日期「%s」读不懂,请写成 2026-11-23 这样的年-月-日。") % text[:40])
    # What has not happened cannot be counted; a late unit of 2028 would be an invented one.
    if day > today():
        raise _unusable_day(
            _("日期 %(day)s 还没有到;最晚可查今天 %(today)s。")
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
        sentence = _("口径「%s」不能用;可用 plan(规划 41 个)或 current(现行单位)。") % text[:40]
        raise Unusable.at("basis", sentence, code="bad_basis")
    return text


def version_on(day: date) -> PlanVersion:
    """The plan in force on the day. Raises Unusable before the first plan."""
    version = PlanVersion.objects.in_force_on(day)
    if version is None:
        first = PlanVersion.objects.order_by("number").first()
        if first is None:
            raise Unusable(
                _("还没有发布任何规划;请先运行 load_reference 载入规划。"), code="no_plan"
            )
        raise _unusable_day(
            _("%(day)s 时规划还未印发;最早可查 %(first)s。")
            % {"day": day_text(day), "first": day_text(first.published_on)}
        )
    return version


def position_on(
    as_of: date, basis: str = progress.PLAN, version: PlanVersion | None = None
) -> Position:
    """Where the units stand on a day; ``version`` tries another plan than the one in force."""
    version = version or version_on(as_of)
    districts = {district.code: district for district in District.objects.all()}
    successions = tuple(
        Succession.objects.filter(date__lte=as_of).select_related("predecessor", "successor")
    )
    return Position(
        version=version,
        progress=progress.measure(
            _units(version, districts, successions),
            phase_goals(),
            events_until(as_of),
            as_of=as_of,
            basis=basis,
            lists=lists_until(as_of),
        ),
        districts=districts,
        successions=successions,
    )


def _units(
    version: PlanVersion, districts: dict[str, District], successions: tuple[Succession, ...]
) -> list[Unit]:
    followers: dict[str, list[str]] = {}
    for succession in successions:
        followers.setdefault(succession.predecessor.code, []).append(succession.successor.code)
    return [
        Unit(code, year, districts[code].valid_to, tuple(followers.get(code, ())))
        for code, year in version.years.items()
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
        .order_by("date", "step__order", "pk")
        .values_list("district__code", "date", "result", level, "list__name")
    )
    return [
        Event(code, date, result, level, listed or "") for code, date, result, level, listed in rows
    ]


def lists_until(day: date) -> list[Listing]:
    known = CertificationList.objects.filter(announced_on__lte=day)
    return [Listing(*row) for row in known.values_list("name", "announced_on", "units_in_city")]


def _updated_at(as_of: date) -> datetime | None:
    plans = PlanVersion.objects.filter(published_on__lte=as_of)
    moments = [
        plans.aggregate(newest=Max("published_at"))["newest"],
        *_news(CertificationEvent.objects.filter(date__lte=as_of)),
        *_news(CertificationList.objects.filter(announced_on__lte=as_of)),
    ]
    return max((moment for moment in moments if moment), default=None)


def _news(facts: QuerySet[Recorded]) -> list[datetime | None]:
    is_corrected = Q(changed_at__gt=F("recorded_at"))
    found = facts.aggregate(known=Max("known_on"), changed=Max("changed_at", filter=is_corrected))
    known = found["known"] and timezone.make_aware(datetime.combine(found["known"], time()))
    return [known, found["changed"]]
