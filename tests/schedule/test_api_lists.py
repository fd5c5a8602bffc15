"""The lists over REST: read by everybody, recorded and corrected by managers, named by events."""

import json
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import User

LISTS, EVENTS = "/api/v1/lists/", "/api/v1/certifications/"
NEW = {
    "name": "演示名单",
    "year": 2025,
    "announced_on": "2026-03-02",
    "units_in_city": 2,
    "sources": ["https://example.org/list 演示来源"],
}
NAMED = {
    "district": "GXQ",
    "step_year": 2026,
    "step": "公布认定结果",
    "result": "certified",
    "date": "2026-01-12",
    "list": "2025年第一批",
    "source": "https://example.org/names",
}


@pytest.fixture
def wu(bearer: Any, wu_manager: User) -> Client:
    client: Client = bearer(wu_manager, "read", "write:plan")
    return client


def send(client: Client, address: str, seen: str = "", **body: Any) -> Any:
    verb = client.patch if seen else client.post
    headers = {"If-Match": seen} if seen else {}
    return verb(address, json.dumps(body), content_type="application/json", headers=headers)


def test_the_lists_say_number_names_and_sources(client: Client, reference: None) -> None:
    newest, older = client.get(LISTS).json()["results"]
    assert [newest["name"], newest["announced_on"], newest["known_on"]] == [
        "2025年第一批",
        "2026-01-12",
        "2026-01-12",
    ]
    assert [newest[name] for name in ("units_in_city", "units_named", "units_unnamed")] == [6, 0, 6]
    assert [newest["units_in_nation"], newest["document_number"]] == [326, ""]
    assert newest["date_note"] == "首次报道日;文件日期和文号待核"
    assert newest["sources"][0].startswith("https://reportify.ai/news/1208259650995228672 新浪财经")
    assert older["named_units"] == ["500106", "500107", "500108", "LJXQ"]
    assert [older["document_number"], older["units_unnamed"]] == ["教督函〔2025〕3号", 0]
    assert "recorded_by" not in newest
    table = client.get(LISTS, {"format": "csv", "year": "2024"}).content.decode("utf-8-sig")
    assert "500106;500107;500108;LJXQ" in table.splitlines()[1]
    assert client.get(LISTS, {"format": "xlsx"}).status_code == 200
    assert client.get(LISTS, {"from": "2026-01-13"}).json()["results"] == []


def test_a_manager_records_and_corrects_a_list(wu: Client, client: Client) -> None:
    made = send(wu, LISTS, **NEW)
    assert made.status_code == 201
    assert client.get("/api/v1/progress/").json()["certified_unnamed"] == 6 + 2
    assert send(wu, LISTS, **NEW).status_code == 422
    assert wu.patch(made["Location"], "{}", content_type="application/json").status_code == 428
    assert send(wu, made["Location"], made["ETag"], units_in_city=3).status_code == 422
    mended = send(wu, made["Location"], made["ETag"], units_in_city=3, reason="数错一个")
    assert [mended.status_code, mended.json()["units_in_city"]] == [200, 3]
    again = send(wu, made["Location"], made["ETag"], units_in_city=4, reason="又数错一个")
    assert again.status_code == 412
    assert Entry.objects.get(action="list.correct").changes == {"units_in_city": [2, 3]}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"announced_on": "2099-01-01"}, "/announced_on"),
        ({"units_in_city": "6"}, "/units_in_city"),
        ({"units_in_city": -1}, "/units_in_city"),
        ({"sources": []}, "/sources"),
        ({"sources": ["javascript:alert(1)"]}, "/sources"),
        ({"sources": ["https://a.example"] * 11}, "/sources"),
        ({"name": "2024年"}, "/name"),
        ({"named_units": ["GXQ"]}, "/named_units"),
    ],
)
def test_wrong_lists_are_pointed_at(wu: Client, change: Any, pointer: str) -> None:
    response = send(wu, LISTS, **{**NEW, **change})
    assert response.status_code == 422
    assert pointer in {error["pointer"] for error in response.json()["errors"]}


@pytest.mark.parametrize("who", ["chen_officer", "zhou_inspector", "he_auditor"])
def test_only_managers_write_lists(request: Any, signed_in: Any, who: str) -> None:
    assert send(signed_in(request.getfixturevalue(who)), LISTS, **NEW).status_code == 403


def test_an_event_names_a_unit_of_the_list(wu: Client, client: Client) -> None:
    """The step is asked for in 2026, which has none of its own: that of 2025 stands in."""
    said = send(wu, EVENTS, **NAMED)
    assert said.status_code == 201, said.content.decode()
    names = ("list", "list_year", "step_year")
    assert [said.json()[name] for name in names] == ["2025年第一批", 2025, 2025]
    progress = client.get("/api/v1/progress/").json()
    figures = [progress[name] for name in ("certified", "certified_named", "certified_unnamed")]
    assert figures == [10, 5, 5]
    assert client.get(LISTS).json()["results"][0]["named_units"] == ["GXQ"]
    unit = client.get("/api/v1/districts/GXQ/").json()
    assert [unit["status"], unit["certain"]] == ["certified", True]
    assert client.get("/api/v1/districts/500114/").json()["certain"] is False
    table = client.get("/api/v1/districts/?format=csv").content.decode("utf-8-sig")
    assert table.splitlines()[0].endswith("certain")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"list": "没有的名单"}, "/list"),
        ({"list": "2024年", "date": "2025-03-14"}, "/list"),
        ({"result": "passed"}, "/list"),
        ({"source": ""}, "/source"),
        ({"date": "2026-01-11"}, "/list"),
    ],
)
def test_wrong_names_are_pointed_at(wu: Client, change: Any, pointer: str) -> None:
    response = send(wu, EVENTS, **{**NAMED, **change})
    assert response.status_code == 422
    assert pointer in {error["pointer"] for error in response.json()["errors"]}
