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


def test_token_works_and_is_not_kept(chen_officer: User) -> None:
    text = issue("officer_500106", "--scope", "read,write:schools", "--days", "7")
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "write:schools"]
    assert text not in str(token.__dict__)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get("/api/v1/schools/").status_code == 200


def test_token_is_narrowed_to_a_district(wu_manager: User) -> None:
    issue("manager", "--district", "500151")
    assert ApiToken.objects.get().district.code == "500151"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody",), "nobody"),
        (("officer_500106", "--scope", "write:everything"), "write:everything"),
        (("officer_500106", "--scope", ""), "权限范围"),
        (("officer_500106", "--district", "999999"), "999999"),
        (("officer_500106", "--district", "500151"), "不属于"),
        (("officer_500106", "--days", "0"), "0"),
        (("officer_500106", "--days", "367"), "367"),
    ],
)
def test_refusals(chen_officer: User, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        issue(*words)
    assert sentence in str(refusal.value)
    assert refusal.value.returncode == 2
    assert not ApiToken.objects.exists()
