"""The guides speak of the portal as it is: what they name is there, in both languages."""

import re

import polib
import pytest
from django.core.management import get_commands
from django.test import Client
from django.urls import reverse
from django.utils import translation

from chongqing_eval.guides import GUIDES
from chongqing_eval.guides.guide import CODE, Guide, names, parts
from chongqing_eval.guides.page import HEIGHT, WIDTH, picture_of
from districts.models import User
from districts.roles import Role
from tests.english import chinese_left
from tests.source import ROOT

LANGUAGES = ("zh-hans", "en")
LARGEST = 60 * 1024  # bytes of a picture
# Of the demonstration: in review, submitted, returned, refused, approved, awaiting signature,
# begun; the last has school plans.
DISTRICTS = ("500101", "500102", "500103", "500104", "500106", "500107", "500108", "500243")


def texts(guide: Guide) -> list[str]:
    return [guide.lead, *(step.text for step in guide.steps)]


def told(guide: Guide, language: str) -> list[str]:
    """What it names, in the language, in order."""
    with translation.override(language):
        return [name for text in texts(guide) for name in names(translation.gettext(text))]


def catalogue() -> dict[str, set[str]]:
    """By a sentence of the source all that English makes of it."""
    found: dict[str, set[str]] = {}
    for entry in polib.pofile(str(ROOT / "locale/en/LC_MESSAGES/django.po")):
        plural = entry.msgstr_plural.values()
        found.setdefault(entry.msgid, set()).update(plural or (entry.msgstr,))
    return found


ENGLISH = catalogue()


def test_every_role_has_a_guide_and_who_runs_the_portal_too() -> None:
    assert set(GUIDES) == {*Role.values, "operator"}


@pytest.mark.parametrize("guide", GUIDES.values(), ids=lambda guide: guide.code)
def test_names_are_those_of_the_portal_in_both_languages(guide: Guide) -> None:
    """A page that calls a button otherwise has to say so to the guide."""
    chinese, english = (told(guide, language) for language in LANGUAGES)
    assert not [name for name in chinese if name not in ENGLISH]
    for text in texts(guide):
        with translation.override("en"):
            shown = names(translation.gettext(text))
        wanted = names(text)
        assert len(shown) == len(wanted), text
        assert all(any(name in ENGLISH[each] for each in wanted) for name in shown), text
    assert len(english) == len(chinese)


@pytest.mark.parametrize("guide", GUIDES.values(), ids=lambda guide: guide.code)
@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_exist(guide: Guide, language: str) -> None:
    with translation.override(language):
        typed = [
            words
            for text in texts(guide)
            for kind, words in parts(translation.gettext(text))
            if kind == CODE
        ]
    called = {found[1] for words in typed if (found := re.match(r"manage\.py (\w+)", words))}
    assert called <= set(get_commands())


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_are_there_and_small(language: str) -> None:
    steps = [step for guide in GUIDES.values() for step in guide.steps if step.picture]
    assert len({step.picture for step in steps}) == len(steps) >= 6
    for step in steps:
        with translation.override(language):
            content = (ROOT / "static" / picture_of(step)).read_bytes()
        assert content[:4] == b"RIFF"
        assert content[8:12] == b"WEBP"
        assert len(content) <= LARGEST, step.picture


@pytest.mark.parametrize("code", GUIDES)
def test_a_guide_is_read_by_everybody_in_english_too(
    client: Client, reference: None, code: str
) -> None:
    html = client.get(f"/en/guides/{code}/").content.decode()
    assert f'width="{WIDTH}" height="{HEIGHT}"' in html or "<img" not in html.split("<main")[1]
    assert chinese_left(html) == []
    assert client.get("/guides/nobody/").status_code == 404


def test_help_leads_to_the_guide_of_the_role(
    client: Client, chen_officer: User, wu_manager: User
) -> None:
    for user, page in ((chen_officer, reverse("home")), (wu_manager, reverse("admin:index"))):
        client.force_login(user)
        assert f'href="/guides/{user.role}/"' in client.get(page).content.decode()
        guide = client.get(f"/guides/{user.role}/").content.decode()
        for step in GUIDES[user.role].steps:
            assert not step.page or f'href="{reverse(step.page)}"' in guide
