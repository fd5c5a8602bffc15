"""``fields=``: every list and every member of one answers with what was asked for, and no more."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts.models import District, User
from districts.services.schools import create_school
from rest.documents import document
from selfchecks.models import SelfCheck
from tests.rest.described import faults_of_choice, row_of
from tests.selfchecks.conftest import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]  # fixtures

Operations = dict[str, dict[str, Any]]


@pytest.fixture
def choosing(db: None) -> Operations:
    return {
        path: item["get"]
        for path, item in document()["paths"].items()
        if any(each["name"] == "fields" for each in item.get("get", {}).get("parameters", ()))
    }


def rows_of(answer: Any) -> list[dict[str, Any]]:
    content = answer.json()
    rows: list[dict[str, Any]] = content.get("results", [content])
    return rows


def test_lists_and_details_offer_it(choosing: Operations) -> None:
    assert {"/api/v1/districts/", "/api/v1/districts/{code}/", "/api/v1/audit/"} <= set(choosing)
    assert len(choosing) > 35
    assert not [path for path in choosing if "/steps/" in path]


def test_each_member_alone(
    choosing: Operations, signed_in: Any, wu_manager: User, he_auditor: User, shapingba: District
) -> None:
    register(shapingba, wu_manager)
    reader, shown = signed_in(he_auditor), 0
    for path in (path for path in choosing if "{" not in path):
        names = list(row_of(document(), choosing[path])["properties"])
        for name in names:
            answer = reader.get(path, {"fields": name, "page_size": "3"})
            assert answer.status_code == 200, answer.content.decode()
            faults = faults_of_choice(document(), choosing[path], [name], answer.json())
            assert not faults, (path, name, faults)
            shown += bool(rows_of(answer))
        refused = reader.get(path, {"fields": f"{names[0]},nonsense"})
        assert refused.status_code == 400
        (error,) = refused.json()["errors"]
        assert error["parameter"] == "fields"
        assert all(name in error["detail"] for name in names), path
    assert shown > 80  # lists that have rows


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"id": 3}, "'name' is a required property"),
        ({"id": 3, "name": "一", "day": None}, "'day' was unexpected"),
        ({"id": "3", "name": "一"}, "'3' is not of type 'integer'"),
        ({"id": 3, "name": None}, "None is not of type 'string'"),
    ],
)
@pytest.mark.parametrize("path", ["/one/", "/page/"])
def test_the_rule_for_chosen_members_can_fail(path: str, row: Any, fault: str) -> None:
    kinds = {"id": {"type": "integer"}, "name": {"type": "string"}, "day": {"type": "null"}}
    one = {"properties": kinds, "required": list(kinds)}
    many = {"type": "array", "items": {"$ref": "#/components/schemas/One"}}
    page = {"properties": {"next": {}, "previous": {}, "results": many}}
    described = {"components": {"schemas": {"One": one, "Page": page}}}
    name, around = ("One", row) if path == "/one/" else ("Page", {"results": [row]})
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    operation = {"responses": {"200": {"content": content}}}
    (found,) = faults_of_choice(described, operation, ["id", "name"], around)
    assert fault in found
    right = {"id": 3, "name": "一"}
    well = right if path == "/one/" else {"results": [right]}
    assert not faults_of_choice(described, operation, ["id", "name"], well)


def register(district: District, by: User) -> None:
    named = {"name": "甲小学", "school_type": "小学", "ownership": "公办", "location": "城区"}
    create_school(district=district, by=by, code="5001060001", **named)


@pytest.mark.parametrize("rest", ["", "uploads/", "evaluations/", "evaluations/1/", "trail/"])
def test_a_self_check_and_what_belongs_to_it(
    rest: str, reach: Any, self_check: SelfCheck, signed_in: Any, zhou_inspector: User
) -> None:
    reach("submitted")
    reader = signed_in(zhou_inspector)
    path = f"/api/v1/self-checks/{self_check.reference}/{rest}"
    whole = rows_of(reader.get(path))[0]
    for name in whole:
        chosen = rows_of(reader.get(path, {"fields": name}))[0]
        assert chosen == {name: whole[name]}
    assert reader.get(path, {"fields": "nonsense"}).status_code == 400


def test_order_tables_and_pages_keep_to_it(client: Client, reference: None) -> None:
    path = "/api/v1/districts/"
    first = client.get(path, {"fields": "name,code", "page_size": "2"}).json()
    assert list(first["results"][0]) == ["code", "name"]
    second = client.get(first["next"]).json()
    assert list(second["results"][0]) == ["code", "name"]
    table = client.get(path, {"fields": "name,code", "format": "csv"}).content.decode("utf-8-sig")
    assert table.splitlines()[0] == "code,name"


@pytest.mark.parametrize("asked", ["name,", ",", " name", "name;code", "NAME", "name,name2"])
def test_what_cannot_be_read_is_refused(client: Client, reference: None, asked: str) -> None:
    assert client.get("/api/v1/phases/", {"fields": asked}).status_code == 400


def test_where_something_is_done_it_is_unknown(signed_in: Any, wu_manager: User) -> None:
    post = signed_in(wu_manager).post
    refused = post("/api/v1/schools/?fields=code", "{}", content_type="application/json")
    assert refused.status_code == 400


def test_what_is_not_asked_for_is_not_computed(
    client: Client, reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from improvement.api import practices

    def never(*given: Any) -> Any:
        raise AssertionError(given)

    monkeypatch.setattr(practices, "effects_of", never)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v1/practices/", {"fields": "id"}).status_code == 200
    assert len(asked) < 5
