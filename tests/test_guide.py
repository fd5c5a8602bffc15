"""The guide to the API shows what works: every example is sent as it is printed to a portal with
demonstration data, and answers like the one printed beside it."""

import json
import os
import re
import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from socket import create_connection
from subprocess import DEVNULL, PIPE, Popen, run
from time import sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.test import Client
from django.utils import translation
from standardwebhooks import Webhook

from rest.documents import document
from rest.guide import chapters
from tests.english import HAN, api_words
from tests.guide import ANSWERS, DISTRICTS, sent, shortened, tokens_of
from tests.journeys.portal import Portal, free_port, running_portal


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("guide"), DISTRICTS, schools=4) as running:
        yield running


def printed(portal: Portal, label: str) -> str:
    with urlopen(f"{portal.origin}/api/v1/docs/") as answer:
        html = answer.read().decode()
    (text,) = re.findall(rf'aria-label="{label}"><code>(.*?)</code>', html, re.DOTALL)
    return unescape(text)


def difference(shown: Any, came: Any, place: str = "$") -> str:
    """Where an answer is not made like the one shown; what is empty or null may be anything."""
    if not shown or not came:
        return ""
    if type(shown) is not type(came):
        return f"{place}: {shown!r} and {came!r}"
    if isinstance(shown, dict):
        if shown.keys() != came.keys():
            return f"{place}: {sorted(shown)} and {sorted(came)}"
        inner = (difference(shown[name], came[name], f"{place}.{name}") for name in shown)
        return next(filter(None, inner), "")
    return difference(shown[0], came[0], f"{place}[0]") if isinstance(shown, list) else ""


def test_every_example_works_as_it_is_printed(portal: Portal, tmp_path: Path) -> None:
    answered = 0
    for operation, answer in sent(portal, "zh-hans", tmp_path):
        named = (operation.method, operation.path, answer.content[:500].decode(errors="replace"))
        assert str(answer.status) == operation.status, named
        if operation.is_file:
            assert answer.content.startswith(b"PK"), named
            continue
        shown = json.loads(operation.answer)
        assert not difference(shown, shortened(json.loads(answer.content))), named
        answered += 1
    assert answered >= 42


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl: nobody copies its commands here")
def test_commands_to_begin_with_work_as_printed(portal: Portal, tmp_path: Path) -> None:
    """After the examples: the workbook sent again is the one that is there."""
    commands = printed(portal, "令牌、ETag 和上传的命令")
    token = tokens_of(portal)["officer_500103"]
    came = run(
        ["bash", "-eu", "-c", commands],
        env={**os.environ, "TOKEN": token},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert came.returncode == 0, came.stderr
    assert "HTTP/1.1 304" in came.stdout
    statuses = re.findall(r'"status":\s*"(\w+)"', came.stdout)
    assert statuses[0] == "usable"
    assert statuses[1] in ("kept", "unchanged")


def test_python_example_runs_as_printed(portal: Portal) -> None:
    """On 2025-03-14 four of the 41 were announced (the ministry's list of that day)."""
    token = tokens_of(portal)["manager"]
    came = run(
        [sys.executable, "-c", printed(portal, "Python 示例")],
        env={"PATH": os.environ["PATH"], "TOKEN": token, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
    )
    assert came.returncode == 0, came.stderr
    lines = came.stdout.splitlines()
    assert lines[0] == "4 41"
    assert len(lines) == 43
    assert lines[-1].startswith("unknown ")


def test_changes_are_followed_as_printed_and_told_once(portal: Portal, tmp_path: Path) -> None:
    """From 0 to the end, and from there on the next time: what was registered in between."""
    token, code = tokens_of(portal)["manager"], printed(portal, "跟上改动的 Python 示例")

    def told() -> list[list[str]]:
        came = run(
            [sys.executable, "-c", code],
            env={"PATH": os.environ["PATH"], "TOKEN": token},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert came.returncode == 0, came.stderr
        return [line.split() for line in came.stdout.splitlines()]

    first = told()
    numbers = [int(number) for number, _action, _url in first]
    assert len(numbers) > 100
    assert numbers == sorted(set(numbers))
    assert told() == []
    school = {"name": "甲小学", "school_type": "小学", "ownership": "公办", "location": "城区"}
    body = json.dumps({"code": "5001060999", "district": "500106", **school}).encode()
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    urlopen(Request(f"{portal.origin}/api/v1/schools/", body, bearer)).close()
    ((_number, action, url),) = told()
    assert (action, url) == ("school.create", f"{portal.origin}/api/v1/schools/5001060999/")


def test_webhooks_are_received_as_printed(portal: Portal) -> None:
    """Signed as the portal signs; the second time it is the same change, a changed one is none."""
    secret, port = f"whsec_{b64encode(b'k' * 32).decode()}", str(free_port())
    content = json.dumps({"type": "school.create", "data": {"url": "https://p.cn/1/"}})
    now = datetime.now(UTC)
    signed = {
        "webhook-id": "msg_1_7",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1_7", now, content),
    }

    def status(sent: str) -> int:
        address = Request(f"http://127.0.0.1:{port}/", sent.encode(), signed)
        try:
            with urlopen(address) as answer:
                return int(answer.status)
        except HTTPError as refused:
            return refused.code

    with Popen(
        [sys.executable, "-c", printed(portal, "接收推送的 Python 示例")],
        env={"PATH": os.environ["PATH"], "SECRET": secret, "PORT": port},
        stdout=PIPE,
        stderr=DEVNULL,
        text=True,
    ) as receiver:
        until_it_listens(int(port))
        assert [status(content), status(content), status(content + " ")] == [204, 204, 400]
        receiver.terminate()
        assert receiver.stdout
        assert receiver.stdout.read().splitlines() == ["school.create https://p.cn/1/"]


def until_it_listens(port: int) -> None:
    for _try in range(600):
        try:
            create_connection(("127.0.0.1", port)).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise AssertionError("nobody listens")


# English first: a label that repeats the member's name there is left out for good.
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_member_and_parameter_says_what_it_means(db: None, language: str) -> None:
    with translation.override(language):
        described = document()
    members = [
        (f"{name}.{member}", facts)
        for name, schema in described["components"]["schemas"].items()
        for member, facts in schema.get("properties", {}).items()
    ]
    parameters = [
        (f"{path} {each['name']}", each)
        for path, item in described["paths"].items()
        for operation in item.values()
        for each in operation.get("parameters", ())
    ]
    assert len(members) > 500
    for name, facts in members + parameters:
        words = str(facts.get("description") or facts.get("title", ""))
        assert words, name
        if language == "en":
            assert not HAN.search(api_words().sub("", words)), name
        else:
            assert HAN.search(words) or words == "SHA-256", name


def test_units_stand_with_the_meaning(db: None) -> None:
    schemas = document()["components"]["schemas"]
    assert "人" in schemas["OutcomeUnit"]["properties"]["pupils"]["description"]
    assert "天" in schemas["Late"]["properties"]["days_late"]["description"]
    assert "所" in schemas["Upload"]["properties"]["schools"]["description"]


def test_both_languages_show_an_answer_to_every_operation(db: None) -> None:
    answers = json.loads(ANSWERS.read_text(encoding="utf-8"))
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found = [each for part in chapters(document(), "") for each in part.operations]
            assert all(each.answer for each in found if not each.is_file)
            assert {each.facts["operationId"] for each in found if each.answer} == set(
                answers[language]
            )
    for name, shown in answers["zh-hans"].items():
        assert not difference(shown["answer"], answers["en"][name]["answer"]), name


def test_page_tells_anonymous_readers_their_limit(client: Client, reference: None) -> None:
    assert "不带令牌的公开读取按来源地址计数" in client.get("/api/v1/docs/").content.decode()
    english = client.get("/en/api/v1/docs/").content.decode()
    assert "counted by the address it comes from" in english
    assert english.count("Accept-Language: en") >= 44


def test_each_page_leads_to_the_other_language_and_stays_in_its_own(
    client: Client, reference: None
) -> None:
    """Links of the guide to pages of the site are in the page's language."""
    chinese = client.get("/api/v1/docs/").content.decode()
    english = client.get("/en/api/v1/docs/").content.decode()
    assert 'href="/en/api/v1/docs/"' in chinese
    assert 'href="/api/v1/docs/"' in english
    links = re.findall(r'<a [^>]*href="(/[^"]*)"', english)
    others = {link for link in links if not link.startswith("/en/")}
    assert others <= {"/api/v1/docs/", "/api/v1/schema/?lang=en"}
