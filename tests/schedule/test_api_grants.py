"""Grants over REST: read by who answers for the unit, issued and decided by a manager."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from districts.models import District, User
from schedule.models import Grant
from tests.schedule.outcomes import DOCUMENT, issue

pytestmark = pytest.mark.django_db
NEW = {
    "district": "500151",
    "amount": "300000.00",
    "issued_on": "2024-02-29",
    "purpose": "创建奖补(演示)",
    "document_number": DOCUMENT,
}


@pytest.fixture
def manager(wu_manager: User, bearer: Callable) -> Any:
    return bearer(wu_manager, "read", "write:plan")


def send(client: Any, address: str, body: Any, tag: str = "", **headers: str) -> Any:
    told = {"If-Match": tag, **headers} if tag else headers
    return client.post(address, body, content_type="application/json", headers=told)


def test_grants_with_their_day_and_state(
    liu_officer: User, chen_officer: User, wu_manager: User, bearer: Callable
) -> None:
    grant = issue(liu_officer.district, wu_manager)
    row = bearer(liu_officer).get(f"/api/v1/grants/{grant.pk}/").json()
    assert (row["amount"], row["document_number"]) == ("1200000.00", DOCUMENT)
    assert (row["due_on"], row["state"], row["recovered"]) == ("2027-02-28", "soon", "0.00")
    assert len(bearer(wu_manager).get("/api/v1/grants/").json()["results"]) == 1
    assert bearer(chen_officer).get(f"/api/v1/grants/{grant.pk}/").status_code == 404
    assert bearer(wu_manager).get("/api/v1/grants/?format=csv").status_code == 200


def test_a_manager_issues_once(
    manager: Any, zhou_inspector: User, tongliang: District, bearer: Callable
) -> None:
    inspector = bearer(zhou_inspector, "read", "write:plan")
    assert send(inspector, "/api/v1/grants/", NEW).status_code == 403
    key = {"Idempotency-Key": "one"}
    made = send(manager, "/api/v1/grants/", NEW, **key)
    assert (made.status_code, made.json()["due_on"]) == (201, "2027-02-28")
    assert manager.get(made["Location"]).json()["decisions"] == []
    again = send(manager, "/api/v1/grants/", NEW, **key)
    assert (again.status_code, again.json(), Grant.objects.count()) == (201, made.json(), 1)
    refused = send(manager, "/api/v1/grants/", {**NEW, "amount": "0", "issued_on": "2099-01-01"})
    assert refused.status_code == 422
    nobody = send(manager, "/api/v1/grants/", {**NEW, "district": "999999"})
    assert nobody.json()["errors"][0]["pointer"] == "/district"


def test_a_decision_needs_what_was_read(
    manager: Any, wu_manager: User, tongliang: District
) -> None:
    grant = issue(tongliang, wu_manager)
    address = f"/api/v1/grants/{grant.pk}/"
    tag = manager.get(address)["ETag"]
    longer = {
        "kind": "extend",
        "day": "2026-06-01",
        "document_number": "演示函〔2026〕3号",
        "reason": "校舍工期顺延，经市级研究同意",
        "due_on": "2028-02-29",
    }
    assert send(manager, f"{address}decisions/", longer).status_code == 428
    done = send(manager, f"{address}decisions/", longer, tag)
    assert (done.status_code, done.json()["due_on"]) == (201, "2028-02-29")
    assert done.json()["decisions"][0]["document_number"] == "演示函〔2026〕3号"
    again = send(manager, f"{address}decisions/", {**longer, "due_on": "2029-02-28"}, tag)
    assert again.status_code == 412
    early = {**longer, "kind": "recover", "amount": "1.00"}
    del early["due_on"]
    assert send(manager, f"{address}decisions/", early, done["ETag"]).status_code == 409
    grant.refresh_from_db()
    assert [each.due_on for each in grant.decisions.all()] == [date(2028, 2, 29)]
