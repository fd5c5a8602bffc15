"""A visit over REST: drawn, walked, ended and taken back, as on its pages."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Entry
from audit.verification import differences_of_rows
from districts.models import School, User
from improvement.models import Finding, Problem, Visit
from tests.improvement.visiting.conftest import MORNING, PNG

LIST = "/api/v1/visits/"
DAY = MORNING.date().isoformat()


@pytest.fixture
def inspector(zhou_inspector: User, bearer: Any) -> Any:
    return bearer(zhou_inspector, "read", "write:selfcheck")


def send(client: Any, address: str, body: Any, tag: str = "") -> Any:
    told = {"If-Match": tag} if tag else {}
    return client.post(address, body, content_type="application/json", headers=told)


def test_the_design_is_looked_at_before_it_is_drawn_from(
    inspector: Any, schools: list[School], chen_officer: User, bearer: Any
) -> None:
    asked = {"district": "500106", "count": 2}
    shown = send(inspector, f"{LIST}?dry_run=true", asked)
    assert shown.status_code == 200
    assert {each["chance"] for each in shown.json()["candidates"]} == {"2/3"}
    assert not Visit.objects.exists()
    other = send(inspector, LIST, {**asked, "seen": "0" * 64})
    assert other.status_code == 412
    drawn = send(inspector, LIST, {**asked, "seen": shown.json()["digest"]})
    assert (drawn.status_code, drawn.json()["state"]) == (201, "drawn")
    assert inspector.get(drawn["Location"])["ETag"] == drawn["ETag"]
    assert send(inspector, LIST, asked).status_code == 409  # one is under way
    own = bearer(chen_officer, "read", "write:selfcheck")
    assert send(own, LIST, asked).status_code == 403


def test_a_visit_from_school_to_end_and_back(inspector: Any, visit: Visit) -> None:
    address = f"{LIST}{visit.pk}/"
    one, other = visit.sample.schools
    at = f"{address}schools/{one}/"
    tag = inspector.get(at)["ETag"]
    said = {"visited_on": DAY, "words": "看了教室和台账"}
    assert send(inspector, at, said).status_code == 428
    kept = send(inspector, at, said, tag)
    assert (kept.status_code, kept.json()["visited_on"]) == (200, DAY)
    assert send(inspector, at, said, tag).status_code == 412
    assert send(inspector, at, {**said, "words": "也看了操场"}, kept["ETag"]).status_code == 200
    figure = {"kind": "figure", "words": "多媒体教室少于报送的数"}
    refused = send(inspector, f"{at}findings/", figure)
    assert {each["pointer"] for each in refused.json()["errors"]} == {"/reported", "/found"}
    told = {**figure, "reported": "24 间", "found": "22 间"}
    assert send(inspector, f"{at}findings/", told).status_code == 201
    slip = {"kind": "evidence", "words": "台账没有签字"}
    assert send(inspector, f"{at}findings/", slip).status_code == 201
    assert send(inspector, f"{at}findings/2/removal/", {}).status_code == 200
    assert Finding.objects.filter(removed_at=None).count() == 1
    missed = f"{address}schools/{other}/"
    reason = {"words": "道路塌方，没有到校"}
    assert send(inspector, missed, reason, inspector.get(missed)["ETag"]).status_code == 200
    steps = inspector.get(f"{address}steps/")
    assert steps.json() == {"state": "visiting", "steps": ["finish", "cancel"]}
    end = {"step": "finish", "words": "总体真实"}
    done = send(inspector, f"{address}steps/", end, steps["ETag"])
    assert (done.status_code, done.json()["words"]) == (200, "总体真实")
    assert Problem.objects.get().words == "多媒体教室少于报送的数"
    back = {"step": "take_back", "words": "记错了学校"}
    assert send(inspector, f"{address}steps/", back, steps["ETag"]).status_code == 412
    mended = send(inspector, f"{address}steps/", back, done["ETag"])
    assert (mended.status_code, mended.json()["state"]) == (200, "visiting")


def test_a_school_that_was_not_drawn_is_not_there(
    inspector: Any, visit: Visit, schools: list[School]
) -> None:
    (left_out,) = {school.code for school in schools} - {*visit.sample.schools}
    address = f"{LIST}{visit.pk}/schools/{left_out}/"
    assert inspector.get(address).status_code == 404
    slip = {"kind": "evidence", "words": "台账没有签字"}
    assert send(inspector, f"{address}findings/", slip).status_code == 404


def test_photos_are_added_while_the_visit_lasts(
    inspector: Any, visit: Visit, school: str, chen_officer: User, bearer: Any
) -> None:
    address = f"{LIST}{visit.pk}/schools/{school}/findings/"
    send(inspector, address, {"kind": "evidence", "words": "台账没有签字"})
    photos = f"{address}1/photos/"

    def add(content: bytes, client: Any = inspector) -> Any:
        return client.post(photos, {"file": SimpleUploadedFile("操场.png", content)})

    for _time in range(2):  # the same one is kept once
        added = add(PNG)
        assert added.status_code == 201, added.text
    (found,) = [each for each in added.json()["schools"] if each["code"] == school]
    assert [len(each["photos"]) for each in found["findings"]] == [1]
    assert add(b"%PDF-1.7").status_code == 422
    own = bearer(chen_officer, "read", "write:selfcheck")
    assert add(PNG, own).status_code == 403
    assert inspector.post(photos, {"picture": "x"}).status_code == 422
    for number in range(9):
        assert add(PNG + bytes([number])).status_code == 201
    assert add(PNG + b"x").json()["errors"][0]["pointer"] == "/file"
    send(inspector, f"{address}1/removal/", {})
    assert add(PNG).status_code == 409
    assert Entry.objects.filter(action="finding.photo").count() == 10
    assert not list(differences_of_rows())
