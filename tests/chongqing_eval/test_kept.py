"""Answers for everybody are kept: never stale, never somebody's, never at the cost of others
(m44, m45, m71)."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import shown
from audit.models import Entry
from audit.reading import VIEW, note_reading
from audit.shown import shown_of, version
from chongqing_eval import kept
from chongqing_eval.environment import OWN_MEMORY
from districts.models import District, User
from districts.services.demo import load_register
from districts.services.people import create_token
from districts.services.schools import create_school
from rest.permissions import ClientThrottle
from schedule.services.plans import replan
from tests.conftest import READ
from tests.journeys.portal import Portal, database, environment, free_port, managing, serving
from tests.reader import words
from tests.source import ROOT

pytestmark = pytest.mark.usefixtures("reference", "kept_answers")

PAGES = ("/", "/en/", "/roadmap/", "/stairs.svg", "/districts/500151/", "/changes/", "/practices/")
PAGES += ("/atlas/", "/atlas/table/", "/atlas/alike/500151/", "/indicators/", "/indicators/A1/")
PAGES += ("/api/v1/docs/", "/api/v1/docs/shapes/")
LISTS = ("progress", "districts", "phases", "schedule", "plan-versions", "certifications", "lists")
LISTS += ("certification-steps", "standards", "indicators", "practices")
ADDRESSES = (*PAGES, *(f"/api/v1/{name}/" for name in LISTS))
# Shown only through the approval of a self-check, whose entry moves the version.
APPROVED = {"evaluation", "indicatorresult", "unitresult", "selfcheck"}


def asked(client: Client, address: str, **options: Any) -> tuple[Any, int]:
    """The answer, and how many queries it took."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, **options)
    return answer, len(captured)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_second_reader_costs_one_query_and_so_does_not_modified(address: str) -> None:
    first, _count = asked(Client(), address)
    again, count = asked(Client(), address)
    assert (again.status_code, again.content, count) == (200, first.content, 1)
    same = {name: value for name, value in again.items() if name != "X-Request-Id"}
    assert same == {name: value for name, value in first.items() if name != "X-Request-Id"}
    tag = {"If-None-Match": again["ETag"]}
    unmodified, count = asked(Client(), address, headers=tag)
    assert (unmodified.status_code, unmodified.content, count) == (304, b"", 1)
    assert unmodified["ETag"] == again["ETag"]
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("address", ADDRESSES)
def test_m71_everything_that_public_pages_read_moves_the_version(address: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    tables = {model._meta.db_table: model for model in apps.get_models()}
    text = " ".join(query["sql"] for query in captured)
    # Of the trail only corrections of rows shown to everybody are told; those move it themselves.
    read = {tables[name] for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', text)} - {Entry}
    assert {row._meta.model_name for row in read if shown_of(row) is None} <= APPROVED


def test_m71_a_change_shows_in_the_next_answer(wu_manager: User) -> None:
    before = {address: Client().get(address) for address in ADDRESSES}
    tags = {address: {"If-None-Match": found["ETag"]} for address, found in before.items()}
    replan(changes={"500151": 2027}, by=wu_manager, reason="校舍改造", document_number="文1号")
    assert "2027" in words(Client().get("/districts/500151/"))
    for address in ("/", "/en/", "/roadmap/", "/api/v1/plan-versions/", "/api/v1/schedule/"):
        assert Client().get(address, headers=tags[address]).status_code == 200
        assert Client().get(address).content != before[address].content
    # What shows none of it is made again and has its tag still.
    assert Client().get("/indicators/", headers=tags["/indicators/"]).status_code == 304


def test_private_acts_leave_everything_kept(wu_manager: User) -> None:
    Client().get("/")
    before = version()
    create_token(user=wu_manager, scopes=["read"], by=wu_manager)
    assert note_reading(action=VIEW, by=wu_manager, unit="500151", path="/self-checks/")
    assert version() == before != ""
    assert asked(Client(), "/")[1] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a file does not hang up")
def test_m76_a_connection_that_the_database_has_dropped_is_made_anew() -> None:
    kept_version = version()
    connection.connection.close()
    assert version() == kept_version


def test_the_next_day_is_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Client().get("/")
    later = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: later)
    second, count = asked(Client(), "/")
    assert count > 1
    assert first["ETag"] != second["ETag"]


def test_m71_what_came_past_the_portal_shows_within_minutes(monkeypatch: Any) -> None:
    assert READ + kept.KEPT <= 300
    monkeypatch.setattr(shown, "READ", READ)
    Client().get("/roadmap/")
    District.objects.filter(code="500151").update(name="铜梁新名")
    later = datetime.now().timestamp() + 301
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: later)
    assert "铜梁新名" in Client().get("/roadmap/").text


def test_each_language_has_its_own(client: Client) -> None:
    for _round in range(2):
        assert "规划" in words(client.get("/roadmap/"))
        assert "规划" not in words(client.get("/en/roadmap/"))
        chinese = client.get("/api/v1/indicators/")
        english = client.get("/api/v1/indicators/", headers={"Accept-Language": "en"})
        assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-hans", "en")


def test_m45_nobody_is_given_the_page_of_a_person(wu_manager: User, signed_in: Any) -> None:
    """Two persons and a stranger through one store, whoever comes first."""
    for address in PAGES:
        known = signed_in(wu_manager).get(address)
        assert "no-store" in known["Cache-Control"]
        assert wu_manager.display_name not in Client().get(address).text
        is_drawing = address.endswith(".svg")
        assert is_drawing or wu_manager.display_name in signed_in(wu_manager).get(address).text


def test_m45_a_token_or_a_session_is_never_answered_from_what_is_kept(
    wu_manager: User, zhou_inspector: User, signed_in: Any, bearer: Any
) -> None:
    address = "/api/v1/districts/"
    tag = Client().get(address)["ETag"]
    for client in (signed_in(wu_manager), bearer(zhou_inspector, "read")):
        assert "no-store" in client.get(address)["Cache-Control"]
        assert "private" in client.get(address, headers={"If-None-Match": tag})["Cache-Control"]
    assert Client(headers={"Authorization": "Bearer wrong"}).get(address).status_code == 401


@pytest.mark.parametrize("address", ["/feedback/", "/accounts/login/", "/receipts/", "/healthz"])
def test_what_belongs_to_one_reader_is_not_kept(address: str) -> None:
    Client().get(address)
    again = Client().get(address)
    assert "ETag" not in again
    assert "public" not in again.get("Cache-Control", "")


@pytest.mark.parametrize("trait", ["cookie", "token", "no-store"])
def test_nor_is_an_answer_with_a_trait_of_one_reader_whichever_view_gave_it(trait: str) -> None:
    request, response = RequestFactory().get("/roadmap/"), HttpResponse("a page")
    request.state = "a day and a version"
    if trait == "cookie":
        response.set_cookie("anything", "1")
    elif trait == "token":
        get_token(request)
    else:
        response["Cache-Control"] = "no-store"
    assert kept._made(request, response) is None


def test_somebody_with_a_message_waiting_gets_a_page_of_her_own() -> None:
    Client().get("/")
    reader = Client()
    reader.cookies["messages"] = "something signed"
    assert asked(reader, "/")[1] > 1


def test_addresses_that_somebody_makes_up_take_nothing_from_the_usual_ones() -> None:
    Client().get("/roadmap/")
    for number in range(OWN_MEMORY["asked"] + 20):
        Client().get("/roadmap/", {"x": number})
    Client().get("/api/v1/phases/", headers={"Accept": "application/json;q=0.31"})
    host = {"Host": "testserver:81"}
    assert Client().get("/roadmap/", headers=host).status_code == 200
    assert len(caches["asked"]._cache) <= OWN_MEMORY["asked"]
    assert len(caches["answers"]._cache) == 0  # the test's own host has no name in its header
    usual = {"Host": "testserver"}
    Client().get("/roadmap/", headers=usual)
    assert len(caches["answers"]._cache) == 1


def test_what_each_request_has_holds_for_what_is_kept() -> None:
    usual = {"Host": "testserver"}
    first, again = (Client().get("/", headers=usual) for _round in range(2))
    assert first["X-Request-Id"] != again["X-Request-Id"]
    given = Client().get("/", headers={**usual, "X-Request-Id": "a-number-of-mine"})
    assert given["X-Request-Id"] == "a-number-of-mine"
    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"):
        assert first[name] == again[name] != ""
    assert Client().get("/", headers={"Host": "evil.example"}).status_code == 400


def test_plain_http_is_sent_to_https_though_https_is_kept(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/", secure=True).status_code == 200
    assert Client().get("/").status_code == 301


def test_calls_of_the_api_are_counted_whoever_answers_them(monkeypatch: Any) -> None:
    monkeypatch.setattr(ClientThrottle, "THROTTLE_RATES", {"client": "3/min"})
    codes = [Client().get("/api/v1/phases/").status_code for _round in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.get("/api/v1/phases/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/en/", "/api/v1/progress/"])
def test_m52_who_asks_many_questions_of_her_own_is_slowed_and_reads_the_usual(
    monkeypatch: Any, address: str
) -> None:
    monkeypatch.setattr(ClientThrottle, "THROTTLE_RATES", {"client": None, "own": "3/min"})
    days = [{"as_of": f"2025-03-0{day}"} for day in (1, 1, 2, 3, 4, 1)]
    asked_for = [Client().get(address, day) for day in days]
    assert [each.status_code for each in asked_for] == [200, 200, 200, 200, 429, 200]
    assert asked_for[4]["Retry-After"] == "60"
    assert Client().get(address).status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get(address, days[4]).status_code == 200


def test_only_schools_that_are_made_up_show_on_every_page(wu_manager: User) -> None:
    real, trial = (District.objects.get(code=code) for code in ("500151", "500106"))
    assert "演示数据" not in words(Client().get("/roadmap/"))
    before, kind = version(), {"school_type": "小学", "ownership": "公办", "location": "城区"}
    create_school(district=real, code="2150015101", name="一小", by=wu_manager, **kind)
    assert version() == before
    load_register(district=trial, seed=1, years=1, size=9, by=None)
    assert "演示数据" in words(Client().get("/roadmap/"))


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """Served by two processes, with the reference data alone."""
    with database(tmp_path) as url:
        outside, port = environment(tmp_path, url, ""), free_port()
        with managing(outside) as manager:
            portal = Portal(f"http://127.0.0.1:{port}", "", outside, manager)
            portal.manage("migrate", "--verbosity=0")
            portal.manage("load_reference")
            with serving(portal, port):
                yield portal


WRITE = """
import datetime, django
django.setup()
from districts.models import District
from schedule.models import CertificationStep
from schedule.services.certifications import record_event
record_event(district=District.objects.get(code="500151"), by=None, result="started",
    step=CertificationStep.objects.get(year=2025, order=1), day=datetime.date(2026, 9, 1))
"""


def test_m71_what_is_written_shows_on_every_process(portal: Portal) -> None:
    """Each connection may meet another process; all of them have the old answer in store."""

    def tags(address: str) -> set[str]:
        found = set()
        for _round in range(12):
            connection = HTTPConnection(portal.origin.removeprefix("http://"), timeout=20)
            connection.request("GET", address)
            answer = connection.getresponse()
            assert answer.status == 200
            found.add(answer.headers["ETag"])
            connection.close()
        return found

    before = tags("/api/v1/certifications/"), tags("/")
    subprocess.run([sys.executable, "-c", WRITE], cwd=ROOT, env=portal.environment, check=True)
    after = tags("/api/v1/certifications/"), tags("/")
    assert [len(found) for found in (*before, *after)] == [1, 1, 1, 1]
    assert before[0] != after[0]
    assert before[1] != after[1]
