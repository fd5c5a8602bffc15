"""What changed lately: certifications, editions of the plan and reorganisations, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext

from districts.models import Succession
from schedule import wording
from schedule.models import CertificationEvent
from schedule.services.reading import Position

from .question import Question
from .units import address

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere, or, without an address, words."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened: what, to whom, in which words, and where it can be checked."""

    day: date
    title: str
    units: tuple[Link, ...] = ()
    details: tuple[Link, ...] = ()
    source: Link | None = None


def lately(question: Question, position: Position) -> list[Change]:
    found = [
        *_certifications(question),
        *_editions(question),
        *_reorganisations(question, position.successions),
    ]
    return sorted(found, key=lambda change: change.day, reverse=True)[:SHOWN]


def source_link(url: str, label: str) -> Link | None:
    """A way to check; only web addresses become links, whatever was typed."""
    is_web = url.startswith(("https://", "http://"))
    if is_web or label:
        return Link(label or gettext("来源"), url if is_web else "")
    return None


def _certifications(question: Question) -> Iterator[Change]:
    """Facts announced together are told together."""
    events = CertificationEvent.objects.filter(date__lte=question.as_of).select_related(
        "district", "step"
    )
    in_order = sorted(events, key=_announcement, reverse=True)
    for _key, group in groupby(in_order, key=_announcement):
        together = sorted(group, key=lambda event: event.district.code)
        first = together[0]
        yield Change(
            day=first.date,
            title=wording.event_words(first),
            units=tuple(
                Link(event.district.display_name, address(event.district, question))
                for event in together
            ),
            source=source_link(first.source, first.document_number),
        )


def _announcement(event: CertificationEvent) -> tuple[date, str, int, str, str]:
    return event.date, event.result, event.step_id, event.document_number, event.source


def _editions(question: Question) -> Iterator[Change]:
    for version in question.versions:
        title = gettext("第 %(number)s 版规划发布") % {"number": version.number}
        name = wording.said(version.title)
        yield Change(
            day=version.published_on,
            title=title,
            details=tuple(
                Link(text) for text in (name, version.reason, version.document_number) if text
            ),
            source=Link(
                gettext("看这一版路线图"), f"{reverse('roadmap')}?version={version.number}"
            ),
        )


def _reorganisations(question: Question, successions: Iterable[Succession]) -> Iterator[Change]:
    def key(succession: Succession) -> tuple[date, str]:
        return succession.date, succession.source

    for (day, source), group in groupby(sorted(successions, key=key), key=key):
        yield Change(
            day=day,
            title=gettext("区划调整"),
            details=tuple(
                Link(wording.succession_words(one), address(one.predecessor, question))
                for one in group
            ),
            source=source_link(source, ""),
        )
