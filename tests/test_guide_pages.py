"""What the guides name stands on the pages of whom they are for, with the demonstration data."""

import re
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from chongqing_eval.guides import GUIDES
from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services.demo import years_until
from tests.test_guides import DISTRICTS, told

OWN = "/self-checks/{code}-{year}/"
ACCOUNT = "/accounts/password/"
WORK = "/admin/selfchecks/selfcheck/"
# Whose pages show what a guide names. {code} is the account's; a page that ends in * is the first
# one linked so far whose address begins like that.
PAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "officer": {
        "officer_500103": (
            *(OWN, OWN + "upload/", OWN + "explanations/", OWN + "check/", OWN + "comments/"),
            *(OWN + "comments/*", OWN + "figures/*", "/ledger/", "/ledger/*"),
            ACCOUNT,
            *(OWN + "shortfalls/", OWN + "plans/", OWN + "scenarios/", OWN + "school-plans/"),
        ),
        "officer_500104": (OWN + "versions/1/",),
        "officer_500107": (OWN + "check/",),
        "officer_500108": (OWN + "check/",),
    },
    "signatory": {
        "signatory_500102": (OWN, OWN + "check/", ACCOUNT),
        "signatory_500107": (OWN + "check/", OWN, "/look-backs/", "/look-backs/*", "/receipts/"),
        "signatory_500106": (OWN, OWN + "check/", OWN + "plans/"),
        "signatory_500243": (OWN + "school-plans/", OWN + "school-plans/*", "/ledger/"),
    },
    "department": {"finance_500243": ("/measures/", ACCOUNT)},
    "inspector": {
        "inspector": (
            *("/admin/", WORK + "board/", WORK + "work/", WORK + "{500101}/review/"),
            *("/visits/", "/visits/*", "/ledger/", "/ledger/*"),
            *("/atlas/", "/admin/schedule/planversion/", "/admin/improvement/feedback/"),
            *("/admin/improvement/feedback/*", WORK + "{500103}/review/"),
            ACCOUNT,
        ),
        "inspector2": (WORK + "{500106}/review/",),
    },
    "manager": {
        "manager": (
            *("/admin/", WORK + "board/", WORK + "board/?year=2030", "/admin/data/"),
            *("/admin/schedule/planversion/", "/admin/schedule/certificationevent/"),
            *("/admin/indicators/standard/", "/admin/indicators/standard/*", "/practices/"),
            *(WORK + "{500101}/review/", ACCOUNT),
        ),
    },
    "auditor": {
        "auditor": (
            *("/admin/", "/admin/audit/entry/", "/admin/data/", WORK + "{500101}/history/"),
            *("/self-checks/500101-{year}/trail/", "/self-checks/500101-{year}/signatures/"),
            ACCOUNT,
        ),
    },
    "keeper": {"keeper": ("/admin/", "/admin/districts/user/", "/admin/data/", ACCOUNT)},
    "client": {"manager": ("/accounts/tokens/", "/")},
    "operator": {"manager": ("/admin/", "/admin/jobs/")},
}
# What stands there only in a state the demonstration is not in, and nothing else.
ELSEWHERE = {
    *("申请销号", "发送催办", "收回复核通过", "记一个问题", "保存到校记录"),
    *("结束查看", "转给区县", "同意重新开启", "不同意重新开启", "电子签名", "退回修改"),
    *("报送整改措施", "报送整改结果"),
}


@pytest.fixture
def demonstration(reference: None, settings: Any) -> int:
    """Its newest year."""
    settings.DEBUG = True
    call_command("load_demo", districts=list(DISTRICTS), schools=4, stdout=StringIO())
    return years_until(timezone.localdate(), 1)[0]


def test_names_stand_on_the_pages_of_the_readers(demonstration: int) -> None:
    """In Chinese: that the English names are those of the same buttons is looked up elsewhere."""
    missing = {
        name
        for code, readers in PAGES.items()
        for seen in [" ".join(read(*reader, demonstration) for reader in readers.items())]
        for name in told(GUIDES[code], "zh-hans")
        if name not in seen
    }
    assert missing == ELSEWHERE


def read(account: str, pages: tuple[str, ...], year: int) -> str:
    """The words of the pages, labels and buttons among them."""
    client = Client()
    client.force_login(User.objects.get(username=account))
    own = {"{code}": account.rpartition("_")[2], "{year}": str(year)}
    checks = SelfCheck.objects.filter(year=year).values_list("district__code", "pk")
    own |= {f"{{{code}}}": str(pk) for code, pk in checks}
    links: list[str] = []
    words: list[str] = []
    for page in pages:
        path = re.sub(r"\{\w+\}", lambda found: own[found[0]], page)
        if path.endswith("*"):
            path = next((each for each in links if re.match(path[:-1] + "[0-9]", each)), "")
        answer = client.get(path, follow=True) if path else None
        assert answer is not None, f"{page}: no page links to it"
        assert answer.status_code == 200, path
        html = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
        links += map(unescape, re.findall(r'href="([^"]+)"', html))
        words += map(unescape, re.findall(r'(?:value|aria-label|placeholder)="([^"]*)"', html))
        words.append(" ".join(unescape(re.sub("<[^>]+>", "", html)).split()))
    return " ".join(words)
