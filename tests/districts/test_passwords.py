"""Good passwords, their age, and what happens to people who guess."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from districts.models import User
from districts.passwords import must_change
from tests.conftest import PASSWORD


@pytest.mark.parametrize(
    "password",
    ["short-1A", "12345678901234", "Chongqing2026!", "alllowercaseletters", "Password123!"],
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", ["Lantern-7-river", "九龙-Bridge-88x"])
def test_good_passwords_pass(password):
    validate_password(password)


@pytest.mark.parametrize(("days", "is_due"), [(89, False), (91, True)])
def test_passwords_of_the_dengbao_profile_last_90_days(chen_officer, settings, days, is_due):
    chen_officer.password_changed_at = timezone.now() - timedelta(days=days)
    settings.PASSWORD_PROFILE = "dengbao"
    assert must_change(chen_officer) is is_due
    settings.PASSWORD_PROFILE = "asvs"
    assert not must_change(chen_officer)


def test_an_expired_password_leads_to_the_page_that_changes_it(chen_officer, signed_in):
    expired = timezone.now() - timedelta(days=91)
    User.objects.filter(pk=chen_officer.pk).update(password_changed_at=expired)
    client = signed_in(chen_officer)
    assert client.get("/").headers["Location"] == reverse("password_change")
    answer = client.post(
        reverse("password_change"),
        {
            "old_password": PASSWORD,
            "new_password1": "Lantern-7-river",
            "new_password2": "Lantern-7-river",
        },
    )
    assert answer.status_code == 302
    chen_officer.refresh_from_db()
    assert chen_officer.check_password("Lantern-7-river")
    assert not must_change(chen_officer)


def attempt(client, password, address="10.0.0.1"):
    return client.post(
        reverse("login"),
        {"username": "officer_500106", "password": password},
        REMOTE_ADDR=address,
    )


def test_an_unknown_account_gets_the_same_answer(client, chen_officer):
    known = attempt(client, "wrong")
    unknown = client.post(reverse("login"), {"username": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
