"""Makes a document: the template in use, filled with what holds on the day."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Unusable
from districts.wording import day_text
from documents.checking import look_at
from documents.faults import Fault
from documents.fields import shipped
from documents.rendering import rendered
from papers.contents.sheets import sheets
from papers.kinds import KINDS
from papers.models import Template
from papers.names import Name
from rest.books import write_book
from schedule.services.reading import today
from selfchecks.files import fingerprint

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


PRESENT = _("「%(paper)s」只有今天的，不能截至 %(day)s；请去掉日期再取。")


def in_use(kind: str) -> bytes:
    """The office's newest template, else the one the portal brings.

    Raises Conflict when it is no longer what was kept, or would not be kept today.
    """
    newest = Template.objects.newest(kind)
    if newest is None:
        return shipped(kind)
    content = content_of(newest)
    with said_as_conflict():
        look_at(content)
    return content


def content_of(template: Template) -> bytes:
    """The bytes as they were kept. Raises Conflict when they are others now."""
    content = bytes(template.content)
    if fingerprint(content) != template.sha256:
        raise Conflict(_("公文模板「%s」与上传时不同，没有使用；请上传新的一版。") % template)
    return content


def fields(kind: str, subject: Any, day: date) -> Mapping[str, Any]:
    """What fills the document, always in Chinese.

    Raises Conflict when there is nothing to say, Unusable for an earlier day than the kind knows.
    """
    _refuse_unknown(kind, day)
    with override(settings.LANGUAGE_CODE):
        return KINDS[kind].fill(subject, day)


def _refuse_unknown(kind: str, day: date) -> None:
    if day != today() and not KINDS[kind].looks_back:
        sentence = PRESENT % {"paper": Name(kind).label, "day": day_text(day)}
        raise Unusable.at("as_of", sentence, code="present_only")


def make(kind: str, subject: Any, day: date, template: bytes | None = None) -> bytes:
    """The .docx. Raises Conflict with a sentence that names what the template lacks."""
    with said_as_conflict():
        return rendered(template or in_use(kind), fields(kind, subject, day))


def book(kind: str, subject: Any, day: date) -> bytes:
    """The same as an .xlsx whose numbers are numbers. Raises what ``fields`` raises."""
    _refuse_unknown(kind, day)
    with override(settings.LANGUAGE_CODE):
        own = KINDS[kind].sheets
        return write_book(own(subject) if own else sheets(kind, fields(kind, subject, day)))


@contextmanager
def said_as_conflict() -> Iterator[None]:
    try:
        yield
    except Fault as fault:
        raise Conflict(fault.render(gettext), code="template") from fault
