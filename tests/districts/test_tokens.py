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


def test_only_a_hash_is_kept(system, yang_keeper):
    token, text = create_token(user=system, scopes=["read"], by=yang_keeper)
    row = ApiToken.objects.values().get(pk=token.pk)
    assert not any(text in str(value) for value in row.values())
    assert row["digest"] == digest_of(text)
    assert text not in str(Entry.objects.first().changes)


def test_an_expired_or_revoked_token_is_unusable(system, yang_keeper):
    token, _text = create_token(user=system, scopes=["read"], by=yang_keeper, days=1)
    now = timezone.now()
    assert ApiToken.objects.usable_at(now).exists()
    assert not ApiToken.objects.usable_at(now + timedelta(days=1)).exists()
    revoke_token(token=token, by=yang_keeper)
    assert not ApiToken.objects.usable_at(now).exists()


def test_disabling_the_account_ends_its_tokens(system, yang_keeper):
    create_token(user=system, scopes=["read"], by=yang_keeper)
    User.objects.filter(pk=system.pk).update(is_active=False)
    assert not ApiToken.objects.usable_at(timezone.now()).exists()


def test_revoking_twice_is_one_entry(system, yang_keeper):
    token, _text = create_token(user=system, scopes=["read"], by=yang_keeper)
    revoke_token(token=token, by=yang_keeper)
    revoke_token(token=token, by=yang_keeper)
    assert Entry.objects.filter(action="token.revoke").count() == 1


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "write:anything"]])
def test_unknown_scopes_are_refused(system, yang_keeper, scopes):
    with pytest.raises(Unusable, match="权限范围"):
        create_token(user=system, scopes=scopes, by=yang_keeper)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_are_bounded(system, yang_keeper, days):
    with pytest.raises(Unusable, match="有效天数"):
        create_token(user=system, scopes=["read"], by=yang_keeper, days=days)


def test_a_token_never_reaches_beyond_its_account(chen_officer, tongliang, yang_keeper):
    with pytest.raises(Unusable, match="不属于"):
        create_token(user=chen_officer, scopes=["read"], by=yang_keeper, district=tongliang)


def test_a_district_narrows_a_city_account(system, tongliang, yang_keeper):
    token, _text = create_token(user=system, scopes=["read"], by=yang_keeper, district=tongliang)
    user = narrowed(token)
    assert (user.reach, user.district) == (DISTRICT, tongliang)
    assert User.objects.get(pk=system.pk).reach == CITY
