"""What people typed is text in every document: it adds no element to what a harmless name of the
same length makes (m27)."""

import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from xml.etree import ElementTree

from districts.models import District, School, User
from improvement.models import Problem
from improvement.services import ledger
from papers.kinds import KINDS
from papers.services.making import make
from schedule.services.reading import today
from selfchecks.models import ReviewEntry
from tests.journeys.test_hostile import PAYLOADS
from tests.papers.conftest import words_of


def name_everything(spell: Callable[[str], str]) -> None:
    """Schools, people, problems and remarks are called by the payloads, one after another."""
    named = ((School, "name", 100), (User, "display_name", 40), (ReviewEntry, "comment", 500))
    for model, column, length in (*named, (Problem, "words", 500)):
        for row, payload in zip(model.objects.order_by("pk"), cycle(PAYLOADS)):  # noqa: B905
            value = {column: spell(payload)[:length]}
            model._base_manager.filter(pk=row.pk).update(**value)


def elements(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """The elements of each part in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, [each.tag for each in ElementTree.fromstring(parts.read(name)).iter()]


def test_m27_sixty_payloads_are_text_in_every_document(
    subjects: dict[str, Any], shapingba: District, zhou_inspector: User
) -> None:
    for number, payload in enumerate(PAYLOADS):
        given = {"district": shapingba, "source": "visit", "key": f"p{number}"}
        ledger.found(by=zhou_inspector, words=payload, **given)

    def made() -> dict[str, bytes]:
        fresh = {
            name: type(s).objects.get(pk=s.pk) if hasattr(s, "pk") else s
            for name, s in subjects.items()
        }
        return {name: make(name, fresh[name], today()) for name in KINDS}

    name_everything(lambda text: "字" * len(text))
    harmless = {name: dict(elements(content)) for name, content in made().items()}
    name_everything(str)
    hostile = made()
    assert {name: dict(elements(content)) for name, content in hostile.items()} == harmless
    said = "\n".join(map(words_of, hostile.values()))
    assert [payload for payload in PAYLOADS if payload not in said] == []
