"""What the API says about itself is complete, true, and can be copied and run."""

import builtins
import json
import re
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from chongqing_eval.compression import codings_of
from districts.models import User
from districts.models.user import SCOPES
from figures.table import DISTRICT_ITEMS, SCHOOL_FIELDS
from rest.guide import chapters
from rest.problems import KINDS
from selfchecks.services.opening import set_deadline
from tests.selfchecks.conftest import DUE_ON, FILL_FROM

ORIGIN = "http://testserver"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES = "application/octet-stream"


@pytest.fixture
def document(client: Client, reference: None) -> dict[str, Any]:
    content: dict[str, Any] = client.get("/api/v1/schema/").json()
    return content


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, facts)
        for path, item in document["paths"].items()
        for method, facts in item.items()
    ]


WITHOUT_BODY = {"/api/v1/visits/{id}/schools/{school}/findings/{number}/removal/"}
# Their examples speak of messages and schools; the guide's test sends them where they are.
OF_ROWS = {"/api/v1/feedback/set-aside/", "/api/v1/visits/"}


def test_document_is_valid_openapi_31(document: dict[str, Any], capfd: Any) -> None:
    assert document["openapi"] == "3.1.0"
    validate_schema(document)
    assert "Warning" not in capfd.readouterr().err


def test_every_security_scheme_is_defined(document: dict[str, Any]) -> None:
    """The JSON Schema of OpenAPI cannot see that a name leads nowhere."""
    schemes = document["components"]["securitySchemes"]
    used = {n for _p, _m, facts in operations(document) for auth in facts["security"] for n in auth}
    assert used == set(schemes) == {"bearer", "session"}
    assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")
    place = {name: schemes["session"][name] for name in ("type", "in", "name")}
    assert place == {"type": "apiKey", "in": "cookie", "name": "sessionid"}
    assert document["servers"] == [{"url": "/"}]


def test_every_operation_has_sentence_tag_and_problems(document: dict[str, Any]) -> None:
    for path, method, facts in operations(document):
        assert re.search(r"[\u4e00-\u9fff]", facts["summary"]), path
        assert re.search(r"[\u4e00-\u9fff]", facts["tags"][0]), path
        for status in ("400", "429", "500"):
            assert list(facts["responses"][status]["content"]) == ["application/problem+json"]
        if method != "get":
            assert facts["security"][0]["bearer"], path
            asks = path not in WITHOUT_BODY
            contents = facts["requestBody"]["content"] if asks else {"multipart/form-data": {}}
            is_form = list(contents) == ["multipart/form-data"]  # its example is a file
            assert is_form or contents["application/json"]["examples"], path
        if method == "patch":
            assert {"412", "428"} <= set(facts["responses"])


def test_request_bodies_take_nothing_unknown(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    requests = {name: schema for name, schema in schemas.items() if name.endswith("Request")}
    assert len(requests) >= 6
    assert all(schema["additionalProperties"] is False for schema in requests.values())


def test_values_have_names_that_programs_can_use(document: dict[str, Any]) -> None:
    """Values of any script are fine, their names in generated code are not."""
    lists = list(with_values(document))
    for schema in lists:
        names = schema.get("x-enum-varnames", schema["enum"])
        assert len(names) == len(schema["enum"])
        assert all(re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) for name in names), schema
    schemas = document["components"]["schemas"]
    named = {
        value: name
        for s in lists
        for value, name in zip(s["enum"], s.get("x-enum-varnames", ()), strict=False)
    }
    assert (named["小学"], named["乡村"], named[">="]) == ("PRIMARY", "RURAL", "AT_LEAST")
    asked = document["paths"]["/api/v1/schools/"]["get"]["parameters"]
    (location,) = (each["schema"] for each in asked if each["name"] == "location")
    assert location == {"$ref": "#/components/schemas/LocationEnum"}
    assert schemas["LocationEnum"]["enum"] == ["城区", "镇区", "乡村"]


def test_shapes_shadow_nothing_in_generated_code(document: dict[str, Any]) -> None:
    """A shape called List took the place of Python's own: nothing could be imported any more."""
    taken = {*typing.__all__, *dir(builtins), "Blob", "Date", "File", "Map", "Promise", "Response"}
    assert not taken & set(document["components"]["schemas"])


def with_values(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict) and isinstance(part.get("enum"), list):
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from with_values(inner)


def test_files_are_declared_as_bytes(document: dict[str, Any]) -> None:
    binary = {"schema": {"type": "string", "format": "binary"}}
    template = document["paths"]["/api/v1/self-checks/{reference}/template/"]["get"]
    assert template["responses"]["200"]["content"] == {XLSX: binary, BYTES: binary}
    contents = document["paths"]["/api/v1/audit/"]["get"]["responses"]["200"]["content"]
    assert contents[XLSX] == binary
    assert contents["text/csv"] == {"schema": {"type": "string"}}


def test_what_may_be_unknown_may_be_null(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    kinds = [each["$ref"] for each in schemas["OutcomeUnit"]["properties"]["verdict"]["oneOf"]]
    assert kinds == ["#/components/schemas/VerdictEnum", "#/components/schemas/NullEnum"]
    assert schemas["NullEnum"] == {"type": "null"}


def test_every_scope_that_is_offered_opens_something(document: dict[str, Any]) -> None:
    needed = {
        s
        for _p, _m, facts in operations(document)
        for a in facts["security"]
        for s in a.get("bearer", ())
    }
    assert needed == set(SCOPES)


def test_document_says_it_in_english_too(client: Client, db: None) -> None:
    response = client.get("/api/v1/schema/", headers={"Accept-Language": "en"})
    assert response["Content-Language"] == "en"
    assert response.json()["openapi"] == "3.1.0"


def test_index_leads_to_both(client: Client, db: None) -> None:
    index = client.get("/api/v1/").json()
    collections = index.pop("collections")
    for address in index.values():
        assert client.get(address).status_code == 200
    assert collections["self-checks"] == f"{ORIGIN}/api/v1/self-checks/"
    assert {"districts", "schools", "progress", "certifications"} <= set(collections)
    assert "evaluate" not in collections


def test_page_shows_every_operation_and_problem(client: Client, document: Any) -> None:
    response = client.get("/api/v1/docs/")
    html = response.content.decode()
    assert response.status_code == 200
    for _path, _method, facts in operations(document):
        assert f'id="{facts["operationId"]}"' in html
    assert all(f'id="problem-{status}"' in html for status in KINDS)
    assert "<script" not in html
    assert "style=" not in html


def test_what_answers_are_made_of_is_a_page_of_its_own(client: Client, document: Any) -> None:
    """Each within the 60 KB of a public page, as browsers ask for it."""
    for start in ("", "/en"):
        pages = [client.get(start + page) for page in ("/api/v1/docs/", "/api/v1/docs/shapes/")]
        assert all(len(codings_of(page)["br"]) <= 60 * 1024 for page in pages)
        html = "".join(page.content.decode() for page in pages)
        linked = re.findall(rf'href="{start}/api/v1/docs/shapes/#(shape-\w+)"', html)
        assert set(linked) <= set(re.findall(r'id="(shape-\w+)"', pages[1].content.decode()))
        assert len(set(linked)) >= 50


def test_page_says_how_to_begin(client: Client, document: Any) -> None:
    html = client.get("/api/v1/docs/").content.decode()
    for scope in SCOPES:
        assert f"<code>{scope}</code>" in html
    for field in (*SCHOOL_FIELDS, *DISTRICT_ITEMS):
        assert f"<code>{field.code}</code>" in html
    for words in ("接口令牌", "create_token", "TOKEN=", "ETAG=$(", "If-None-Match", "1200", "万元"):
        assert words in html


def test_page_has_its_language_in_the_address(client: Client, reference: None) -> None:
    wish = {"Accept-Language": "en"}
    assert '<html lang="zh-hans"' in client.get("/api/v1/docs/", headers=wish).content.decode()
    assert '<html lang="en"' in client.get("/en/api/v1/docs/").content.decode()


def test_commands_on_the_page_can_be_copied(client: Client, document: Any) -> None:
    commands = [
        operation.command
        for chapter in chapters(document, ORIGIN)
        for operation in chapter.operations
        if not operation.scope
        and not any(row in operation.command for row in ("certifications/1/", "practices/2/"))
    ]
    assert len(commands) >= 9
    for command in commands:
        (address,) = re.findall(r"'(http[^']+)'", command)
        assert client.get(address).status_code == 200, command


def test_examples_of_bodies_are_accepted(bearer: Any, wu_manager: User, document: Any) -> None:
    """Those of addresses with parts to fill in are run where the rows they speak of exist."""
    set_deadline(year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager)
    client = bearer(wu_manager, *SCOPES)
    for path, method, facts in operations(document):
        if method != "post" or "{" in path or path in OF_ROWS:
            continue
        examples = facts["requestBody"]["content"]["application/json"]["examples"]
        for example in examples.values():
            body = json.dumps(example["value"])
            response = client.post(path, body, content_type="application/json")
            assert response.status_code in (200, 201), (path, response.content.decode())
