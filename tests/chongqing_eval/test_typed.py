"""A form whose token has ended comes back with what was typed, or says what to do."""

import pytest
from django.test import Client
from django.urls import reverse

from districts.models import School, User
from selfchecks.models import SelfCheck
from tests.conftest import PASSWORD
from tests.reader import headings, words
from tests.selfchecks.conftest import keep_clean, schools, self_check

__all__ = ["schools", "self_check"]

PAGE = "/self-checks/500106-2026/figures/C1.graduates/value/"


@pytest.fixture
def browser(self_check: SelfCheck, schools: list[School], chen_officer: User) -> Client:
    """陈静 with a page open, who has signed in again in another tab since."""
    keep_clean(self_check, chen_officer)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(chen_officer)
    browser.get(PAGE)
    return browser


def typed() -> dict[str, str]:
    old = "a" * 64  # a token of the session before
    return {"csrfmiddlewaretoken": old, "value": "277", "reason": "漏报 <b>两</b> 人"}


def test_text_typed_before_a_new_sign_in_comes_back(browser: Client) -> None:
    before = SelfCheck.objects.get().version
    answer = browser.post(PAGE, typed())
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = browser.get(PAGE)
    assert "漏报 <b>两</b> 人" in page.content.decode().replace("&lt;", "<").replace("&gt;", ">")
    assert "漏报 <b>" not in page.content.decode()
    assert "没有保存" in words(page)
    assert SelfCheck.objects.get().version == before


def test_a_form_of_another_site_brings_nothing(browser: Client) -> None:
    answer = browser.post(PAGE, typed(), headers={"origin": "https://example.org"})
    assert answer.status_code == 403
    assert "漏报" not in browser.get(PAGE).content.decode()


def test_without_a_place_to_come_back_to_the_page_says_what_to_do(
    reference: None, chen_officer: User
) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(reverse("login"), {"username": "officer_500106", "password": PASSWORD})
    text = words(answer)
    assert (answer.status_code, headings(answer)) == (403, [1])
    assert "这张表单已经过期" in text
    assert "账号不能" not in text
    assert PASSWORD not in answer.content.decode()
