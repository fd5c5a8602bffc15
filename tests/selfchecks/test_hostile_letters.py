"""What people typed is plain text in the letters that carry it (m27)."""

from email import message_from_bytes
from email.policy import default

from django.core import mail

from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services import notices
from tests.journeys.test_hostile import PAYLOADS

HEADERS = {
    *("Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To"),
    *("Date", "Message-ID"),
}


def test_m27_sixty_payloads_are_text_in_letters(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User
) -> None:
    User.objects.filter(pk=chen_officer.pk).update(email="chen@example.com")
    chen_officer.refresh_from_db()
    for number, payload in enumerate(PAYLOADS):
        notices.post(
            kind="step.send_back",
            self_check=self_check,
            to=[chen_officer],
            key=str(number),
            by=zhou_inspector,
            comment=f"{payload}\r\nBcc: all@example.com",
            due_on="2026-12-15",
        )
    assert notices.deliver() == len(PAYLOADS) == 60
    for payload, letter in zip(PAYLOADS, mail.outbox, strict=True):
        read = message_from_bytes(letter.message().as_bytes(), policy=default)
        assert set(read.keys()) == HEADERS
        assert read.get_content_type() == "text/plain"
        assert payload in read.get_content()
        assert letter.recipients() == ["chen@example.com"]
