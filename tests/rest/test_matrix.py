"""Every role on every route of the document: a new resource is covered without a new test."""

from typing import Any

import pytest
from django.test import Client

from rest.documents import document

PEOPLE = (
    "chen_officer",
    "zhao_signatory",
    "zhou_inspector",
    "wu_manager",
    "he_auditor",
    "yang_keeper",
)
# Reading that is not for everybody signed in; what is not named here is.
OF_FIGURES = set(PEOPLE) - {"yang_keeper"}
READERS = {
    "/api/v1/audit/": {"he_auditor"},
    "/api/v1/atlas/newest/": OF_FIGURES,
    "/api/v1/problems/": OF_FIGURES,
    "/api/v1/consequences/": OF_FIGURES,
    "/api/v1/feedback/": OF_FIGURES,
    "/api/v1/grants/": OF_FIGURES,
    "/api/v1/guidance/": OF_FIGURES,
    "/api/v1/look-backs/": OF_FIGURES,
    "/api/v1/school-plans/": OF_FIGURES,
    "/api/v1/guidance/proposals/": {"zhou_inspector", "wu_manager", "he_auditor"},
    "/api/v1/outlook/": {"zhou_inspector", "wu_manager", "he_auditor"},
}
WRITERS = {
    "/api/v1/schedule/": {"wu_manager"},
    "/api/v1/certifications/": {"wu_manager"},
    "/api/v1/lists/": {"wu_manager"},
    "/api/v1/grants/": {"wu_manager"},
    "/api/v1/consequences/": {"wu_manager"},
    "/api/v1/guidance/": {"zhou_inspector", "wu_manager"},
    "/api/v1/schools/": {"chen_officer", "zhou_inspector", "wu_manager"},
    "/api/v1/self-checks/": {"chen_officer", "zhao_signatory", "zhou_inspector", "wu_manager"},
    "/api/v1/practices/": {"chen_officer", "zhao_signatory", "zhou_inspector", "wu_manager"},
    "/api/v1/visits/": {"zhou_inspector"},
    "/api/v1/feedback/set-aside/": {"zhou_inspector", "wu_manager"},
    "/api/v1/evaluate/": set(PEOPLE),
    "/api/v1/hooks/": set(PEOPLE),
    "/api/v1/plans/": set(PEOPLE),
}
# A POST that stores nothing is reading with a long question.
READING_POSTS = {"/api/v1/evaluate/", "/api/v1/plans/"}


def routes(method: str) -> list[tuple[str, dict[str, Any]]]:
    """The document's addresses without parts to fill in that take the method."""
    return [
        (path, item[method])
        for path, item in document()["paths"].items()
        if method in item and "{" not in path
    ]


def test_strangers_read_what_is_open_and_write_nothing(client: Client, reference: None) -> None:
    for path, facts in routes("get"):
        is_open = facts["security"] == [{}]
        assert client.get(path).status_code == (200 if is_open else 401), path
    for path, _facts in routes("post"):
        assert client.post(path, "{}", content_type="application/json").status_code == 401, path


@pytest.mark.parametrize("who", PEOPLE)
def test_reading(request: Any, signed_in: Any, who: str) -> None:
    client = signed_in(request.getfixturevalue(who))
    for path, _facts in routes("get"):
        may_read = who in READERS.get(path, PEOPLE)
        assert client.get(path).status_code == (200 if may_read else 403), path


@pytest.mark.parametrize("who", PEOPLE)
def test_writing(request: Any, signed_in: Any, who: str) -> None:
    """Who may write gets as far as the body, which says nothing usable."""
    client = signed_in(request.getfixturevalue(who))
    for path, _facts in routes("post"):
        status = client.post(path, '{"x": 1}', content_type="application/json").status_code
        assert status == (422 if who in WRITERS[path] else 403), path


@pytest.mark.parametrize("who", PEOPLE)
def test_a_token_that_only_reads_writes_nothing(request: Any, bearer: Any, who: str) -> None:
    client = bearer(request.getfixturevalue(who), "read")
    for path, _facts in routes("post"):
        status = client.post(path, "{}", content_type="application/json").status_code
        assert status == (422 if path in READING_POSTS else 403), path
