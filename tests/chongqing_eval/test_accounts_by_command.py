"""The shell opens accounts as the admin does: a trace is left, and nobody types a password."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from audit.models import Entry
from audit.verification import differences_of_rows
from districts.models import User
from tests.conftest import PASSWORD

GOOD = {"new_password1": "Kettle-9-orbit-Maple", "new_password2": "Kettle-9-orbit-Maple"}
pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_first_account_keeps_accounts_and_sets_its_own_password(client: Client) -> None:
    path = told("createsuperuser", "--username", "qin", "--display-name", "秦月")
    user = User.objects.get(username="qin")
    assert (user.role, user.reach, user.has_usable_password()) == ("keeper", "accounts", False)
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.object_label) == ("user.create", "", "秦月")
    assert client.post(path, GOOD).status_code == 302
    assert User.objects.get(username="qin").check_password(GOOD["new_password1"])
    assert not list(differences_of_rows())


@pytest.mark.parametrize("words", [{"password": "x"}, {"no_input": True}])
def test_no_command_takes_a_password(words: dict[str, Any]) -> None:
    with pytest.raises((CommandError, TypeError)):
        call_command("createsuperuser", username="qin", display_name="秦月", **words)
    assert not User.objects.filter(username="qin").exists()


def test_a_name_that_is_taken_is_said(wu_manager: User) -> None:
    with pytest.raises(CommandError) as refused:
        told("createsuperuser", "--username", "manager", "--display-name", "另一人")
    assert refused.value.returncode == 2


def test_a_password_is_reset_by_its_owner(chen_officer: User, client: Client) -> None:
    path = told("changepassword", "officer_500106")
    assert not User.objects.get(pk=chen_officer.pk).check_password(PASSWORD)
    assert Entry.objects.first().action == "user.reset"
    assert client.post(path, GOOD).status_code == 302
    assert User.objects.get(pk=chen_officer.pk).check_password(GOOD["new_password1"])


@pytest.mark.parametrize("name", ["nobody", "officer_500106"])
def test_who_cannot_have_one_is_said(chen_officer: User, name: str) -> None:
    User.objects.filter(pk=chen_officer.pk).update(is_active=False)
    with pytest.raises(CommandError) as refused:
        told("changepassword", name)
    assert refused.value.returncode == 2
