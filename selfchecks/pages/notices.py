"""What somebody has been told, and the page where it is seen to."""

from dataclasses import dataclass

from django.urls import reverse

from selfchecks.models import Notice
from selfchecks.pages.threads import address
from selfchecks.services.notice_texts import text_of

PAGES = {"step.send_for_signature": "self-check-check", "corrected": "self-check-check"}


@dataclass(frozen=True, slots=True)
class Told:
    notice: Notice
    text: str
    url: str


def told(notice: Notice) -> Told:
    return Told(notice, text_of(notice), _address(notice))


def _address(notice: Notice) -> str:
    """A remark leads to the very value; empty when the notice belongs to no self-check."""
    self_check = notice.self_check
    if self_check is None:
        return ""
    on = notice.params.get("on")
    if on:
        return address(self_check, on["school_code"], on["field"], indicator=on["indicator"])
    return reverse(PAGES.get(notice.kind, "self-check"), args=[self_check.reference])
