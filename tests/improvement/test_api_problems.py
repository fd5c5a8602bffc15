"""The ledger over REST: each its own, with tags, strict bodies and the steps that are open."""

from typing import Any

import pytest
from django.test import Client

from districts.models import District, User
from improvement.models import Problem
from improvement.services.ledger import found

LIST = "/api/v1/problems/"


@pytest.fixture
def problem(shapingba: District, tongliang: District, zhou_inspector: User) -> Problem:
    """The one of 沙坪坝区; another is of 铜梁区."""
    about = {"by": zhou_inspector, "source": "visit", "indicator": "B10"}
    found(district=tongliang, key="other", words="缺名单", **about)  # type: ignore[arg-type]
    return found(district=shapingba, key="own", words="缺录像", **about)  # type: ignore[arg-type]


@pytest.fixture
def chen(bearer: Any, chen_officer: User) -> Client:
    client: Client = bearer(chen_officer, "read", "write:selfcheck")
    return client


def send(client: Client, address: str, seen: str = "", verb: str = "post", **said: Any) -> Any:
    headers = {"If-Match": seen} if seen else {}
    return getattr(client, verb)(address, said, content_type="application/json", headers=headers)


def test_a_list_of_ones_own(chen: Client, problem: Problem) -> None:
    rows = chen.get(LIST, {"indicator": "B10", "state": "open"}).json()["results"]
    assert [(row["id"], row["words"], row["late"]) for row in rows] == [
        (problem.pk, "缺录像", False)
    ]
    assert chen.get(LIST, {"state": "gone"}).status_code == 400
    assert chen.get(f"{LIST}{problem.pk - 1}/").status_code == 404


def test_arranged_taken_on_and_told(chen: Client, problem: Problem) -> None:
    address = f"{LIST}{problem.pk}/"
    read = chen.get(address)
    assert [entry["step"] for entry in read.json()["history"]] == ["find"]
    assert send(chen, address, verb="patch", owner="王主任").status_code == 428
    said = {"owner": "王主任", "due_on": "2099-12-31"}
    changed = send(chen, address, read["ETag"], "patch", **said)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["owner"], changed.json()["due_on"]) == ("王主任", "2099-12-31")
    steps = f"{address}steps/"
    offered = {row["step"]: row["is_open"] for row in chen.get(steps).json()["steps"]}
    assert offered == {"take_on": True, "void": False}
    assert send(chen, steps, read["ETag"], step="take_on").status_code == 412
    taken = send(chen, steps, changed["ETag"], step="take_on")
    assert (taken.status_code, taken.json()["state"]) == (200, "working")
    assert send(chen, steps, taken["ETag"], step="claim").status_code == 422
    assert send(chen, steps, taken["ETag"], step="close", comment="好").status_code == 403


def test_what_nobody_knows_is_refused(chen: Client, problem: Problem) -> None:
    address = f"{LIST}{problem.pk}/"
    tag = chen.get(address)["ETag"]
    answer = send(chen, address, tag, "patch", state="closed")
    assert answer.status_code in {400, 422}
    assert Problem.objects.get(pk=problem.pk).state == "open"
