"""The bureau's pages and the review under /en/: Chinese only where somebody wrote it."""

from collections.abc import Callable

import pytest
from django.test import Client

from districts.models import User
from selfchecks.models import SelfCheck
from tests.english import chinese_left, stored_texts

PAGES = ["", "upload/", "explanations/", "figures/", "check/", "result/", "comments/", "trail/"]


@pytest.mark.parametrize("state", ["draft", "in_review", "returned", "approved"])
def test_the_pages_of_a_self_check_are_english(
    client: Client, reach: Callable[[str], SelfCheck], chen_officer: User, state: str
) -> None:
    self_check = reach(state)
    client.force_login(chen_officer)
    pages = [f"/en/self-checks/{self_check.reference}/{page}" for page in PAGES]
    for path in ["/en/self-checks/", "/en/self-checks/notices/", *pages]:
        response = client.get(path)
        assert response.status_code == 200, path
        assert chinese_left(response.content.decode(), stored_texts()) == [], path


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved"])
def test_the_review_is_english(
    client: Client, reach: Callable[[str], SelfCheck], zhou_inspector: User, state: str
) -> None:
    self_check = reach(state)
    client.force_login(zhou_inspector)
    paths = ["/en/admin/", f"/en/admin/selfchecks/selfcheck/{self_check.pk}/change/"]
    for path in paths:
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        assert chinese_left(response.content.decode(), stored_texts()) == [], path
