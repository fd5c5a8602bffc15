"""The inspector's desk: which units are late, which are due this year."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from districts.models import District
from schedule import progress
from schedule.progress import Standing
from schedule.services import reading
from schedule.totals import headline, unnamed_words
from schedule.wording import STATES, shown_state
from selfchecks.models import ReviewEntry
from selfchecks.services.readiness import latest_approvals


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
        evaluation = self.approval.evaluation if self.approval else None
        is_settled = self.standing.status in (progress.CERTIFIED, progress.ABOLISHED)
        return evaluation is not None and evaluation.verdict == "met" and not is_settled


def desk_on(day: date) -> dict[str, Any]:
    """What an inspector finds in the morning. Raises Unusable when there is no plan yet."""
    position = reading.position_on(day)
    approvals = latest_approvals(day=day)
    # In the order of the plan: the earliest planned year first.
    lines = [
        Line(position.districts[row.code], row, approvals.get(row.code))
        for row in position.progress.standings
    ]
    late = [line for line in lines if line.standing in position.progress.late]
    return {
        "day": day,
        "version": position.version,
        "headline": headline(position.progress),
        "unnamed": unnamed_words(position.progress),
        "late": sorted(late, key=lambda line: -line.standing.days_late),
        "due": [line for line in lines if line.standing.planned_year == day.year],
        "ready": [line for line in lines if line.may_be_certified],
        "unresolved": [line for line in lines if line.standing.status == progress.ABOLISHED],
    }
