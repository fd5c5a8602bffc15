"""How a public fact can be checked, in words and links; what is not known of it is said."""

from typing import NamedTuple

from django.utils.translation import gettext

from districts.models import Sourced
from districts.wording import day_text


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
    if not (url or fact.document_number or fact.source_note):
        return Link(gettext("没有写明来源"))
    note = gettext(fact.source_note) if fact.source_note else ""
    if not (note or fact.document_number):
        note = gettext("未载文号")
    checked = gettext("未核对")
    if fact.checked_on:
        checked = gettext("%(day)s 核对") % {"day": day_text(fact.checked_on)}
    label = fact.document_number or (gettext("来源页") if url else "")
    return Link(label, url, " · ".join(filter(None, (note, checked))))
