"""How a public fact can be checked, in words and links; what is not known of it is said."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext

from districts.models import Sourced
from districts.wording import day_text
from schedule.models import CertificationList


class Link(NamedTuple):
    """Words that lead somewhere, or, without an address, words; and what is to be known of it."""

    text: str
    url: str = ""
    notes: str = ""


def web(address: str) -> str:
    """Only web addresses become links, whatever was typed."""
    return address if address.startswith(("https://", "http://")) else ""


def source_of(fact: Sourced) -> Link:
    """Document, page, what is missing there, and the day of the last check."""
    url = web(fact.source)
    label = fact.document_number or (gettext("来源页") if url else "")
    if not (url or fact.document_number or fact.source_note):
        return Link(gettext("没有写明来源"))
    note = _translated(fact.source_note)
    if not (note or fact.document_number):
        note = gettext("未载文号")
    return Link(label, url, _joined(note, _checked(fact.checked_on)))


def list_source(one: CertificationList) -> Link:
    """The same of a list, whose pages are named beside it."""
    notes = (_translated(one.date_note), _translated(one.source_note), _checked(one.checked_on))
    return Link(one.document_number, "", _joined(*notes))


def _translated(note: str) -> str:
    return gettext(note) if note else ""


def _checked(day: date | None) -> str:
    return gettext("%(day)s 核对") % {"day": day_text(day)} if day else gettext("未核对")


def _joined(*notes: str) -> str:
    return " · ".join(filter(None, notes))
