"""The inspector's desk: which units are late, which are due this year, what happened lately."""

from dataclasses import dataclass
from datetime import date

from districts.models import District
from schedule import progress
from schedule.models import CertificationEvent, PlanVersion
from schedule.progress import Progress, Standing
from schedule.services import reading
from schedule.wording import STATES
from selfchecks.models import ReviewEntry
from selfchecks.services.readiness import latest_approvals

LATEST = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on the desk; ``approval`` is that of its newest approved self-check."""

    district: District
    standing: Standing
    approval: ReviewEntry | None

    @property
    def status(self) -> str:
        return str(STATES[self.standing.status])

    @property
    def verdict(self) -> str:
        evaluation = self.approval.evaluation if self.approval else None
        return evaluation.get_verdict_display() if evaluation else ""


@dataclass(frozen=True, slots=True)
class Desk:
    day: date
    version: PlanVersion
    progress: Progress
    late: tuple[Line, ...]
    due: tuple[Line, ...]
    ready: tuple[Line, ...]
    unresolved: tuple[Line, ...]
    events: tuple[CertificationEvent, ...]


def desk_on(day: date) -> Desk:
    """What an inspector finds in the morning. Raises Unusable when there is no plan yet."""
    position = reading.position_on(day)
    counted = position.progress
    approvals = latest_approvals(day=day)
    lines = [
        Line(position.districts[row.code], row, approvals.get(row.code))
        for row in counted.standings
    ]
    late = [line for line in lines if line.standing.status == progress.LATE]
    return Desk(
        day=day,
        version=position.version,
        progress=counted,
        late=tuple(sorted(late, key=lambda line: -line.standing.days_late)),
        due=tuple(line for line in lines if line.standing.planned_year == day.year),
        ready=tuple(sorted(filter(_may_be_certified, lines), key=_planned)),
        unresolved=tuple(line for line in lines if line.standing.status == progress.ABOLISHED),
        events=tuple(
            CertificationEvent.objects.select_related("district", "step").order_by(
                "-recorded_at", "-pk"
            )[:LATEST]
        ),
    )


def _may_be_certified(line: Line) -> bool:
    """Whether an event may now rest on what was approved: it meets the standard."""
    evaluation = line.approval.evaluation if line.approval else None
    gone = line.standing.status in (progress.CERTIFIED, progress.ABOLISHED)
    return evaluation is not None and evaluation.verdict == "met" and not gone


def _planned(line: Line) -> int:
    return line.standing.planned_year or 0
