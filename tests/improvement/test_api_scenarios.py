"""Scenarios over REST: what is sent is kept or refused at its place; reading is one's own."""

from typing import Any

import pytest

from districts.models import User
from improvement.models import Scenario
from selfchecks.models import SelfCheck
from selfchecks.services.evaluations import try_out

LIST = "/api/v1/self-checks/500106-2026/scenarios/"
PRIMARY, NINE = "2100001001", "2100001003"
MERGE = {"change": "merge", "school_code": PRIMARY, "into": NINE}


def send(client: Any, **said: Any) -> Any:
    return client.post(LIST, said, content_type="application/json")


@pytest.fixture
def client(priced: SelfCheck, chen_officer: User, bearer: Any) -> Any:
    return bearer(chen_officer, "read", "write:selfcheck")


def test_thought_of_read_and_changed(client: Any) -> None:
    made = send(client, name="合并", changes=[MERGE])
    assert made.status_code == 201, made.text
    assert made.json()["changes"] == [MERGE]
    address = made["Location"]
    found = client.get(address)
    assert (found.status_code, found["ETag"]) == (200, made["ETag"])
    body, kind = {"note": "再议"}, "application/json"
    assert client.patch(address, body, content_type=kind).status_code == 428
    changed = client.patch(address, body, content_type=kind, headers={"If-Match": made["ETag"]})
    assert (changed.status_code, changed.json()["note"]) == (200, "再议")
    late = client.patch(address, body, content_type=kind, headers={"If-Match": made["ETag"]})
    assert late.status_code == 412
    assert [row["name"] for row in client.get(LIST).json()["results"]] == ["合并"]


def test_what_cannot_be_made_is_refused_at_its_place(client: Any) -> None:
    answer = send(client, name="坏", changes=[MERGE, MERGE])
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/changes/1/school_code"
    assert "没有学校标识码为 2100001001 的学校" in error["detail"]
    assert send(client, name="坏", changes="merge").status_code == 422
    assert not Scenario.objects.exists()


def test_the_outcome_of_nothing_changed_is_the_real_one(client: Any, priced: SelfCheck) -> None:
    send(client, name="空")
    send(client, name="合并", changes=[MERGE])
    real = try_out(priced)
    assert real
    digests = [client.get(f"{LIST}{n}/evaluation/").json()["digest"] for n in (1, 2)]
    assert digests[0] == real.digest != digests[1]


def test_others_read_none_and_the_city_changes_none(
    client: Any, liu_officer: User, zhou_inspector: User, bearer: Any
) -> None:
    send(client, name="空")
    other = bearer(liu_officer, "read", "write:selfcheck")
    for path in (LIST, f"{LIST}1/", f"{LIST}1/evaluation/"):
        assert other.get(path).status_code == 404
    city = bearer(zhou_inspector, "read", "write:selfcheck")
    assert city.get(LIST).status_code == 200
    assert send(city, name="他").status_code == 403


def test_archived_restored_and_copied_over_the_api(client: Any) -> None:
    tag = send(client, name="合并", changes=[MERGE])["ETag"]
    steps, kind = f"{LIST}1/steps/", "application/json"

    def step(name: str, seen: str) -> Any:
        headers = {"If-Match": seen}
        return client.post(steps, {"step": name}, content_type=kind, headers=headers)

    assert client.get(steps).json() == {"steps": ["duplicate", "archive"]}
    assert client.post(steps, {"step": "archive"}, content_type=kind).status_code == 428
    archived = step("archive", tag)
    assert (archived.status_code, bool(archived.json()["archived_at"])) == (200, True)
    assert step("archive", tag).status_code == 412
    assert step("archive", archived["ETag"]).status_code == 409
    note = {"note": "再议"}
    late = client.patch(
        f"{LIST}1/", note, content_type=kind, headers={"If-Match": archived["ETag"]}
    )
    assert late.status_code == 409
    assert "请先恢复使用" in late.text
    copy = step("duplicate", archived["ETag"])
    assert (copy.json()["number"], copy.json()["archived_at"]) == (2, None)
    assert copy["Location"].endswith("/scenarios/2/")
    restored = step("restore", archived["ETag"])
    assert (restored.status_code, restored.json()["archived_at"]) == (200, None)
    assert step("vanish", restored["ETag"]).status_code == 422
