"""What happens to people who guess: rows 28 to 30 of the matrix of threats."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.lockout import masked
from tests.conftest import PASSWORD
from tests.districts.clock import Clock
from tests.reader import words

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


def attempt(
    name: str = "officer_500106", password: str = "wrong", address: str = HERE, **headers: str
) -> Any:
    account = {"username": name, "password": password}
    return Client().post(reverse("login"), account, REMOTE_ADDR=address, headers=headers)


def let_pass(**time: float) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**time))


@pytest.fixture(autouse=True)
def _time_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a machine takes, no second passes that a test does not let pass."""
    Clock(monkeypatch)


@pytest.fixture
def _locked(chen_officer: Any) -> None:
    for _attempt in range(5):
        attempt()


@pytest.mark.usefixtures("_locked")
def test_m28_the_sixth_is_refused_even_with_the_right_password() -> None:
    answer = attempt(password=PASSWORD)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "10 分钟后" in words(answer)


@pytest.mark.parametrize(("seconds", "status"), [(595, 429), (605, 302)])
@pytest.mark.usefixtures("_locked")
def test_m28_the_lock_ends_after_ten_minutes(seconds: int, status: int) -> None:
    let_pass(seconds=seconds)
    assert attempt(password=PASSWORD).status_code == status


@pytest.mark.usefixtures("_locked")
def test_m28_trying_on_does_not_make_the_lock_longer() -> None:
    let_pass(seconds=300)
    attempt()
    let_pass(seconds=305)
    assert attempt(password=PASSWORD).status_code == 302


@pytest.mark.usefixtures("_locked")
def test_m29_the_right_password_from_elsewhere_still_enters() -> None:
    assert attempt(password=PASSWORD, address=ELSEWHERE).status_code == 302


@pytest.mark.usefixtures("_locked")
def test_m29_behind_the_proxy_a_stranger_locks_out_nobody_else(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [HERE]
    AccessAttempt.objects.all().delete()
    for _attempt in range(6):
        attempt(**{"X-Forwarded-For": "198.51.100.7"})
    assert attempt(password=PASSWORD, **{"X-Forwarded-For": "198.51.100.8"}).status_code == 302


def test_sixty_accounts_tried_from_one_address_are_stopped(chen_officer: Any) -> None:
    answers = [attempt(name=f"officer_{number}").status_code for number in range(60)]
    assert answers[:10] == [200] * 10
    assert answers[10:] == [429] * 50
    assert attempt(password=PASSWORD).status_code == 429
    assert attempt(password=PASSWORD, address=ELSEWHERE).status_code == 302


@pytest.mark.parametrize(("failures", "wait"), [(9, 0), (10, 1), (11, 2), (15, 32), (30, 600)])
def test_each_further_failure_doubles_the_wait(db: None, failures: int, wait: int) -> None:
    attempt(name="officer_y")
    AccessAttempt.objects.update(failures_since_start=failures)
    answer = attempt(name="officer_x")
    if wait:
        assert int(answer["Retry-After"]) == wait
    else:
        assert answer.status_code == 200


def test_a_name_that_is_no_account_is_kept_masked(chen_officer: Any, caplog: Any) -> None:
    attempt(name="Tr0ub4dor&3-my-password")
    attempt()
    kept = set(AccessAttempt.objects.values_list("username", flat=True))
    assert kept == {masked("Tr0ub4dor&3-my-password"), "officer_500106"}
    rows = str(list(AccessAttempt.objects.values()))
    assert "Tr0ub4dor" not in rows + caplog.text
    assert "wrong" not in rows


def test_the_mask_needs_our_key(settings: Any) -> None:
    before = masked("name")
    assert before == masked("name") != masked("Name")
    settings.SECRET_KEY = "another" * 10
    assert masked("name") != before


def test_m30_an_unknown_account_costs_as_much_as_a_known_one(
    chen_officer: Any, monkeypatch: Any
) -> None:
    """The same work, not the same moment: one hash of the password, the same questions asked."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    seen = []
    attempt(name="the first one of all")
    for name in ("officer_500106", "nobody"):
        hashed.clear()
        with CaptureQueriesContext(connection) as asked:
            attempt(name=name)
        seen.append((len(hashed), len(asked)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 1
