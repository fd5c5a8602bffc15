"""API tokens: shown once, hashed, bounded in time, scope and district."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from audit.refusals import Unusable
from districts.authentication import narrowed
from districts.models import ApiToken, User
from districts.scope import CITY, DISTRICT
from districts.services.people import create_token, digest_of, revoke_token


@pytest.fixture
def system(reference):
    return User.objects.create_user("erp", display_name="教务系统", role="client", reach=CITY)


def test_only_a_hash_is_kept(system, wu_manager):
    token, text = create_token(user=system, scopes=["read"], by=wu_manager)
    row = ApiToken.objects.values().get(pk=token.pk)
    assert not any(text in str(value) for value in row.values())
    assert row["digest"] == digest_of(text)
    assert text not in str(Entry.objects.first().changes)


def test_an_expired_or_revoked_token_is_unusable(system, wu_manager):
    token, _text = create_token(user=system, scopes=["read"], by=wu_manager, days=1)
    now = timezone.now()
    assert ApiToken.objects.usable_at(now).exists()
    assert not ApiToken.objects.usable_at(now + timedelta(days=1)).exists()
    revoke_token(token=token, by=wu_manager)
    assert not ApiToken.objects.usable_at(now).exists()


def test_disabling_the_account_ends_its_tokens(system, wu_manager):
    create_token(user=system, scopes=["read"], by=wu_manager)
    User.objects.filter(pk=system.pk).update(is_active=False)
    assert not ApiToken.objects.usable_at(timezone.now()).exists()


def test_revoking_twice_is_one_entry(system, wu_manager):
    token, _text = create_token(user=system, scopes=["read"], by=wu_manager)
    revoke_token(token=token, by=wu_manager)
    revoke_token(token=token, by=wu_manager)
    assert Entry.objects.filter(action="token.revoke").count() == 1


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "write:anything"]])
def test_unknown_scopes_are_refused(system, wu_manager, scopes):
    with pytest.raises(Unusable, match="权限范围"):
        create_token(user=system, scopes=scopes, by=wu_manager)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_are_bounded(system, wu_manager, days):
    with pytest.raises(Unusable, match="有效天数"):
        create_token(user=system, scopes=["read"], by=wu_manager, days=days)


def test_a_token_never_reaches_beyond_its_account(chen_officer, tongliang, wu_manager):
    with pytest.raises(Unusable, match="不属于"):
        create_token(user=chen_officer, scopes=["read"], by=wu_manager, district=tongliang)


def test_a_district_narrows_a_city_account(system, tongliang, wu_manager):
    token, _text = create_token(user=system, scopes=["read"], by=wu_manager, district=tongliang)
    user = narrowed(token)
    assert (user.reach, user.district) == (DISTRICT, tongliang)
    assert User.objects.get(pk=system.pk).reach == CITY
