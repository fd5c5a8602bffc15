"""Sends the e-mails that notices ask for, each at least once, after their transaction."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext, override

from selfchecks.models import Notice
from selfchecks.models.notice import EmailState
from selfchecks.services.notice_texts import text_of

# Backends that reach nobody: with them a notice stays in the portal.
SILENT = ("console", "dummy", "filebased")
MOST_ATTEMPTS = 5


def is_configured() -> bool:
    """Whether letters would reach anybody."""
    return not any(f".{name}." in settings.EMAIL_BACKEND for name in SILENT)


def deliver(limit: int = 200) -> int:
    """Send what is pending; what fails stays pending for the next run. Returns how many left."""
    return sum(_deliver_one(key) for key in _pending()[:limit])


def _pending() -> list[int]:
    rows = Notice.objects.filter(email_state=EmailState.PENDING).order_by("pk")
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def _deliver_one(key: int) -> bool:
    """The row stays locked while its letter is sent, so that two runs do not send it twice."""
    rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    notice = (
        rows.select_related("recipient", "self_check__district")
        .filter(pk=key, email_state=EmailState.PENDING)
        .first()
    )
    if notice is None:
        return False
    return _send(notice)


def _send(notice: Notice) -> bool:
    try:
        _letter(notice).send()
    except OSError:
        attempts = notice.email_attempts + 1
        state = EmailState.FAILED if attempts >= MOST_ATTEMPTS else EmailState.PENDING
        _mark(notice, email_state=state)
        return False
    _mark(notice, email_state=EmailState.SENT, emailed_at=timezone.now())
    return True


def _mark(notice: Notice, **changes: object) -> None:
    Notice.objects.filter(pk=notice.pk).update(email_attempts=F("email_attempts") + 1, **changes)


def _letter(notice: Notice) -> EmailMessage:
    """Plain text; the message id is the notice's own, so that a repeat is known as one."""
    with override(settings.LANGUAGE_CODE):
        body = text_of(notice)
        subject = gettext("优质均衡自查:%s") % (notice.self_check or gettext("通知"))
    return EmailMessage(
        subject=" ".join(str(subject).split()),
        body=body,
        to=[notice.recipient.email],
        headers={"Message-ID": f"<notice-{notice.pk}@selfchecks.portal>"},
    )
