"""The inspector's desk: which units are late, which are due this year."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from audit.shown import kept, last_act
from districts.models import District
from schedule import look_back_words as look_backs
from schedule import progress
from schedule.models import CertificationEvent, Grant, LookBack, Result
from schedule.models.look_back import AT_CITY
from schedule.progress import Standing
from schedule.services import grants, reading
from schedule.services.applying import Conditions, conditions_of
from schedule.totals import headline, unnamed_words
from schedule.wording import STATES, shown_state
from selfchecks.models import ReviewEntry
from selfchecks.services.readiness import latest_approvals
from selfchecks.services.reopening import pending_requests


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on the desk; ``approval`` is that of its newest approved self-check."""

    district: District
    standing: Standing
    approval: ReviewEntry | None

    @property
    def look(self) -> str:
        return shown_state(self.standing)

    @property
    def state(self) -> str:
        return str(STATES[self.look])

    @property
    def may_be_certified(self) -> bool:
        """Whether an event may now rest on what was approved: it meets the standard."""
        return self.verdict == "met" and not self.is_settled

    @property
    def is_settled(self) -> bool:
        """Whether it has nothing to apply for any more."""
        return self.standing.status in (progress.CERTIFIED, progress.ABOLISHED)

    @property
    def verdict(self) -> str:
        """What was approved last; empty where nothing was."""
        evaluation = self.approval.evaluation if self.approval else None
        return evaluation.verdict if evaluation else ""

    def disagrees(self, refused: Collection[str]) -> bool:
        """Whether the nation announced one thing and the city approved the other."""
        if self.standing.status == progress.CERTIFIED:
            return self.verdict == "not_met"
        return self.verdict == "met" and self.district.code in refused


def desk_on(day: date) -> dict[str, Any]:
    """What an inspector finds in the morning. Raises Unusable when there is no plan yet."""
    stamp = f"{last_act()}-{day}"
    return kept(f"desk-{get_language()}-{stamp}", lambda: _found_on(day) | {"stamp": stamp})


def _found_on(day: date) -> dict[str, Any]:
    position = reading.position_shown(day)
    approvals = latest_approvals(day=day)
    # In the order of the plan: the earliest planned year first.
    lines = [
        Line(position.districts[row.code], row, approvals.get(row.code))
        for row in position.progress.standings
    ]
    refused = _refused_on(day) if any(line.may_be_certified for line in lines) else ()
    late = [line for line in lines if line.standing in position.progress.late]
    return {
        "day": day,
        "version": position.version,
        "headline": headline(position.progress),
        "unnamed": unnamed_words(position.progress),
        "late": sorted(late, key=lambda line: -line.standing.days_late),
        "due": [line for line in lines if line.standing.planned_year == day.year],
        "applying": _applying(lines, day),
        "disagreeing": [line for line in lines if line.disagrees(refused)],
        "requests": pending_requests(),
        "ready": [line for line in lines if line.may_be_certified],
        "look_backs": _look_backs(day),
        "grants": _grants(day),
        "unresolved": [line for line in lines if line.standing.status == progress.ABOLISHED],
    }


def _look_backs(day: date) -> list[dict[str, Any]]:
    """Cases that wait for the city, or whose day has passed."""
    rows = LookBack.objects.open().filter(Q(state__in=AT_CITY) | Q(due_on__lt=day))
    return [look_backs.line(row, day) for row in rows.select_related("district")]


def _grants(day: date) -> list[tuple[grants.Standing, tuple[str, str]]]:
    found = grants.standings(Grant.objects.select_related("district"), day)
    watched = [each for each in found if each.state in (grants.SOON, grants.DUE)]
    in_order = sorted(watched, key=lambda each: each.due_on)
    return [(each, look_backs.GRANT_LOOKS[each.state]) for each in in_order]


def _applying(lines: Iterable[Line], day: date) -> list[tuple[Line, Conditions]]:
    """Those with an approved result, each with what is short."""
    wanted = {line.district: line for line in lines if line.approval and not line.is_settled}
    if not wanted:
        return []
    approvals = {unit.code: line.approval for unit, line in wanted.items() if line.approval}
    found = conditions_of(wanted, day, approvals)
    return [
        (line, tuple(each for each in found[unit.code] if not each.is_met))
        for unit, line in wanted.items()
    ]


def _refused_on(day: date) -> set[str]:
    """Units whose newest announced result is that they did not pass."""
    events = CertificationEvent.objects.filter(step__is_announcement=True, date__lte=day)
    newest = dict(events.order_by("date", "pk").values_list("district__code", "result"))
    return {code for code, result in newest.items() if result in (Result.FAILED, Result.REVOKED)}
