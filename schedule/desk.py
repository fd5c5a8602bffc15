"""The inspector's desk: which units are late, which are due this year."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from districts.models import District
from schedule import progress
from schedule.models import CertificationEvent, Result
from schedule.progress import Standing
from schedule.services import reading
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
    position = reading.position_on(day)
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
        "unresolved": [line for line in lines if line.standing.status == progress.ABOLISHED],
    }


def _applying(lines: Iterable[Line], day: date) -> list[tuple[Line, Conditions, int]]:
    """Those with an approved result, each with what is asked and how much of it is short."""
    wanted = {line.district: line for line in lines if line.approval and not line.is_settled}
    if not wanted:
        return []
    approvals = {unit.code: line.approval for unit, line in wanted.items() if line.approval}
    found = conditions_of(wanted, day, approvals)
    return [
        (line, found[unit.code], sum(not each.is_met for each in found[unit.code]))
        for unit, line in wanted.items()
    ]


def _refused_on(day: date) -> set[str]:
    """Units whose newest announced result is that they did not pass."""
    events = CertificationEvent.objects.filter(step__is_announcement=True, date__lte=day)
    newest = dict(events.order_by("date", "pk").values_list("district__code", "result"))
    return {code for code, result in newest.items() if result in (Result.FAILED, Result.REVOKED)}
