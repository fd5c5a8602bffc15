"""Who has and who has not submitted in a year, at a glance, and the nudge to those who have not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed
from audit.services import record
from districts.models import District, User
from districts.roles import Role
from districts.scope import Viewer
from selfchecks.models import Deadline, Evaluation, Notice, SelfCheck, State
from selfchecks.services import notices

MAY_REMIND = (Role.INSPECTOR, Role.MANAGER)
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


def last_reminder() -> Subquery:
    """When the district of a self-check was last nudged, for a query of self-checks."""
    reminded = Notice.objects.filter(self_check=OuterRef("pk"), kind=notices.REMINDER)
    return Subquery(
        reminded.values("self_check").annotate(last=Max("created_at")).values("last"),
    )


@dataclass(frozen=True, slots=True)
class Reminded:
    """Which districts were reminded, and which had been reminded today or have nothing to do."""

    reminded: tuple[SelfCheck, ...]
    skipped: tuple[SelfCheck, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a district would read; ``skipped_because`` is empty when it would be sent."""

    self_check: SelfCheck
    text: str
    skipped_because: str


def preview_reminders(*, self_checks: Iterable[SelfCheck], by: User) -> list[Letter]:
    """The text of each reminder before anything is sent. Raises NotAllowed as ``remind`` does."""
    _refuse_unless_may_remind(by)
    rows = list(self_checks)
    done = notices.reminded_today(rows)
    return [_letter(self_check, self_check.pk in done, by) for self_check in rows]


def _letter(self_check: SelfCheck, is_done: bool, by: User) -> Letter:
    because: str | Promise = ""
    if not self_check.awaits_district:
        because = _("已报送，不需要催办")
    elif is_done:
        because = _("今天已催办过")
    return Letter(self_check, notices.reminder_text(self_check, by), str(because))


def _refuse_unless_may_remind(by: User) -> None:
    if by.role not in MAY_REMIND:
        raise NotAllowed(_("催办由市级督学或市级管理员进行，您的账号不能做这一步。"))


@transaction.atomic
def remind(*, self_checks: Iterable[SelfCheck], by: User) -> Reminded:
    """Nudge districts that have not submitted; pressed twice, it tells nobody twice in a day."""
    _refuse_unless_may_remind(by)
    reminded: list[SelfCheck] = []
    skipped: list[SelfCheck] = []
    for self_check in self_checks:
        posted = notices.remind(self_check=self_check, by=by) if self_check.awaits_district else []
        (reminded if posted else skipped).append(self_check)
    for self_check in reminded:
        record(
            action="self_check.remind", by=by, on=self_check, district_code=self_check.district.code
        )
    return Reminded(tuple(reminded), tuple(skipped))
