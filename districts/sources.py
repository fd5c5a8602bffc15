"""How a public fact can be checked, in words and links; what is not known of it is said."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext

from audit.words import SEPARATOR
from districts.models import Sourced
from districts.wording import day_text


class Link(NamedTuple):
    """Words that lead somewhere, or, without an address, words; and what is to be known of it."""

    text: str
    url: str = ""
    notes: str = ""
    lang: str = ""  # of words that stay as their page has them


def web(address: str) -> str:
    """Only web addresses become links, whatever was typed."""
    return address if address.startswith(("https://", "http://")) else ""


def source_of(fact: Sourced) -> Link:
    """Document, page, what is missing there, and the day of the last check."""
    url = web(fact.source)
    label = fact.document_number or (gettext("来源页") if url else "")
    if not (url or fact.document_number or fact.source_note):
        return Link(gettext("没有写明来源"))
    note = translated(fact.source_note)
    if not (note or (url and fact.document_number)):
        note = gettext("未载文号") if url else gettext("没有网址")
    return Link(label, url, joined(note, checked_words(fact.checked_on)))


def translated(note: str) -> str:
    return gettext(note) if note else ""


def checked_words(day: date | None) -> str:
    return gettext("%(day)s核对") % {"day": day_text(day)} if day else gettext("未核对")


def joined(*notes: str) -> str:
    return SEPARATOR.join(filter(None, notes))
