"""Tells people what concerns them: a row for the portal, worded when it is read, and a letter."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, override
from django_tasks import task

from audit.models import Entry
from audit.services import record
from districts.mail import mail_is_configured
from districts.models import District, User
from districts.roles import DISTRICT_ROLES
from districts.scope import CITY
from districts.services.calendar import working_days
from districts.services.people import PLACE
from selfchecks import clock
from selfchecks.models import Notice, ReviewEntry, SelfCheck
from selfchecks.models.notice import EmailState
from selfchecks.services.notice_words import ENGLISH_UNIT, text_of
from selfchecks.step import Step

DAYS_BEFORE, DAYS_AFTER = (14, 7, 3, 1), (1, 3, 7, 14, 30)
# A letter is tried again later and later, for three and a half days; then it has failed.
MOST_ATTEMPTS, FIRST_WAIT = 11, timedelta(minutes=5)

TOLD = gettext_lazy("新提醒 %(posted)s 条，寄出邮件 %(sent)s 封。")


def people_of(self_check: SelfCheck, roles: Iterable[str]) -> list[User]:
    return people_in(self_check.district_id, roles)


def people_in(district_id: int, roles: Iterable[str]) -> list[User]:
    """Active people with one of the roles who answer for the district or for the city."""
    rows = User.objects.filter(
        Q(district=district_id) | Q(reach=CITY), is_active=True, role__in=list(roles)
    )
    return list(rows.order_by("pk"))


def post(
    *,
    kind: str,
    self_check: SelfCheck | None = None,
    to: Iterable[User],
    key: str,
    by: User | None,
    district: District | None = None,
    **params: Any,
) -> list[Notice]:
    """Write one notice per person, and queue their letters, inside the caller's transaction.

    ``key`` tells messages apart: the same key to the same person is written once. ``by`` is who
    caused it and is not told; None for what the calendar causes. Without a self-check it is of
    the ``district``; ``page`` in them is name and argument of the page where it is seen to.
    """
    now, mails = clock.now(), mail_is_configured()
    if self_check:
        params = {"unit": self_check.district.name, "year": self_check.year, **params}
    elif district:
        params = {**_names_of(district), **params}
    about = f"{kind}:{self_check.pk if self_check else ''}:{key}"
    wanted = {
        f"{about}:{person.pk}": Notice(
            recipient=person,
            self_check=self_check,
            kind=kind,
            params=params,
            dedup_key=f"{about}:{person.pk}",
            created_at=now,
            **_arrives(person, kind, now, mails),
        )
        for person in to
        if by is None or person.pk != by.pk
    }
    known = Notice.objects.filter(dedup_key__in=wanted).values_list("dedup_key", flat=True)
    for dedup_key in known:
        del wanted[dedup_key]
    notices = Notice.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    if any(notice.email_state == EmailState.PENDING for notice in notices):
        send_letters.enqueue()
    return notices


def _arrives(person: User, kind: str, now: datetime, mails: bool) -> dict[str, Any]:
    """Read already and without a letter, where this person wants none of the kind."""
    if person.reach == CITY and kind in person.muted:
        return {"read_at": now, "email_state": EmailState.NONE}
    return {"email_state": EmailState.PENDING if mails and person.email else EmailState.NONE}


def _names_of(district: District) -> dict[str, str]:
    """As its readers know it on the day, in either language."""
    with override("en"):
        english = district.display_name
    return {"unit": str(district), ENGLISH_UNIT: english}


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
def tell_of_due_dates(*, day: date | None = None, by: None = None) -> list[Notice]:
    """The day's notices before, on and after due dates; running again adds nothing.

    On a day of rest nobody is told; the next working day tells what fell on it.
    """
    day = day or timezone.localdate()
    days = working_days().since_last(day)
    posted = []
    rows = SelfCheck.objects.select_related("district").filter(fill_from__lte=day)
    for self_check in rows if days else ():
        if any(_is_told(self_check, each) for each in days):
            posted += post(
                kind=_due_kind(self_check.days_left(day)),
                self_check=self_check,
                to=people_of(self_check, DISTRICT_ROLES),
                key=day.isoformat(),
                by=None,
                days=abs(self_check.days_left(day)),
                due_on=self_check.due_on.isoformat(),
            )
    if posted:
        record(action="notice.due", by=by, changes={"notices": len(posted)})
    return posted


def _is_told(self_check: SelfCheck, day: date) -> bool:
    left = self_check.days_left(day)
    return self_check.awaits_district and (left in (0, *DAYS_BEFORE) or -left in DAYS_AFTER)


def _due_kind(left: int) -> str:
    return "due_soon" if left > 0 else "overdue" if left else "due_today"


@task()
def send_letters() -> None:
    """A silent mail server keeps the queue waiting, never who took a step."""
    deliver()


def deliver(limit: int = 200) -> int:
    """Send what is due; what fails waits longer every time. Returns how many left.

    A server that does not answer is not asked for the next letter; an address it refuses is.
    """
    sent = 0
    for key in _due().values_list("pk", flat=True)[:limit]:
        try:
            sent += _deliver_one(key)
        except SMTPRecipientsRefused:
            continue
        except OSError:
            break
    return sent


def tell_and_deliver() -> dict[str, int]:
    """The day's notices, and the e-mails that are waiting; how many of each."""
    posted = len(tell_of_due_dates())
    return {"posted": posted, "sent": deliver() if mail_is_configured() else 0}


def _due() -> Any:
    """Letters to send now, the oldest first."""
    is_time = Q(email_after=None) | Q(email_after__lte=clock.now())
    return Notice.objects.filter(is_time, email_state=EmailState.PENDING).order_by("pk")


def _deliver_one(key: int) -> bool:
    """Claimed by one conditional write, so that two runs do not send it twice; no transaction
    waits for the mail server. Who is killed meanwhile leaves it to be tried again."""
    notice = Notice.objects.select_related("recipient", "self_check__district").get(pk=key)
    if not _is_still_for(notice.recipient, notice.created_at):
        _due().filter(pk=key).update(email_state=EmailState.NONE)
        return False
    attempts = notice.email_attempts + 1
    claim = {
        "email_attempts": attempts,
        "email_after": clock.now() + FIRST_WAIT * 2**notice.email_attempts,
        "email_state": EmailState.FAILED if attempts >= MOST_ATTEMPTS else EmailState.PENDING,
    }
    if not _due().filter(pk=key, email_attempts=notice.email_attempts).update(**claim):
        return False
    _letter(notice).send()
    Notice.objects.filter(pk=key).update(email_state=EmailState.SENT, emailed_at=clock.now())
    return True


def _is_still_for(person: User, since: datetime) -> bool:
    """Not once the account is closed or answers for something else than when it was written."""
    later = Entry.objects.filter(
        action="user.update", object_type="districts.user", object_id=str(person.pk), at__gte=since
    )
    moved = any(PLACE & set(changes) for changes in later.values_list("changes", flat=True))
    return person.is_active and not moved


def _letter(notice: Notice) -> EmailMessage:
    """Plain text; the message id is the notice's own, so that a repeat is known as one."""
    with override(settings.LANGUAGE_CODE):
        body = text_of(notice)
        subject = gettext("优质均衡自查：%s") % (notice.self_check or gettext("通知"))
    return EmailMessage(
        subject=" ".join(str(subject).split()),
        body=body,
        to=[notice.recipient.email],
        headers={"Message-ID": f"<notice-{notice.pk}@selfchecks.portal>"},
    )
