"""The inspector's desk: which units are late, which are due this year, what happened lately."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts.models import District
from schedule import progress
from schedule.models import CertificationEvent, PlanVersion
from schedule.progress import Progress, Standing
from schedule.services import reading

STATUS_WORDS: dict[str, str | Promise] = {
    progress.CERTIFIED: _("已通过国家认定"),
    progress.RECOMMENDED: _("已推荐,待国家认定"),
    progress.REVIEWING: _("自查或评估中"),
    progress.LATE: _("已过规划年份,未通过"),
    progress.NOT_STARTED: _("未启动"),
    progress.ABOLISHED: _("已撤并,待市级明确"),
}
LATEST = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on the desk."""

    district: District
    standing: Standing

    @property
    def status(self) -> str:
        return str(STATUS_WORDS[self.standing.status])


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
