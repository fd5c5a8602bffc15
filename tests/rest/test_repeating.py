"""Every write of the document may be sent again without harm, as its guide promises."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rest.documents import document
from rest.models import IdempotencyRecord

# Their answers hold a secret, or nothing that was stored: the guide says so.
KEPT_BY_NOBODY = {
    "/api/v1/hooks/",
    "/api/v1/hooks/{id}/steps/",
    "/api/v1/evaluate/",
}
WRITERS = ("wu_manager", "zhou_inspector", "chen_officer", "zhao_signatory")


def operations(method: str) -> list[tuple[str, dict[str, Any]]]:
    return [(path, item[method]) for path, item in document()["paths"].items() if method in item]


def filled(path: str, facts: dict[str, Any]) -> str:
    for parameter in facts.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    return path


def headers(facts: dict[str, Any]) -> dict[str, bool]:
    return {
        each["name"]: each.get("required", False)
        for each in facts.get("parameters", [])
        if each["in"] == "header"
    }


@pytest.fixture
def writers(request: Any, reference: None, signed_in: Any) -> list[Client]:
    """Each has used the key for something else."""
    people = [request.getfixturevalue(who) for who in WRITERS]
    for person in people:
        used = {"fingerprint": "other", "started_at": timezone.now(), "status": 200}
        IdempotencyRecord.objects.create(account=str(person.pk), key="used", **used)
    return [signed_in(person) for person in people]


def test_every_post_looks_at_the_key_but_those_the_guide_names(writers: list[Client]) -> None:
    heedless = set()
    for path, facts in operations("post"):
        answers = [
            client.post(
                filled(path, facts), "{}", "application/json", headers={"Idempotency-Key": "used"}
            )
            for client in writers
        ]
        codes = {answer.json()["code"] for answer in answers}
        heedless |= {path} - ({path} if "idempotency_key_reused" in codes else set())
    assert heedless == KEPT_BY_NOBODY


def test_what_has_no_key_needs_to_have_seen_what_it_changes() -> None:
    assert {method for item in document()["paths"].values() for method in item} <= {
        *("get", "post", "patch"),
    }
    assert all(headers(facts)["If-Match"] for _path, facts in operations("patch"))
    without = {
        path for path, facts in operations("post") if "Idempotency-Key" not in headers(facts)
    }
    assert without == {"/api/v1/hooks/", "/api/v1/hooks/{id}/steps/"}
    step = document()["paths"]["/api/v1/hooks/{id}/steps/"]["post"]
    assert headers(step)["If-Match"]
