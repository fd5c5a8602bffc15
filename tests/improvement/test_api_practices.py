"""Practices over REST: everybody reads what is published, the unit and the city write."""

from typing import Any

import pytest
from django.test import Client

from districts.models import User
from improvement.models import Practice
from tests.improvement.test_practices import submitted, take

__all__ = ["submitted"]
LIST = "/api/v1/practices/"
NEW = {
    "district": "500106",
    "title": "片区联校教研",
    "problem": "骨干教师少。",
    "measure": "每周两天。",
    "indicators": ["A2", "B5"],
    "year_before": 2025,
    "year_after": 2026,
}


def send(client: Client, address: str, seen: str = "", verb: str = "post", **said: Any) -> Any:
    headers = {"If-Match": seen} if seen else {}
    return getattr(client, verb)(address, said, content_type="application/json", headers=headers)


@pytest.fixture
def chen(bearer: Any, chen_officer: User) -> Client:
    client: Client = bearer(chen_officer, "read", "write:selfcheck")
    return client


def test_written_changed_submitted_published(
    chen: Client, client: Client, bearer: Any, zhou_inspector: User
) -> None:
    made = send(chen, LIST, **NEW)
    assert made.status_code == 201, made.text
    said = made.json()
    assert (said["state"], said["indicators"]) == ("draft", ["A2", "B5"])
    assert said["effect"] == {
        "known": False,
        "before": None,
        "after": None,
        "verdicts": [],
        "coefficients": [],
    }
    address = made["Location"]
    assert send(chen, address, verb="patch", title="走教").status_code == 428
    changed = send(chen, address, made["ETag"], "patch", title="走教")
    assert (changed.status_code, changed.json()["title"]) == (200, "走教")
    assert client.get(LIST).json()["results"] == []
    assert client.get(address).status_code == 404
    steps = f"{LIST}{said['id']}/steps/"
    assert send(chen, steps, made["ETag"], step="submit").status_code == 412
    taken = send(chen, steps, changed["ETag"], step="submit")
    assert taken.json()["state"] == "submitted"
    assert send(chen, steps, taken["ETag"], step="publish").status_code == 403
    city = bearer(zhou_inspector, "read", "write:selfcheck")
    done = send(city, steps, taken["ETag"], step="publish")
    assert done.json()["state"] == "published"
    (row,) = client.get(LIST, {"q": "走教", "district": "500106", "indicator": "B5"}).json()[
        "results"
    ]
    assert row["title"] == "走教"
    assert "走教" in client.get(LIST, {"format": "csv"}).content.decode("utf-8-sig")
    assert client.get(LIST, {"indicator": "B"}).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"district": "000000"}, "/district"),
        ({"indicators": "A2"}, "/indicators"),
        ({"indicators": ["Z9"]}, "/indicators"),
        ({"year_after": "2026"}, "/year_after"),
        ({"year_before": 2026}, "/year_after"),
        ({"effect": {}}, "/effect"),
        ({"measure": "一" * 4001}, "/measure"),
    ],
)
def test_wrong_members_are_pointed_at(chen: Client, wrong: Any, pointer: str) -> None:
    answer = send(chen, LIST, **{**NEW, **wrong})
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


def test_others_neither_write_nor_take_steps(
    submitted: Practice, bearer: Any, liu_officer: User
) -> None:
    liu = bearer(liu_officer, "read", "write:selfcheck")
    assert send(liu, LIST, **NEW).status_code == 403
    assert send(liu, f"{LIST}{submitted.pk}/steps/", "*", step="submit").status_code == 404
    assert liu.get(f"{LIST}{submitted.pk}/").status_code == 404
    assert bearer(liu_officer).post(LIST, NEW, content_type="application/json").status_code == 403


def test_only_what_everybody_reads_may_be_kept_by_caches(
    submitted: Practice, client: Client, chen: Client, zhou_inspector: User
) -> None:
    take(submitted, "publish", zhou_inspector)
    assert client.get(LIST)["Cache-Control"].startswith("public")
    own = chen.get(LIST)
    assert "public" not in own.get("Cache-Control", "")
    assert "Access-Control-Allow-Origin" not in own
