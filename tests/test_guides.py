"""The guides speak of the portal as it is: what they name stands on their readers' pages."""

import re
from collections.abc import Iterator
from html import unescape
from io import StringIO
from typing import Any

import polib
import pytest
from django.core.management import call_command, get_commands
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from chongqing_eval.guides import GUIDES
from chongqing_eval.guides.guide import CODE, Guide, names, parts
from chongqing_eval.guides.page import HEIGHT, WIDTH, picture_of
from districts.models import User
from districts.roles import Role
from selfchecks.models import SelfCheck
from selfchecks.services.demo import years_until
from tests.english import chinese_left
from tests.source import ROOT

LANGUAGES = ("zh-hans", "en")
LARGEST = 60 * 1024  # bytes of a picture
# Of the demonstration: in review, submitted, returned, refused, approved, awaiting signature,
# begun; the last has school plans.
DISTRICTS = ("500101", "500102", "500103", "500104", "500106", "500107", "500108", "500243")
OWN = "/self-checks/{code}-{year}/"
WORK = "/admin/selfchecks/selfcheck/"
# Whose pages show what a guide names. {code} is the account's; a page that ends in * is the first
# one linked so far whose address begins like that.
PAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "officer": {
        "officer_500103": (
            *(OWN, OWN + "upload/", OWN + "explanations/", OWN + "check/", OWN + "comments/"),
            *(OWN + "comments/*", OWN + "figures/*", "/ledger/", "/ledger/*"),
            *(OWN + "shortfalls/", OWN + "plans/", OWN + "scenarios/", OWN + "school-plans/"),
        ),
        "officer_500104": (OWN + "versions/1/",),
        "officer_500107": (OWN + "check/",),
        "officer_500108": (OWN + "check/",),
    },
    "signatory": {
        "signatory_500102": (OWN, OWN + "check/"),
        "signatory_500107": (OWN + "check/", OWN, "/look-backs/", "/look-backs/*", "/receipts/"),
        "signatory_500106": (OWN, OWN + "check/", OWN + "plans/"),
        "signatory_500243": (OWN + "school-plans/", OWN + "school-plans/*", "/ledger/"),
    },
    "department": {"finance_500243": ("/measures/",)},
    "inspector": {
        "inspector": (
            *("/admin/", WORK + "board/", WORK + "work/", WORK + "{500101}/review/"),
            *("/visits/", "/visits/*", "/ledger/", "/ledger/*"),
            *("/atlas/", "/admin/schedule/planversion/", "/admin/improvement/feedback/"),
            *("/admin/improvement/feedback/*", WORK + "{500103}/review/"),
        ),
        "inspector2": (WORK + "{500106}/review/",),
    },
    "manager": {
        "manager": (
            *("/admin/", WORK + "board/", WORK + "board/?year=2030", "/admin/data/"),
            *("/admin/schedule/planversion/", "/admin/schedule/certificationevent/"),
            *("/admin/indicators/standard/", "/admin/indicators/standard/*", "/practices/"),
            WORK + "{500101}/review/",
        ),
    },
    "auditor": {
        "auditor": (
            *("/admin/", "/admin/audit/entry/", "/admin/data/", WORK + "{500101}/history/"),
            *("/self-checks/500101-{year}/trail/", "/self-checks/500101-{year}/signatures/"),
        ),
    },
    "keeper": {"keeper": ("/admin/", "/admin/districts/user/", "/admin/data/")},
    "client": {"manager": ("/accounts/tokens/", "/")},
    "operator": {"manager": ("/admin/", "/admin/jobs/")},
}
# What stands there in a state the demonstration is not in.
ELSEWHERE = {
    *("确认采用", "申请销号", "报告进展", "发送催办", "收回复核通过", "记一个问题", "保存到校记录"),
    *("结束查看", "转给区县", "同意重新开启", "不同意重新开启", "电子签名"),
}


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


@pytest.fixture
def demonstration(reference: None, settings: Any) -> int:
    """Its newest year."""
    settings.DEBUG = True
    call_command("load_demo", districts=list(DISTRICTS), schools=4, stdout=StringIO())
    return years_until(timezone.localdate(), 1)[0]


def test_names_stand_on_the_pages_of_the_readers(demonstration: int) -> None:
    for language in LANGUAGES:
        elsewhere = ELSEWHERE.union(*(ENGLISH[name] for name in ELSEWHERE))
        for code, readers in PAGES.items():
            seen = " ".join(
                words
                for account, pages in readers.items()
                for words in read(account, pages, demonstration, language)
            )
            missing = {name for name in told(GUIDES[code], language) if name not in seen}
            assert missing <= elsewhere, (code, language, missing - elsewhere)


def read(account: str, pages: tuple[str, ...], year: int, language: str) -> Iterator[str]:
    """The words of each page, labels and buttons among them."""
    client = Client()
    client.force_login(User.objects.get(username=account))
    own = {"{code}": account.rpartition("_")[2], "{year}": str(year)}
    checks = SelfCheck.objects.filter(year=year).values_list("district__code", "pk")
    own |= {f"{{{code}}}": str(pk) for code, pk in checks}
    links: list[str] = []
    for page in pages:
        path = "/en" * (language == "en") + re.sub(r"\{\w+\}", lambda found: own[found[0]], page)
        if path.endswith("*"):
            path = next((each for each in links if re.match(path[:-1] + "[0-9]", each)), "")
        answer = client.get(path, follow=True) if path else None
        assert answer is not None, f"{page}: no page links to it"
        assert answer.status_code == 200, path
        html = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
        links += map(unescape, re.findall(r'href="([^"]+)"', html))
        yield from map(unescape, re.findall(r'(?:value|aria-label|placeholder)="([^"]*)"', html))
        yield " ".join(unescape(re.sub("<[^>]+>", "", html)).split())
