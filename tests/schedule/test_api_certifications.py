"""Certification events over REST: facts with sources, corrected but never rewritten."""

import json
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import User
from schedule.models import CertificationEvent

LIST = "/api/v1/certifications/"
STARTED = {
    "district": "500151",
    "step_year": 2025,
    "step": "区县自评",
    "result": "started",
    "date": "2025-09-01",
}
CERTIFIED = {
    **STARTED,
    "step": "公布认定结果",
    "result": "certified",
    "date": "2026-06-01",
    "document_number": "试验文号",
    "source": "https://example.org/list",
}


@pytest.fixture
def wu(bearer: Any, wu_manager: User) -> Client:
    client: Client = bearer(wu_manager, "read", "write:plan")
    return client


def post(client: Client, **body: Any) -> Any:
    return client.post(LIST, json.dumps(body), content_type="application/json")


def patch(client: Client, address: str, seen: str, **body: Any) -> Any:
    headers = {"If-Match": seen} if seen else {}
    return client.patch(address, json.dumps(body), content_type="application/json", headers=headers)


def test_the_four_public_certifications(client: Client, reference: None) -> None:
    rows = client.get(f"{LIST}?result=certified&list_year=2024").json()["results"]
    assert {row["district"] for row in rows} == {"500106", "500107", "500108", "LJXQ"}
    assert {row["date"] for row in rows} == {"2025-03-14"}
    assert all(row["document_number"] and row["source"] for row in rows)
    assert "recorded_by" not in rows[0]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?district=500106", 1),
        ("?from=2025-03-14&to=2025-03-14", 4),
        ("?from=2025-03-15", 3),
        ("?to=2025-03-13", 0),
        ("?result=revoked", 0),
    ],
)
def test_filters(client: Client, reference: None, query: str, rows: int) -> None:
    assert len(client.get(LIST + query).json()["results"]) == rows


@pytest.mark.parametrize("query", ["?from=x", "?to=2026-02-30", "?result=won", "?list_year=-1"])
def test_unusable_filters(client: Client, reference: None, query: str) -> None:
    response = client.get(LIST + query)
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == query[1:].partition("=")[0]


def test_manager_records_an_event(wu: Client, client: Client) -> None:
    response = post(wu, **STARTED)
    assert response.status_code == 201
    assert client.get(response["Location"]).json() == response.json()
    assert client.get("/api/v1/districts/500151/").json()["status"] == "reviewing"
    assert Entry.objects.filter(action="certification.record", district_code="500151").exists()
    assert post(wu, **STARTED).status_code == 409


def test_a_new_certification_counts(wu: Client, client: Client) -> None:
    assert post(wu, **CERTIFIED).status_code == 201
    # Beside the six that the list of 12 January leaves unnamed.
    years = client.get("/api/v1/progress/?as_of=2026-06-01").json()["years"]
    assert years[2026 - 2022]["cumulative_certified"] == 5 + 6
    years = client.get("/api/v1/progress/?as_of=2026-05-31").json()["years"]
    assert years[2026 - 2022]["cumulative_certified"] == 4 + 6


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"district": "999999"}, "/district"),
        ({"district": "500105", "date": "2026-01-01"}, "/district"),
        ({"step": "没有的环节"}, "/step"),
        ({"step_year": "2025"}, "/step_year"),
        ({"result": "won"}, "/result"),
        ({"date": "2099-01-01"}, "/date"),
        ({"date": "1 September"}, "/date"),
        ({"source": "javascript:alert(1)"}, "/source"),
        ({"list_year": 10**30}, "/list_year"),
        ({"recorded_at": "2020-01-01"}, "/recorded_at"),
        ({"step": "区县自评", "result": "certified"}, "/step"),
        ({"step": "公布认定结果", "result": "certified"}, "/source"),
    ],
)
def test_wrong_events_are_pointed_at(wu: Client, change: Any, pointer: str) -> None:
    response = post(wu, **{**STARTED, **change})
    assert response.status_code == 422
    assert pointer in {error["pointer"] for error in response.json()["errors"]}
    assert CertificationEvent.objects.count() == 4 + 3


def test_correction_needs_reason_and_the_state_seen(wu: Client) -> None:
    address = post(wu, **STARTED)["Location"]
    seen = wu.get(address)["ETag"]
    assert patch(wu, address, "", note="补", reason="漏填").status_code == 428
    assert patch(wu, address, seen, note="补").status_code == 422
    assert patch(wu, address, seen, date="2025-09-02", reason="改").status_code == 422
    corrected = patch(wu, address, seen, note="补", reason="漏填")
    assert [corrected.status_code, corrected.json()["note"]] == [200, "补"]
    assert patch(wu, address, seen, note="再", reason="漏填").status_code == 412
    assert Entry.objects.get(action="certification.correct").reason == "漏填"


@pytest.mark.parametrize(
    ("who", "status"),
    [("chen_officer", 403), ("zhou_inspector", 403), ("he_auditor", 403), ("wu_manager", 201)],
)
def test_only_managers_write(request: Any, signed_in: Any, who: str, status: int) -> None:
    assert post(signed_in(request.getfixturevalue(who)), **STARTED).status_code == status


def test_steps_are_listed(client: Client, reference: None) -> None:
    rows = client.get("/api/v1/certification-steps/").json()["results"]
    names = [row["name"] for row in rows if row["year"] == 2025]
    assert names[0] == "区县自评"
    assert "集中汇审" in names
