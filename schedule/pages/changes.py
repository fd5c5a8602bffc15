"""What changed lately: certifications, editions of the plan and reorganisations, newest first."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from districts.models import Succession
from districts.sources import Link, checked_words, joined, source_of, translated
from schedule import wording
from schedule.models import CertificationEvent, CertificationList

from .question import Question
from .revisions import Revisions, announcement_of, pages_of

SHOWN = 8


def lately(question: Question, shown: int = SHOWN) -> list[dict[str, Any]]:
    """Per change: day, title and, where there are any, units, details and a source to check it."""
    found = [
        *_lists(question),
        *_certifications(question),
        *_editions(question),
        *_reorganisations(question),
        *_corrections(question),
    ]
    return sorted(found, key=lambda change: change["day"], reverse=True)[:shown]


def _lists(question: Question) -> Iterator[dict[str, Any]]:
    """Lists with units nobody has named; the others are told by their units."""
    lists = CertificationList.objects.filter(announced_on__lte=question.as_of)
    for one in lists.prefetch_related("events__district"):
        if one.units_unnamed > 0:
            yield {
                "day": one.announced_on,
                "title": wording.list_words(one),
                "details": pages_of(one),
                "source": _source(one),
            }


def _source(one: CertificationList) -> Link:
    """Its pages are named beside it: what is known of their document, and what is not."""
    notes = map(translated, (one.date_note, one.source_note))
    return Link(one.document_number, "", joined(*notes, checked_words(one.checked_on)))


def _certifications(question: Question) -> Iterator[dict[str, Any]]:
    """Facts announced together are told together."""
    # One announcement names several units: one line, not one per unit.
    events = CertificationEvent.objects.filter(date__lte=question.as_of)
    rows = events.select_related("district", "step").order_by("district__code")
    for _key, group in groupby(sorted(rows, key=_announcement, reverse=True), _announcement):
        together = list(group)
        first = together[0]
        yield {
            "day": first.date,
            "title": wording.event_words(first),
            "units": [
                Link(event.district.display_name, question.address(event.district))
                for event in together
            ],
            "source": source_of(first),
        }


def _announcement(event: CertificationEvent) -> tuple[date, str, int, str, str]:
    return event.date, *announcement_of(event)


def _editions(question: Question) -> Iterator[dict[str, Any]]:
    for version in question.versions:
        texts = (gettext(version.title), version.reason)
        address = f"{reverse('roadmap')}?version={version.number}"
        yield {
            "day": version.published_on,
            "title": gettext("第 %(number)s 版规划发布") % {"number": version.number},
            "details": [
                *(Link(text) for text in texts if text),
                Link(gettext("看这一版路线图"), address),
            ],
            "source": source_of(version),
        }


def _reorganisations(question: Question) -> Iterator[dict[str, Any]]:
    def key(succession: Succession) -> tuple[date, str]:
        return succession.date, succession.source

    for (day, _source), group in groupby(sorted(question.position.successions, key=key), key=key):
        together = list(group)
        yield {
            "day": day,
            "title": gettext("区划调整"),
            "details": [
                Link(wording.succession_words(one), question.address(one.predecessor))
                for one in together
            ],
            "source": source_of(together[0]),
        }


def _corrections(question: Question) -> Iterator[dict[str, Any]]:
    for one in Revisions(question).corrected():
        address = f"{reverse('revisions')}#d{one.since.isoformat()}"
        words = [Link(gettext("%(what)s：%(before)s → %(after)s") % p._asdict()) for p in one.pairs]
        yield {
            "day": one.since,
            "title": one.title,
            "details": [*words, Link(gettext("变化和更正"), address)],
        }
