"""Reading self-checks over REST: what may be asked, and what is said when there is nothing."""

from typing import Any

import pytest
from django.test import Client

from districts.models import User
from selfchecks.models import SelfCheck

SELF_CHECKS = "/api/v1/self-checks/"


@pytest.fixture
def client(bearer: Any, chen_officer: User) -> Client:
    return bearer(chen_officer)


@pytest.mark.parametrize(
    ("asked", "found"), [("0", 1), ("false", 1), ("False", 1), ("1", 0), ("true", 0), ("True", 0)]
)
def test_true_and_false_are_understood(
    client: Client, self_check: SelfCheck, asked: str, found: int
) -> None:
    assert len(client.get(f"{SELF_CHECKS}?is_demo={asked}").json()["results"]) == found


@pytest.mark.parametrize(
    ("asked", "words"), [("maybe", "true 或 false"), ("2", "true 或 false"), ("", "是空的")]
)
def test_what_is_neither_is_refused(
    client: Client, self_check: SelfCheck, asked: str, words: str
) -> None:
    response = client.get(f"{SELF_CHECKS}?is_demo={asked}")
    (error,) = response.json()["errors"]
    assert response.status_code == 400
    assert error["parameter"] == "is_demo"
    assert words in error["detail"]


def test_a_result_without_figures_says_what_to_do(client: Client, self_check: SelfCheck) -> None:
    response = client.get(f"{SELF_CHECKS}500106-2026/evaluation/")
    assert (response.status_code, response.json()["code"]) == (404, "no_figures")
    assert "上传并采用工作簿" in response.json()["detail"]
    elsewhere = client.get(f"{SELF_CHECKS}500106-2025/evaluation/")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "not_found")
