"""Tells people what concerns them: a row for the portal, and an outbox for e-mail."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from districts.models import User
from districts.roles import DISTRICT_ROLES
from districts.scope import CITY
from selfchecks import clock
from selfchecks.models import Notice, ReviewEntry, SelfCheck
from selfchecks.models.notice import EmailState
from selfchecks.services import outbox
from selfchecks.services.notice_texts import text_of
from selfchecks.workflow import Step

REMINDER = "reminder"
DAYS_BEFORE, DAYS_AFTER = (14, 7, 3, 1), (1, 3, 7, 14, 30)


def people_of(self_check: SelfCheck, roles: Iterable[str]) -> list[User]:
    """Active people with one of the roles who answer for the district or for the city."""
    rows = User.objects.filter(
        Q(district=self_check.district_id) | Q(reach=CITY), is_active=True, role__in=list(roles)
    )
    return list(rows.order_by("pk"))


def post(
    *,
    kind: str,
    self_check: SelfCheck,
    to: Iterable[User],
    key: str,
    by: User | None,
    **params: Any,
) -> list[Notice]:
    """Write one notice per person inside the caller's transaction; e-mail follows its commit.

    ``key`` tells messages apart: the same key to the same person is written once. ``by`` is who
    caused it and is not told; None for what the calendar causes.
    """
    now, mails = clock.now(), outbox.is_configured()
    told = {"unit": self_check.district.name, "year": self_check.year, **params}
    wanted = {
        f"{kind}:{self_check.pk}:{key}:{person.pk}": Notice(
            recipient=person,
            self_check=self_check,
            kind=kind,
            params=told,
            dedup_key=f"{kind}:{self_check.pk}:{key}:{person.pk}",
            created_at=now,
            email_state=EmailState.PENDING if mails and person.email else EmailState.NONE,
        )
        for person in to
        if by is None or person.pk != by.pk
    }
    known = Notice.objects.filter(dedup_key__in=wanted).values_list("dedup_key", flat=True)
    for dedup_key in known:
        del wanted[dedup_key]
    notices = Notice.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    if any(notice.email_state == EmailState.PENDING for notice in notices):
        transaction.on_commit(outbox.deliver, robust=True)
    return notices


def tell_of_step(*, entry: ReviewEntry, edge: Step) -> list[Notice]:
    """Everyone the step concerns, except the one who took it."""
    return post(
        kind=f"step.{edge.name}",
        self_check=entry.self_check,
        to=people_of(entry.self_check, edge.tells),
        key=str(entry.number),
        by=entry.actor,
        actor=entry.actor_name,
        comment=entry.comment,
        due_on=entry.self_check.due_on.isoformat(),
    )


@transaction.atomic
def tell_of_due_dates(*, day: date | None = None) -> list[Notice]:
    """The day's notices before, on and after due dates; running again adds nothing."""
    day = day or timezone.localdate()
    posted = []
    rows = SelfCheck.objects.select_related("district").filter(fill_from__lte=day)
    for self_check in rows:
        kind = _due_kind(self_check, day)
        if kind:
            posted += post(
                kind=kind,
                self_check=self_check,
                to=people_of(self_check, DISTRICT_ROLES),
                key=day.isoformat(),
                by=None,
                days=abs(self_check.days_left(day)),
                due_on=self_check.due_on.isoformat(),
            )
    return posted


def _due_kind(self_check: SelfCheck, day: date) -> str | None:
    if not self_check.awaits_district:
        return None
    left = self_check.days_left(day)
    if left == 0:
        return "due_today"
    if left in DAYS_BEFORE:
        return "due_soon"
    return "overdue" if -left in DAYS_AFTER else None


def remind(*, self_check: SelfCheck, by: User, day: date | None = None) -> list[Notice]:
    """An inspector's nudge to the district; a second one on the same day is not sent."""
    return post(
        kind=REMINDER,
        self_check=self_check,
        to=people_of(self_check, DISTRICT_ROLES),
        key=(day or timezone.localdate()).isoformat(),
        by=by,
        **_reminder_params(self_check, by),
    )


def _reminder_params(self_check: SelfCheck, by: User) -> dict[str, str]:
    return {"actor": by.display_name, "due_on": self_check.due_on.isoformat()}


def reminder_text(self_check: SelfCheck, by: User) -> str:
    """What a nudge would say, word for word."""
    told = {"unit": self_check.district.name, "year": self_check.year}
    return text_of(Notice(kind=REMINDER, params=told | _reminder_params(self_check, by)))


def reminded_today(self_checks: Iterable[SelfCheck], day: date | None = None) -> set[int]:
    """Keys of the self-checks whose district was nudged on the day."""
    when = f":{(day or timezone.localdate()).isoformat()}:"
    rows = Notice.objects.filter(
        kind=REMINDER, self_check__in=list(self_checks), dedup_key__contains=when
    )
    return set(rows.values_list("self_check", flat=True))


@transaction.atomic
def mark_read(*, by: User, notices: Iterable[int] | None = None) -> int:
    """Mark one's own notices read, all of them without ``notices``; returns how many."""
    rows = Notice.objects.visible_to(by).unread()
    if notices is not None:
        rows = rows.filter(pk__in=list(notices))
    return rows.update(read_at=timezone.now())
