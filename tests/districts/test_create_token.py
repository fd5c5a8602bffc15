"""The command prints a token once, and says in a sentence why it does not."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from districts.models import ApiToken, User


def issue(*words: Any) -> str:
    out = StringIO()
    call_command("create_token", *words, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_token_works_and_is_not_kept(data_system: User) -> None:
    text = issue("data_system", "--scope", "read,write:schools", "--days", "7")
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "write:schools"]
    assert text not in str(token.__dict__)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get("/api/v1/schools/").status_code == 200


def test_token_is_narrowed_to_a_district(data_system: User) -> None:
    issue("data_system", "--district", "500151")
    assert ApiToken.objects.get().district.code == "500151"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody",), "nobody"),
        (("data_system", "--scope", "write:everything"), "write:everything"),
        (("data_system", "--scope", ""), "权限范围"),
        (("data_system", "--district", "999999"), "999999"),
        (("officer_500106",), "由其本人建立"),
        (("data_system", "--days", "0"), "0"),
        (("data_system", "--days", "367"), "367"),
    ],
)
def test_refusals(
    chen_officer: User, data_system: User, words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        issue(*words)
    assert sentence in str(refusal.value)
    assert refusal.value.returncode == 2
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("debug", [True, False])
def test_demonstration_accounts_have_tokens_in_trials_only(
    chen_officer: User, settings: Any, debug: bool
) -> None:
    User.objects.filter(pk=chen_officer.pk).update(is_demo=True)
    settings.DEBUG = debug
    if debug:
        assert issue("officer_500106")
    else:
        with pytest.raises(CommandError, match="由其本人建立"):
            issue("officer_500106")
