"""Tokens and one-time links used by many at once: each counts once (real threads)."""

from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from audit.refusals import Refused
from audit.services import verify
from districts.models import User
from districts.services import links, people
from tests.selfchecks.test_concurrency import RACES, THREADS, at_once

pytestmark = [pytest.mark.race, *RACES]


def test_a_link_that_eight_use_at_once_sets_one_password(
    chen_officer: User, yang_keeper: User
) -> None:
    secret = people.reset_password(user=chen_officer, by=yang_keeper)
    passwords = [f"Kettle-{number}-orbit-Maple" for number in range(THREADS)]
    owner = links.owner_of(secret)
    assert owner
    attempts = [
        lambda password=password: links.use(secret=secret, password=password, by=owner)
        for password in passwords
    ]
    answers = at_once(*attempts)
    assert sum(not isinstance(answer, Refused) for answer in answers) == 1
    assert Entry.objects.filter(action="user.password").count() == 1
    kept = User.objects.get(pk=chen_officer.pk)
    assert sum(kept.check_password(password) for password in passwords) == 1
    assert verify() is None


def test_a_token_that_eight_use_for_the_first_time_at_once_is_told_once(
    chen_officer: User, settings: Any
) -> None:
    settings.AUDIT_READING = True
    _token, text = people.create_token(user=chen_officer, scopes=["read"], by=chen_officer)

    def ask() -> Any:
        return (
            Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/schools/").status_code
        )

    assert at_once(*[ask] * THREADS) == [200] * THREADS
    assert Entry.objects.filter(action="token.use").count() == 1
    assert verify() is None


def test_a_token_ended_twice_at_once_is_ended_once(chen_officer: User) -> None:
    token, _text = people.create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    at_once(*[lambda: people.revoke_token(token=token, by=chen_officer)] * THREADS)
    assert Entry.objects.filter(action="token.revoke").count() == 1
