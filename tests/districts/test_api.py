"""The register of schools over REST: own district or city, strict bodies, seen before changed."""

import json
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import District, School, User
from districts.services.schools import create_school

SCHOOL = {
    "code": "5001060001",
    "name": "甲小学",
    "school_type": "小学",
    "ownership": "公办",
    "location": "城区",
}
LIST, DETAIL = "/api/v1/schools/", "/api/v1/schools/5001060001/"


def post(client: Client, **body: Any) -> Any:
    return client.post(LIST, json.dumps(body), content_type="application/json")


def patch(client: Client, seen: str = "*", path: str = DETAIL, **body: Any) -> Any:
    headers = {"If-Match": seen} if seen else {}
    return client.patch(path, json.dumps(body), content_type="application/json", headers=headers)


def pointers(response: Any) -> set[str]:
    assert response.status_code == 422, response.content.decode()
    return {error["pointer"] for error in response.json()["errors"]}


@pytest.fixture
def school(shapingba: District) -> School:
    return create_school(district=shapingba, by=None, **SCHOOL)


@pytest.fixture
def chen(bearer: Any, chen_officer: User) -> Client:
    client: Client = bearer(chen_officer, "read", "write:schools")
    return client


@pytest.fixture
def liu(bearer: Any, liu_officer: User) -> Client:
    client: Client = bearer(liu_officer, "read", "write:schools")
    return client


def test_officer_registers_a_school_of_the_own_district(chen: Client) -> None:
    response = post(chen, **SCHOOL)
    assert response.status_code == 201
    assert response["Location"] == f"http://testserver{DETAIL}"
    assert response.json()["district"] == "500106"
    entry = Entry.objects.get(action="school.create")
    assert [entry.actor, entry.district_code] == ["officer_500106", "500106"]


def test_another_districts_school_is_not_found(liu: Client, school: School) -> None:
    assert liu.get(LIST).json()["results"] == []
    assert liu.get(f"{LIST}?district=500106").json()["results"] == []
    assert liu.get(f"{LIST}?format=csv").content.count(b"\n") == 1
    assert liu.get(DETAIL).status_code == 404
    assert patch(liu, name="乙").status_code == 404


def test_nobody_registers_for_another_district(liu: Client) -> None:
    assert post(liu, **SCHOOL, district="500106").status_code == 403
    assert not School.objects.exists()


def test_a_school_is_not_moved_out_of_reach(chen: Client, school: School) -> None:
    assert patch(chen, district="500151").status_code == 403


def test_city_moves_a_school(bearer: Any, wu_manager: User, school: School) -> None:
    client = bearer(wu_manager, "write:schools")
    assert patch(client, district="500151").json()["district"] == "500151"


def test_token_narrowed_to_a_district_is_narrow(
    bearer: Any, wu_manager: User, tongliang: District, school: School
) -> None:
    narrow = bearer(wu_manager, "read", "write:schools", district=tongliang)
    assert narrow.get(DETAIL).status_code == 404
    assert post(narrow, **{**SCHOOL, "code": "5001060002"}, district="500106").status_code == 403


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [
        ("chen_officer", 200, 201),
        ("zhao_signatory", 200, 403),
        ("zhou_inspector", 200, 201),
        ("wu_manager", 200, 201),
        ("he_auditor", 200, 403),
    ],
)
def test_roles(request: Any, signed_in: Any, who: str, read: int, write: int) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(LIST).status_code == read
    assert post(client, **SCHOOL, district="500106").status_code == write


def test_scopes(bearer: Any, chen_officer: User, school: School) -> None:
    assert post(bearer(chen_officer, "read"), **SCHOOL).status_code == 403
    writer = bearer(chen_officer, "write:schools")
    assert writer.get(LIST).status_code == 403
    assert patch(writer, name="乙小学").status_code == 200


def test_anonymous_is_asked_to_sign_in(client: Client, school: School) -> None:
    assert client.get(LIST).status_code == 401
    assert post(client, **SCHOOL).status_code == 401


def test_session_needs_csrf(chen_officer: User, reference: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(chen_officer)
    assert post(client, **SCHOOL).status_code == 403


def test_change_needs_the_state_seen(chen: Client, school: School) -> None:
    seen = chen.get(DETAIL)["ETag"]
    assert patch(chen, "", name="乙小学").status_code == 428
    assert patch(chen, 'W/"x"', name="乙小学").status_code == 412
    changed = patch(chen, seen, name="乙小学")
    assert [changed.status_code, changed.json()["name"]] == [200, "乙小学"]
    assert changed["ETag"] != seen
    assert patch(chen, seen, name="丙小学").status_code == 412
    assert chen.get(DETAIL, headers={"If-None-Match": changed["ETag"]}).status_code == 304


def test_no_change_leaves_no_entry(chen: Client, school: School) -> None:
    assert patch(chen, name="甲小学").status_code == 200
    assert not Entry.objects.filter(action="school.update").exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"is_demo": True}, "/is_demo"),
        ({"district_name": "x"}, "/district_name"),
        ({"state": "x"}, "/state"),
        ({"a/b": 1}, "/a~1b"),
        ({"code": "500106001"}, "/code"),
        ({"code": 5001060001}, "/code"),
        ({"code": "五00一060001"}, "/code"),
        ({"name": 7}, "/name"),
        ({"name": None}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "长" * 81}, "/name"),
        ({"name": "a\u0000b"}, "/name"),
        ({"school_type": "大学"}, "/school_type"),
        ({"district": "999999"}, "/district"),
        ({"attached_to": "5001060009"}, "/attached_to"),
        ({"special_cases": []}, "/special_cases"),
        ({"special_cases": {"a": "b"}}, "/special_cases/a"),
        ({"valid_from": "2026-13-01"}, "/valid_from"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "/valid_to"),
    ],
)
def test_wrong_bodies_are_pointed_at(chen: Client, change: Any, pointer: str) -> None:
    assert pointer in pointers(post(chen, **{**SCHOOL, **change}))
    assert not School.objects.exists()


def test_code_is_unique_and_stays(chen: Client, school: School) -> None:
    assert pointers(post(chen, **SCHOOL)) == {"/code"}
    assert patch(chen, code="5001060009").status_code == 422


def test_a_null_character_is_named(chen: Client, school: School) -> None:
    assert patch(chen, name="a\0b").json()["detail"] == "「name」含有空字符（U+0000），不能保存。"


@pytest.mark.parametrize(
    ("seen", "status"),
    [("{0}", 200), ('"other", {0}', 200), ("W/{0}", 412), ('"other", "more"', 412), ("x", 400)],
)
def test_several_tags_and_weak_ones(chen: Client, school: School, seen: str, status: int) -> None:
    tag = chen.get(DETAIL)["ETag"]
    assert patch(chen, seen=seen.format(tag), name="新校名").status_code == status


def test_a_weak_tag_is_named_as_such(chen: Client, school: School) -> None:
    """Else a client behind a proxy that compresses would look for a change that nobody made."""
    refused = patch(chen, seen=f"W/{chen.get(DETAIL)['ETag']}", name="新校名").json()
    assert (refused["code"], "弱标签" in refused["detail"]) == ("weak_etag", True)


def test_an_end_before_the_beginning_is_said_in_words(chen: Client, school: School) -> None:
    response = patch(chen, valid_from="2026-02-01", valid_to="2026-01-01")
    assert pointers(response) == {"/valid_to"}
    assert response.json()["detail"] == "终止日应不早于起始日。"


def test_centre_of_another_district_is_unknown(
    chen: Client, tongliang: District, school: School
) -> None:
    far = create_school(district=tongliang, by=None, **{**SCHOOL, "code": "5001510001"})
    assert pointers(patch(chen, attached_to=far.code)) == {"/attached_to"}
    assert pointers(patch(chen, attached_to=school.code)) == {"/attached_to"}


def test_abolished_district_takes_no_school(bearer: Any, wu_manager: User) -> None:
    client = bearer(wu_manager, "write:schools")
    assert pointers(post(client, **SCHOOL, district="500105")) == {"/district"}
    assert pointers(post(client, **SCHOOL)) == {"/district"}


def test_table_cells_are_harmless(chen: Client, shapingba: District) -> None:
    create_school(district=shapingba, by=None, **{**SCHOOL, "name": "=HYPERLINK(1)"})
    assert b"'=HYPERLINK(1)" in chen.get(f"{LIST}?format=csv").content
