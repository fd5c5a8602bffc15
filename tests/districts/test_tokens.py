"""API tokens: shown once, hashed, bounded in time, scope and district."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from crypto.here import digest_of
from districts.authentication import narrowed
from districts.models import ApiToken, User
from districts.scope import CITY, DISTRICT
from districts.services import people
from districts.services.people import create_token, revoke_token
from tests.conftest import PASSWORD


def test_only_a_hash_is_kept(data_system, yang_keeper):
    token, text = create_token(user=data_system, scopes=["read"], by=yang_keeper)
    row = ApiToken.objects.values().get(pk=token.pk)
    assert not any(text in str(value) for value in row.values())
    assert row["digest"] == digest_of(text)
    assert text not in str(Entry.objects.first().changes)


def test_an_expired_or_revoked_token_is_unusable(data_system, yang_keeper):
    token, _text = create_token(user=data_system, scopes=["read"], by=yang_keeper, days=1)
    now = timezone.now()
    assert ApiToken.objects.usable_at(now).exists()
    assert not ApiToken.objects.usable_at(now + timedelta(days=1)).exists()
    revoke_token(token=token, by=yang_keeper)
    assert not ApiToken.objects.usable_at(now).exists()


def test_disabling_the_account_ends_its_tokens(data_system, yang_keeper):
    create_token(user=data_system, scopes=["read"], by=yang_keeper)
    User.objects.filter(pk=data_system.pk).update(is_active=False)
    assert not ApiToken.objects.usable_at(timezone.now()).exists()


def test_revoking_twice_is_one_entry(data_system, yang_keeper):
    token, _text = create_token(user=data_system, scopes=["read"], by=yang_keeper)
    revoke_token(token=token, by=yang_keeper)
    revoke_token(token=token, by=yang_keeper)
    assert Entry.objects.filter(action="token.revoke").count() == 1


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "write:anything"]])
def test_unknown_scopes_are_refused(data_system, yang_keeper, scopes):
    with pytest.raises(Unusable, match="权限范围"):
        create_token(user=data_system, scopes=scopes, by=yang_keeper)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_are_bounded(data_system, yang_keeper, days):
    with pytest.raises(Unusable, match="有效天数"):
        create_token(user=data_system, scopes=["read"], by=yang_keeper, days=days)


def test_m52_an_account_has_so_many_tokens_at_most(client, chen_officer, monkeypatch):
    """Each has calls of its own: with a thousand of them there would be no limit."""
    monkeypatch.setattr(people, "MOST_TOKENS", 2)
    first, _text = create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    client.force_login(chen_officer)
    page = client.post("/accounts/tokens/", {"scopes": ["read"], "days": "30"})
    assert "最多有 2 个有效的令牌" in page.content.decode()
    assert ApiToken.objects.count() == 2
    revoke_token(token=first, by=chen_officer)
    create_token(user=chen_officer, scopes=["read"], by=chen_officer)


def test_a_token_never_reaches_beyond_its_account(chen_officer, tongliang):
    with pytest.raises(Unusable, match="不属于"):
        create_token(user=chen_officer, scopes=["read"], by=chen_officer, district=tongliang)


def test_a_district_narrows_a_city_account(data_system, tongliang, yang_keeper):
    token, _text = create_token(
        user=data_system, scopes=["read"], by=yang_keeper, district=tongliang
    )
    user = narrowed(token)
    assert (user.reach, user.district) == (DISTRICT, tongliang)
    assert User.objects.get(pk=data_system.pk).reach == CITY


@pytest.mark.parametrize("who", ["yang_keeper", "wu_manager", "zhao_signatory"])
def test_m42_nobody_is_handed_the_token_of_another_person(request, chen_officer, who):
    with pytest.raises(NotAllowed):
        create_token(user=chen_officer, scopes=["read"], by=request.getfixturevalue(who))
    with pytest.raises(NotAllowed, match="本人"):
        create_token(user=chen_officer, scopes=["read"], by=None)
    assert not ApiToken.objects.exists()


def test_only_its_owner_or_a_keeper_ends_a_token(chen_officer, wu_manager, yang_keeper):
    token, _text = create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    with pytest.raises(NotAllowed):
        revoke_token(token=token, by=wu_manager)
    revoke_token(token=token, by=yang_keeper)
    assert Entry.objects.first().actor == "keeper"


def test_a_system_signs_in_by_token_alone(client, data_system):
    data_system.set_password(PASSWORD)
    data_system.save()
    assert not data_system.check_password(PASSWORD)
    page = client.post("/accounts/login/", {"username": "data_system", "password": PASSWORD})
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_entry_says_by_which_token_of_whom(bearer, wu_manager, shapingba):
    body = {
        "district": "500106",
        "code": "5001060001",
        "name": "甲小学",
        "school_type": "小学",
        "ownership": "公办",
        "location": "城区",
    }
    answer = bearer(wu_manager, "read", "write:schools").post(
        "/api/v1/schools/", body, content_type="application/json"
    )
    assert answer.status_code == 201, answer.json()
    prefix = ApiToken.objects.get().prefix
    entry = Entry.objects.get(action="school.create")
    assert (entry.actor, entry.actor_name) == ("manager", f"吴敏（接口令牌 {prefix}…）")


OWN = "/accounts/tokens/"


def test_ones_own_token_is_shown_once_and_ended(signed_in, chen_officer, liu_officer):
    browser = signed_in(chen_officer)
    page = browser.post(OWN, {"scopes": ["read", "write:selfcheck"], "days": 7})
    text = re.search(r'value="(cqe_[\w-]{43})"', page.text)[1]
    assert "no-store" in page["Cache-Control"]
    token = ApiToken.objects.get()
    assert (token.user, token.digest, token.district) == (chen_officer, digest_of(text), None)
    shown = browser.get(OWN).text
    assert text not in shown
    assert f"作废 {token}" in shown
    assert signed_in(liu_officer).post(OWN, {"end": token.pk}).status_code == 404
    assert browser.post(OWN, {"end": "x"}).status_code == 404
    assert "已作废" in browser.post(OWN, {"end": token.pk}, follow=True).text
    assert "现在没有有效的令牌" in browser.get(OWN).text
    actions = [entry.action for entry in Entry.objects.filter(actor="officer_500106")]
    assert actions == ["token.revoke", "token.create"]


@pytest.mark.parametrize("wrong", [{"days": 400}, {"scopes": []}, {"scopes": ["write:all"]}])
def test_an_impossible_token_of_ones_own_is_told_at_its_input(signed_in, chen_officer, wrong):
    page = signed_in(chen_officer).post(OWN, {"scopes": ["read"], "days": 7} | wrong)
    assert page.status_code == 200
    assert "有问题需要处理" in page.text
    assert not ApiToken.objects.exists()
