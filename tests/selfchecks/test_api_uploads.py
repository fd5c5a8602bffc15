"""Workbooks over REST: template out, errors at their cells, kept, marked, explained, isolated."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import School, User
from selfchecks.models import SchoolRecord, SelfCheck, Upload
from tests.selfchecks.workbook_files import workbook

URL = "/api/v1/self-checks/500106-2026/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send(client: Client, content: bytes, query: str = "", **headers: str) -> Any:
    file = SimpleUploadedFile("自查.xlsx", content, XLSX)
    return client.post(f"{URL}uploads/{query}", {"file": file}, headers=headers or None)


@pytest.fixture
def client(self_check: SelfCheck, chen_officer: User, bearer: Any) -> Client:
    """陈静's program, with a token that may write self-checks."""
    found: Client = bearer(chen_officer, "read", "write:selfcheck")
    return found


def test_the_template_comes_back_filled_in_and_is_kept(
    client: Client, self_check: SelfCheck
) -> None:
    template = client.get(f"{URL}template/")
    assert template["Content-Type"] == XLSX
    assert template["Content-Disposition"].startswith("attachment")
    assert template.content.startswith(b"PK")
    answer = send(client, workbook(self_check))
    assert answer.status_code == 201, answer.content.decode()
    assert answer["Location"].endswith(f"{URL}uploads/1/")
    assert (answer.json()["status"], answer.json()["schools"]) == ("kept", 3)
    self_check.refresh_from_db()
    assert answer["ETag"] == f'"500106-2026.{self_check.version}"'
    assert SchoolRecord.objects.filter(self_check=self_check).count() == 3


def test_looking_first_keeps_nothing(client: Client, self_check: SelfCheck) -> None:
    answer = send(client, workbook(self_check), "?dry_run=true")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["number"]) == ("usable", None)
    assert not Upload.objects.exists()


def test_the_same_file_again_is_no_new_version(client: Client, self_check: SelfCheck) -> None:
    content = workbook(self_check)
    send(client, content)
    answer = send(client, content)
    assert (answer.status_code, answer.json()["status"]) == (200, "unchanged")
    assert Upload.objects.count() == 1


def test_errors_are_told_at_their_cells_and_marked(
    client: Client, self_check: SelfCheck, schools: list[School]
) -> None:
    bad = workbook(self_check, {(schools[0].code, "teachers"): "约32"})
    answer = send(client, bad, **{"Idempotency-Key": "first"})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "has_errors"
    (error,) = problem["errors"]
    assert (error["sheet"], error["cell"]) == ("学校数据", "Z4")
    assert "约32" in error["detail"]
    told = client.get(answer["Location"]).json()
    assert (told["status"], told["counts"]["error"]) == ("refused", 1)
    assert told["changes"] == {}  # an object as with a kept one, not the empty list
    assert told["findings"][0]["column"] == "teachers"
    assert (problem["number"], told["number"]) == (1, 1)
    marked = client.get(problem["marked"])
    assert marked.content.startswith(b"PK")
    assert not SchoolRecord.objects.exists()
    # The key of a refused request is free: the corrected file goes in under it, once.
    good = workbook(self_check)
    assert send(client, good, **{"Idempotency-Key": "first"}).status_code == 201
    again = send(client, good, **{"Idempotency-Key": "first"})
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert list(Upload.objects.values_list("number", "status")) == [(2, "kept"), (1, "refused")]


def test_warnings_are_explained(client: Client, self_check: SelfCheck, schools: Any) -> None:
    gap = workbook(self_check, {(schools[0].code, "art_rooms"): None})
    kept = send(client, gap).json()
    assert len(kept["unexplained"]) == 1
    address = f"{URL}uploads/1/"
    body = {"reasons": {kept["unexplained"][0]: "在建,明年启用"}}

    def explain(**headers: str) -> Any:
        return client.patch(address, body, content_type="application/json", headers=headers)

    assert explain().status_code == 428
    stale = explain(**{"If-Match": '"500106-2026.99"'})
    assert (stale.status_code, "陈静在 20" in stale.json()["detail"]) == (412, True)
    told = explain(**{"If-Match": client.get(address)["ETag"]})
    assert (told.status_code, told.json()["unexplained"]) == (200, [])
    assert client.get(address).json()["reasons"] == body["reasons"]
    stale = explain(**{"If-Match": '"500106-2026.99"'})
    assert "这份自查在 20" in stale.json()["detail"]  # a reason is in no trail
    body = {"reasons": {"no/thing": "x"}}
    unknown = explain(**{"If-Match": "*"})
    assert unknown.status_code == 422
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["/reasons/no~1thing"]


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ({}, 422, "none_selected"),
        ({"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7 x")}, 422, "wrong_type"),
        ({"file": SimpleUploadedFile("a.xlsx", b"x" * (5 * 1024 * 1024 + 1))}, 413, "too_big"),
        ({"file": SimpleUploadedFile("a.xlsx", b"x"), "district": "500151"}, 422, "unusable"),
    ],
)
def test_what_is_no_workbook_is_refused(
    client: Client, parts: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(f"{URL}uploads/", parts)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Upload.objects.exists()


def test_another_type_of_content_is_told_the_one_it_takes(
    client: Client, self_check: SelfCheck
) -> None:
    response = client.post(f"{URL}uploads/", "{}", content_type="application/json")
    assert response.status_code == 415
    assert response.json()["detail"] == "请用 Content-Type: multipart/form-data 发送。"


def test_who_may_send(
    self_check: SelfCheck,
    bearer: Any,
    chen_officer: User,
    zhao_signatory: User,
    liu_officer: User,
    zhou_inspector: User,
) -> None:
    content = workbook(self_check)
    reading = bearer(chen_officer, "read")
    assert send(reading, content).status_code == 403
    assert send(bearer(zhao_signatory, "read", "write:selfcheck"), content).status_code == 403
    assert send(bearer(zhou_inspector, "read", "write:selfcheck"), content).status_code == 403
    assert send(bearer(liu_officer, "read", "write:selfcheck"), content).status_code == 404
    assert send(Client(), content).status_code == 401


def test_nothing_goes_in_once_it_is_out_of_hand(reach: Any, client: Client, schools: Any) -> None:
    self_check = reach("submitted")
    changed = workbook(self_check, {(schools[0].code, "teachers"): 33})
    for query in ("", "?dry_run=true"):
        answer = send(client, changed, query)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_editable")
    assert send(client, changed, **{"If-Match": '"500106-2026.1"'}).status_code == 412


def test_a_file_name_in_gbk_gets_a_sentence(client: Client, self_check: SelfCheck) -> None:
    """Django leaves such a part out; "no file was chosen" would be the wrong cause."""
    head = 'Content-Disposition: form-data; name="file"; filename="自查.xlsx"'.encode("gbk")
    body = b"--x\r\n" + head + b"\r\n\r\n" + workbook(self_check) + b"\r\n--x--\r\n"
    answer = client.generic("POST", f"{URL}uploads/", body, "multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "UTF-8" in answer.json()["detail"]
    none = client.generic("POST", f"{URL}uploads/", b"--x--\r\n", "multipart/form-data; boundary=x")
    assert none.status_code == 422


def test_files_are_answered_to_clients_that_name_other_types(
    client: Client, self_check: SelfCheck
) -> None:
    for accept, kind in (("application/problem+json", XLSX), ("application/octet-stream",) * 2):
        template = client.get(f"{URL}template/", headers={"Accept": accept})
        assert (template.status_code, template["Content-Type"]) == (200, kind)
        assert template.content.startswith(b"PK")
