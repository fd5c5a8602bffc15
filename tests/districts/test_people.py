"""Accounts are opened, changed and closed by managers; closing ends everything at once."""

import pytest
from django.contrib.auth.password_validation import validate_password

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import ApiToken, User
from districts.passwords import must_change
from districts.scope import CITY, DISTRICT
from districts.services import people
from districts.services.people import create_token


def test_a_new_account_gets_a_password_that_its_owner_must_change(wu_manager, shapingba):
    user, password = people.create_user(
        username="officer_new",
        display_name="郑宇",
        role="officer",
        reach=DISTRICT,
        district=shapingba,
        by=wu_manager,
    )
    validate_password(password, user)
    assert User.objects.get(username="officer_new").check_password(password)
    assert must_change(user)
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.district_code) == ("user.create", "manager", "500106")
    assert password not in str(entry.changes)


@pytest.mark.parametrize(
    ("role", "reach", "in_district", "field"),
    [
        ("officer", CITY, False, "reach"),
        ("signatory", CITY, False, "reach"),
        ("officer", DISTRICT, False, "district"),
        ("inspector", DISTRICT, True, "reach"),
        ("client", CITY, True, "district"),
        ("emperor", CITY, False, "role"),
    ],
)
def test_role_reach_and_district_must_fit(wu_manager, shapingba, role, reach, in_district, field):
    with pytest.raises(Unusable) as refusal:
        people.create_user(
            username="somebody",
            display_name="某人",
            role=role,
            reach=reach,
            district=shapingba if in_district else None,
            by=wu_manager,
        )
    assert field in refusal.value.fields
    assert not User.objects.filter(username="somebody").exists()


def test_a_taken_name_is_told_on_its_field(wu_manager):
    with pytest.raises(Unusable) as refusal:
        people.create_user(
            username="manager", display_name="另一位", role="auditor", reach=CITY, by=wu_manager
        )
    assert "username" in refusal.value.fields


def test_disabling_ends_sessions_and_tokens_for_good(wu_manager, chen_officer, signed_in):
    browser = signed_in(chen_officer)
    create_token(user=chen_officer, scopes=["read"], by=wu_manager)
    people.disable_user(user=chen_officer, by=wu_manager)
    assert "_auth_user_id" in browser.session
    assert browser.get("/accounts/password/").status_code == 302
    assert ApiToken.objects.get().revoked_at
    people.enable_user(user=chen_officer, by=wu_manager)
    assert browser.get("/accounts/password/").status_code == 302, "the old session came back"
    assert ApiToken.objects.get().revoked_at


def test_a_new_password_ends_sessions(wu_manager, chen_officer, signed_in):
    browser = signed_in(chen_officer)
    password = people.reset_password(user=chen_officer, by=wu_manager)
    assert browser.get("/accounts/password/").status_code == 302
    chen_officer.refresh_from_db()
    assert chen_officer.check_password(password)


def test_moving_to_another_district_ends_tokens(wu_manager, chen_officer, tongliang):
    create_token(user=chen_officer, scopes=["read"], by=wu_manager, district=chen_officer.district)
    people.update_user(user=chen_officer, by=wu_manager, district=tongliang)
    assert ApiToken.objects.get().revoked_at
    assert Entry.objects.first().changes == {
        "district": [
            {"code": "500106", "name": "沙坪坝区"},
            {"code": "500151", "name": "铜梁区"},
        ]
    }


def test_a_new_name_keeps_tokens_and_no_change_leaves_no_entry(wu_manager, chen_officer):
    create_token(user=chen_officer, scopes=["read"], by=wu_manager)
    people.update_user(user=chen_officer, by=wu_manager, display_name="陈静怡")
    assert ApiToken.objects.get().revoked_at is None
    before = Entry.objects.count()
    people.update_user(user=chen_officer, by=wu_manager, display_name="陈静怡")
    assert Entry.objects.count() == before


def test_the_last_manager_stays(wu_manager, zhou_inspector):
    with pytest.raises(Conflict):
        people.update_user(user=wu_manager, by=wu_manager, role="auditor")
    with pytest.raises(Conflict):
        people.disable_user(user=wu_manager, by=None)
    with pytest.raises(Conflict):
        people.disable_user(user=wu_manager, by=wu_manager)
    assert User.objects.get(pk=wu_manager.pk).is_active


def test_a_change_on_an_old_page_is_noticed(wu_manager, chen_officer):
    seen = people.tag_of(chen_officer)
    people.update_user(user=chen_officer, by=wu_manager, email="chen@example.cn")
    with pytest.raises(Stale):
        people.update_user(user=chen_officer, by=wu_manager, expected=seen, display_name="别名")


@pytest.mark.parametrize("who", ["zhou_inspector", "he_auditor", "chen_officer"])
@pytest.mark.parametrize("verb", [people.disable_user, people.reset_password, people.update_user])
def test_others_may_not(request, zhao_signatory, who, verb):
    with pytest.raises(NotAllowed):
        verb(user=zhao_signatory, by=request.getfixturevalue(who))


def test_what_is_already_so_is_said(wu_manager, chen_officer):
    with pytest.raises(Conflict):
        people.enable_user(user=chen_officer, by=wu_manager)
    people.disable_user(user=chen_officer, by=wu_manager)
    entries = Entry.objects.count()
    people.disable_user(user=chen_officer, by=wu_manager)
    assert Entry.objects.count() == entries
    with pytest.raises(Conflict):
        people.reset_password(user=chen_officer, by=wu_manager)


@pytest.mark.parametrize(
    ("role", "reach", "office", "field"),
    [
        ("department", "district", "", "office"),
        ("department", "city", "finance", "reach"),
        ("officer", "district", "finance", "office"),
        ("department", "district", "school", "office"),
    ],
)
def test_a_department_is_one_office_of_one_district(
    wu_manager, shapingba, role, reach, office, field
):
    district = shapingba if reach == "district" else None
    about = {"role": role, "reach": reach, "district": district, "office": office}
    with pytest.raises(Unusable) as refused:
        people.create_user(username="cai", display_name="蔡", by=wu_manager, **about)
    assert field in refused.value.fields


def test_a_department_is_opened(wu_manager, shapingba):
    about = {"role": "department", "reach": "district", "district": shapingba, "office": "finance"}
    user, _password = people.create_user(username="cai", display_name="蔡", by=wu_manager, **about)
    assert (user.role, user.office, user.is_staff) == ("department", "finance", False)
