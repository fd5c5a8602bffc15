"""Urging and guidance over REST."""

from collections.abc import Callable
from typing import Any

import pytest

from districts.models import District, User
from tests.schedule.test_api_grants import send

pytestmark = pytest.mark.django_db
NEW = {
    "district": "500151",
    "kind": "urged",
    "group": "规划年份临近",
    "reason": "规划年份临近，差异系数偏高",
    "begun_on": "2026-06-01",
}
LIST = "/api/v1/guidance/"


@pytest.fixture
def inspector(zhou_inspector: User, bearer: Callable) -> Any:
    return bearer(zhou_inspector, "read", "write:plan")


def test_it_begins_is_noted_and_ends(
    inspector: Any, tongliang: District, liu_officer: User, bearer: Callable
) -> None:
    made = send(inspector, LIST, NEW)
    assert (made.status_code, made.json()["entries"]) == (201, [])
    assert send(inspector, LIST, NEW).status_code == 422  # one of a kind at a time
    address = f"{LIST}{made.json()['id']}/"
    said = {"kind": "agreed", "day": "2026-07-01", "words": "年底前补齐专用教室"}
    assert send(inspector, f"{address}entries/", said).status_code == 428
    noted = send(inspector, f"{address}entries/", said, made["ETag"])
    assert (noted.status_code, noted.json()["entries"][0]["words"]) == (201, said["words"])
    assert send(inspector, f"{address}entries/", said, made["ETag"]).status_code == 412
    assert len(inspector.get(f"{LIST}?open=true").json()["results"]) == 1
    last = {**said, "kind": "result", "words": "两所学校已经补齐"}
    ended = send(inspector, f"{address}entries/", last, noted["ETag"])
    assert ended.json()["ended_on"] == "2026-07-01"
    assert send(inspector, f"{address}entries/", said, ended["ETag"]).status_code == 409
    assert inspector.get(f"{LIST}?open=true").json()["results"] == []
    theirs = bearer(liu_officer, "read", "write:plan")
    assert len(theirs.get(address).json()["entries"]) == 2
    assert send(theirs, f"{address}entries/", said, ended["ETag"]).status_code == 403


def test_a_slip_makes_room_for_the_right_one(inspector: Any, tongliang: District) -> None:
    made = send(inspector, LIST, NEW)
    address = f"{LIST}{made.json()['id']}/"
    done = send(inspector, f"{address}void/", {"reason": "归错了类别"}, made["ETag"])
    assert (done.status_code, done.json()["void_reason"]) == (200, "归错了类别")
    said = {"kind": "visit", "day": "2026-07-01", "words": "到校查看专用教室"}
    assert send(inspector, f"{address}entries/", said, done["ETag"]).status_code == 409
    assert send(inspector, LIST, NEW).status_code == 201
