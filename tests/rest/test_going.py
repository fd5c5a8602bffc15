"""An operation that is to go says so in every answer and in the document; the table stands in one
place and is empty while nothing is to go."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from rest import documents
from rest.going import GOING, Going
from tests.rest.test_documents import document

__all__ = ["document"]  # a fixture

SCHOOLS = "GET /api/v1/schools/{code}/"
INSTEAD = "https://portal.example.cn/api/v1/districts/"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The document is kept per language, so it is made anew before and after."""
    soon = Going(date(2026, 7, 1), date(2027, 7, 2), INSTEAD)
    monkeypatch.setitem(GOING, SCHOOLS, soon)
    monkeypatch.setitem(GOING, "GET /api/v1/districts/", soon)
    documents._document.cache_clear()
    yield
    documents._document.cache_clear()


@pytest.mark.usefixtures("planted", "reference")
def test_every_answer_says_since_when_until_when_and_what_instead(client: Client) -> None:
    for _turn in range(2):
        answer = client.get("/api/v1/districts/", {"page_size": 2})
        assert answer["Deprecation"] == "@1782864000"  # 2026-07-01T00:00:00Z
        assert answer["Sunset"] == "Fri, 02 Jul 2027 00:00:00 GMT"
        assert answer["Link"].count(f'<{INSTEAD}>; rel="successor-version"') == 1
        assert 'rel="next"' in answer["Link"]
    again = client.get(
        "/api/v1/districts/", {"page_size": 2}, headers={"If-None-Match": answer["ETag"]}
    )
    assert (again.status_code, again["Sunset"]) == (304, answer["Sunset"])
    assert client.get("/api/v1/schools/5001069001/").status_code == 401
    assert "Sunset" in client.get("/api/v1/schools/5001069001/")
    assert "Deprecation" in answer["Access-Control-Expose-Headers"]


@pytest.mark.usefixtures("planted", "reference")
def test_what_stays_says_nothing(client: Client) -> None:
    for path in ("/api/v1/schools/", "/api/v1/phases/", "/"):
        assert not {"Deprecation", "Sunset"} & set(client.get(path).headers)
    assert "Sunset" not in client.post("/api/v1/districts/")


def test_the_document_marks_it(planted: None, document: dict[str, Any]) -> None:
    marked = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, facts in methods.items()
        if facts.get("deprecated")
    }
    assert marked == {SCHOOLS, "GET /api/v1/districts/"}


def test_what_is_to_go_stands_in_the_document(document: dict[str, Any]) -> None:
    """A path nobody has would never be told."""
    known = {f"{m.upper()} {path}" for path, methods in document["paths"].items() for m in methods}
    assert set(GOING) <= known
    assert SCHOOLS in known


def test_a_year_is_left_to_go_elsewhere() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        Going(date(2026, 7, 1), date(2027, 6, 30), INSTEAD)
