"""A password is kept by the profile in force from the next sign-in on, and the record says so."""

from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from audit.services import verify
from audit.verification import differences_of_rows
from crypto.hashers import PBKDF2SM3PasswordHasher
from crypto.profiles import password_hashers
from districts.models import User
from tests.conftest import PASSWORD


def signs_in(client: Client, user: User) -> bool:
    client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
    return "_auth_user_id" in client.session


@pytest.fixture
def guomi(settings: Any, monkeypatch: Any) -> Any:
    monkeypatch.setattr(PBKDF2SM3PasswordHasher, "iterations", 3)
    settings.CRYPTO_PROFILE = "guomi"
    md5 = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = [*password_hashers("guomi"), *md5]
    return settings


def test_signing_in_keeps_the_password_by_the_profile(
    chen_officer: User, guomi: Any, client: Client
) -> None:
    changed_at, before = chen_officer.password_changed_at, chen_officer.past_passwords
    assert signs_in(client, chen_officer)
    chen_officer.refresh_from_db()
    assert chen_officer.password.startswith("pbkdf2_sm3$")
    # The same password: neither is it newer, nor one of those before.
    assert (chen_officer.password_changed_at, chen_officer.past_passwords) == (changed_at, before)
    assert Entry.objects.filter(action="user.rehash", actor=chen_officer.username).count() == 1
    client.logout()
    assert signs_in(client, chen_officer)
    assert Entry.objects.filter(action="user.rehash").count() == 1
    assert (verify(), list(differences_of_rows())) == (None, [])


def test_a_switch_back_keeps_it_the_other_way_again(
    chen_officer: User, guomi: Any, client: Client
) -> None:
    signs_in(client, chen_officer)
    guomi.CRYPTO_PROFILE = "standard"
    guomi.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *password_hashers("standard"),
    ]
    client.logout()
    assert signs_in(client, chen_officer)
    chen_officer.refresh_from_db()
    assert chen_officer.password.startswith("md5$")


def test_a_wrong_password_is_not_kept(chen_officer: User, guomi: Any, client: Client) -> None:
    before = chen_officer.password
    client.post("/accounts/login/", {"username": chen_officer.username, "password": "x"})
    chen_officer.refresh_from_db()
    assert chen_officer.password == before


def test_whoever_was_signed_in_signs_in_again_after_a_switch(
    settings: Any, client: Client, chen_officer: User
) -> None:
    client.force_login(chen_officer)
    assert client.get("/accounts/password/").status_code == 200
    settings.CRYPTO_PROFILE = "guomi"
    assert client.get("/accounts/password/").status_code == 302
    client.force_login(chen_officer)
    assert client.get("/accounts/password/").status_code == 200
