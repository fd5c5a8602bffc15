"""Support and accountability over REST, and taking back what was recorded wrongly."""

from collections.abc import Callable
from typing import Any

import pytest

from districts.models import District, User
from schedule.models import Consequence
from tests.schedule.outcomes import DOCUMENT, WHY
from tests.schedule.test_api_grants import manager, send

__all__ = ["manager"]
pytestmark = pytest.mark.django_db
NEW = {
    "district": "500151",
    "kind": "support",
    "day": "2026-06-01",
    "ground": WHY,
    "document_number": DOCUMENT,
}
LIST = "/api/v1/consequences/"


def test_recorded_and_read_by_the_unit(
    manager: Any,
    tongliang: District,
    liu_officer: User,
    chen_officer: User,
    zhou_inspector: User,
    bearer: Callable,
) -> None:
    inspector = bearer(zhou_inspector, "read", "write:plan")
    assert send(inspector, LIST, NEW).status_code == 403
    made = send(manager, LIST, NEW)
    assert (made.status_code, made.json()["form"], made.json()["grant"]) == (201, "", None)
    (row,) = bearer(liu_officer).get(f"{LIST}?kind=support").json()["results"]
    assert (row["district"], row["ground"], row["voided_at"]) == ("500151", WHY, None)
    assert bearer(chen_officer).get(LIST).json()["results"] == []
    assert bearer(chen_officer).get(made["Location"]).status_code == 404
    wrong = send(manager, LIST, {**NEW, "form": "talk"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/form")
    unknown = send(manager, LIST, {**NEW, "grant": 987654})
    assert unknown.json()["errors"][0]["pointer"] == "/grant"


def test_a_slip_is_voided_and_stays(manager: Any, tongliang: District) -> None:
    made = send(manager, LIST, NEW)
    address = f"{LIST}{made.json()['id']}/void/"
    assert send(manager, address, {"reason": "录到了别的区县"}).status_code == 428
    assert send(manager, address, {"reason": "错"}, made["ETag"]).status_code == 422
    done = send(manager, address, {"reason": "录到了别的区县"}, made["ETag"])
    assert (done.status_code, done.json()["void_reason"]) == (200, "录到了别的区县")
    assert send(manager, address, {"reason": "再作废一次"}, made["ETag"]).status_code == 412
    assert send(manager, address, {"reason": "再作废一次"}, done["ETag"]).status_code == 409
    assert Consequence.objects.get().ground == WHY
