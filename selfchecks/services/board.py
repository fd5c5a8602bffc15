"""Who has and who has not submitted in a year, at a glance."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import District
from districts.scope import Viewer
from selfchecks.models import Deadline, Evaluation, SelfCheck, State
from selfchecks.services.reminding import last_reminder

NOT_OPENED, ABOLISHED = "not_opened", "abolished"
STATE_LABELS: dict[str, Any] = {
    **{state.value: state.label for state in State},
    NOT_OPENED: _("未开启"),
    ABOLISHED: _("已撤并"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on the board; ``self_check`` with what its query added, None where it has none."""

    district: District
    self_check: Any
    state: str
    day: date

    @property
    def label(self) -> Any:
        return STATE_LABELS[self.state]

    @property
    def days_left(self) -> int | None:
        """Below zero when overdue, None once submitted."""
        is_waiting = self.self_check and self.self_check.awaits_district
        return self.self_check.days_left(self.day) if is_waiting else None

    @property
    def is_overdue(self) -> bool:
        return (self.days_left or 0) < 0

    @property
    def days_late(self) -> int:
        return max(0, -(self.days_left or 0))

    @property
    def verdict(self) -> str:
        return (self.self_check and self.self_check.latest_verdict) or ""

    @property
    def reminded_at(self) -> datetime | None:
        return self.self_check and self.self_check.reminded_at


@dataclass(frozen=True, slots=True)
class Board:
    """All units of a year; the counts by state add up to the number of units."""

    year: int
    deadline: Deadline | None
    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(line.state for line in self.lines)
        return {state: found[state] for state in STATE_LABELS}

    @property
    def overdue(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_overdue)


def board(year: int, viewer: Viewer, day: date | None = None) -> Board:
    """The year's board, cut to what the viewer may see; a handful of queries for any number."""
    day = day or timezone.localdate()
    deadline = Deadline.objects.filter(year=year).first()
    newest = Evaluation.objects.filter(self_check=OuterRef("pk")).order_by("-number")
    rows = SelfCheck.objects.visible_to(viewer).filter(year=year).select_related("inspector")
    verdict = Subquery(newest.values("verdict")[:1])
    rows = rows.annotate(latest_verdict=verdict, reminded_at=last_reminder())
    self_checks = {row.district_id: row for row in rows.prefetch_related("trail")}
    districts = District.objects.order_by("code")
    if getattr(viewer, "district_id", None):
        districts = districts.filter(pk=viewer.district_id)  # type: ignore[union-attr]
    exists_on = deadline.fill_from if deadline else date(year, 12, 31)
    lines = []
    for district in districts:
        found = self_checks.get(district.pk)
        if not found and district.valid_from and district.valid_from > exists_on:
            continue
        unopened = NOT_OPENED if district.exists_on(exists_on) else ABOLISHED
        lines.append(Line(district, found, found.state if found else unopened, day))
    return Board(year, deadline, tuple(lines))
