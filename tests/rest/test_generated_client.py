"""A client made from the schema calls every operation on the demonstration data.

The clients of other generators do the same by ``make clients``.
"""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from districts.models import User
from districts.services.people import create_token
from rest.documents import document
from tests.clients.plan import ACCOUNTS, DISTRICTS, REFERENCE, RETURNED, faults, plan

pytest.importorskip("openapi_python_client")

import httpx

from tests.clients import opc

ORIGIN = "http://testserver"
# Its examples name rows by number; in a PostgreSQL that other tests have used, rows begin anywhere.
# The examples themselves are sent to a portal on either database by tests/test_guide.py.
pytestmark = pytest.mark.skipif(
    connection.vendor == "postgresql", reason="numbers of rows begin at 1 on SQLite only"
)


def test_every_operation_answers_a_generated_client_as_described(
    reference: None, application: Any, tmp_path: Path
) -> None:
    call_command("load_demo", districts=list(DISTRICTS), schools=4, years=2, stdout=StringIO())
    tokens = {name: token_of(name, scopes) for name, scopes in ACCOUNTS.items()}
    described = json.loads(json.dumps(document()))
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(described), encoding="utf-8")
    package = opc.package_of(schema, tmp_path)
    calls = plan(described)
    within = {"transport": httpx.WSGITransport(application)}
    workbook = opc.workbook_of(ORIGIN, tokens[RETURNED], REFERENCE, **within)
    found = list(opc.answers(package, ORIGIN, tokens, calls, workbook, **within))
    assert not faults(described, calls, found)


def token_of(name: str, scopes: tuple[str, ...]) -> str:
    account = User.objects.get(username=name)
    _token, text = create_token(user=account, scopes=scopes, by=account)
    return text


def test_what_is_not_as_described_is_named() -> None:
    count = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    described = {"components": {"schemas": {"Count": count}}}
    call = {"operation": "count", "answer_name": "Count", "statuses": (200,)}
    file = {"operation": "file", "answer_name": "", "statuses": (200,)}
    for asked, answer, fault in (
        (call, {"status": 500, "raw": "", "typed": ""}, "count: 500 "),
        (call, {"status": 200, "raw": {"n": "1"}, "typed": {"n": "1"}}, "$.n '1' is not of type"),
        (call, {"status": 200, "raw": {"n": 1}, "typed": {}}, "$.n: 1 became None"),
        (file, {"status": 200, "raw": "UEsDBA==", "typed": "UEsDBB=="}, "no workbook"),
    ):
        (found,) = faults(described, [asked], [answer])
        assert fault in found
    assert not faults(described, [call], [{"status": 200, "raw": {"n": 1}, "typed": {"n": 1}}])
