"""The inspector's desk: which units are late, which are due this year, what happened lately."""

from dataclasses import dataclass
from datetime import date

from districts.models import District
from schedule import progress
from schedule.models import CertificationEvent, PlanVersion
from schedule.progress import Progress, Standing
from schedule.services import reading
from schedule.wording import STATES

LATEST = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on the desk."""

    district: District
    standing: Standing

    @property
    def status(self) -> str:
        return str(STATES[self.standing.status])


@dataclass(frozen=True, slots=True)
class Desk:
    day: date
    version: PlanVersion
    progress: Progress
    late: tuple[Line, ...]
    due: tuple[Line, ...]
    unresolved: tuple[Line, ...]
    events: tuple[CertificationEvent, ...]


def desk_on(day: date) -> Desk:
    """What an inspector finds in the morning. Raises Unusable when there is no plan yet."""
    position = reading.position_on(day)
    counted = position.progress
    lines = [Line(position.districts[row.code], row) for row in counted.standings]
    late = [line for line in lines if line.standing.status == progress.LATE]
    return Desk(
        day=day,
        version=position.version,
        progress=counted,
        late=tuple(sorted(late, key=lambda line: -line.standing.days_late)),
        due=tuple(line for line in lines if line.standing.planned_year == day.year),
        unresolved=tuple(line for line in lines if line.standing.status == progress.ABOLISHED),
        events=tuple(
            CertificationEvent.objects.select_related("district", "step").order_by(
                "-recorded_at", "-pk"
            )[:LATEST]
        ),
    )
