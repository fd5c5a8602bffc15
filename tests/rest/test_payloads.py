"""Statements, paths and control signs in every parameter of every list: an answer, never a mistake
of ours, and never one row more than asked (m50)."""

from typing import Any

import pytest
from django.test import Client

from districts.models import User
from rest.documents import document

PAYLOADS = (
    "' OR '1'='1",
    "1;DROP TABLE districts_user--",
    "x\u0000y",
    "../../etc/passwd",
    "%27%20UNION%20SELECT%20password%20FROM%20districts_user",
    "９９９９９９９９９９９９９９９９９９９９",
    "-1e400",
    "__class__",
)
PARAMETERS = [
    (path, parameter["name"])
    for path, item in document()["paths"].items()
    if "get" in item and "{" not in path
    for parameter in item["get"].get("parameters", ())
    if parameter["in"] == "query"
]


@pytest.fixture
def manager(signed_in: Any, wu_manager: User, reference: None) -> Client:
    found: Client = signed_in(wu_manager)
    return found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_m50_every_parameter_bears_every_payload(manager: Client, payload: str) -> None:
    wrong = {}
    for path, name in PARAMETERS:
        answer = manager.get(path, {name: payload})
        if answer.status_code >= 500:
            wrong[f"{path}?{name}"] = answer.status_code
    assert wrong == {}
    assert User.objects.filter(username="manager").exists()


def test_there_are_many() -> None:
    assert len(PARAMETERS) > 40


def test_m50_what_is_no_column_does_not_order_and_reaches_no_password(manager: Client) -> None:
    for path in ("/api/v1/districts/", "/api/v1/schools/"):
        for name in ("ordering", "o", "order_by"):
            answer = manager.get(path, {name: "district__users__password"})
            assert answer.status_code in (200, 400)
            if answer.status_code == 200:
                assert answer.json() == manager.get(path).json()
