"""Accounts are opened, changed and closed by their keepers; closing ends everything at once."""

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import ApiToken, User
from districts.scope import ACCOUNTS, CITY, DISTRICT
from districts.services import people
from districts.services.links import owner_of
from districts.services.people import create_token
from tests.conftest import person


def test_a_new_account_waits_for_its_owner(yang_keeper, shapingba):
    user, secret = people.create_user(
        username="officer_new",
        display_name="郑宇",
        role="officer",
        reach=DISTRICT,
        district=shapingba,
        by=yang_keeper,
    )
    assert not User.objects.get(username="officer_new").has_usable_password()
    assert owner_of(secret) == user
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.district_code) == ("user.create", "keeper", "500106")
    assert secret not in str(entry.changes)


@pytest.mark.parametrize(
    ("role", "reach", "in_district", "field"),
    [
        ("officer", CITY, False, "reach"),
        ("signatory", CITY, False, "reach"),
        ("officer", DISTRICT, False, "district"),
        ("inspector", DISTRICT, True, "reach"),
        ("client", CITY, True, "district"),
        ("manager", ACCOUNTS, False, "reach"),
        ("keeper", CITY, False, "reach"),
        ("keeper", ACCOUNTS, True, "district"),
        ("emperor", CITY, False, "role"),
    ],
)
def test_role_reach_and_district_must_fit(yang_keeper, shapingba, role, reach, in_district, field):
    with pytest.raises(Unusable) as refusal:
        people.create_user(
            username="somebody",
            display_name="某人",
            role=role,
            reach=reach,
            district=shapingba if in_district else None,
            by=yang_keeper,
        )
    assert field in refusal.value.fields
    assert not User.objects.filter(username="somebody").exists()


def test_a_taken_name_is_told_on_its_field(yang_keeper):
    with pytest.raises(Unusable) as refusal:
        people.create_user(
            username="keeper", display_name="另一位", role="auditor", reach=CITY, by=yang_keeper
        )
    assert "这个账号已经有账号在用" in str(refusal.value.fields["username"])


def test_disabling_ends_sessions_and_tokens_for_good(yang_keeper, chen_officer, signed_in):
    browser = signed_in(chen_officer)
    create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    people.disable_user(user=chen_officer, by=yang_keeper)
    assert "_auth_user_id" in browser.session
    assert browser.get("/accounts/password/").status_code == 302
    assert ApiToken.objects.get().revoked_at
    people.enable_user(user=chen_officer, by=yang_keeper)
    assert browser.get("/accounts/password/").status_code == 302, "the old session came back"
    assert ApiToken.objects.get().revoked_at


def test_resetting_a_password_ends_it_and_its_sessions(yang_keeper, chen_officer, signed_in):
    browser = signed_in(chen_officer)
    secret = people.reset_password(user=chen_officer, by=yang_keeper)
    assert browser.get("/accounts/password/").status_code == 302
    chen_officer.refresh_from_db()
    assert not chen_officer.has_usable_password()
    assert owner_of(secret) == chen_officer
    assert Entry.objects.first().action == "user.reset"


def test_moving_to_another_district_ends_tokens(yang_keeper, chen_officer, tongliang):
    create_token(
        user=chen_officer, scopes=["read"], by=chen_officer, district=chen_officer.district
    )
    people.update_user(user=chen_officer, by=yang_keeper, district=tongliang)
    assert ApiToken.objects.get().revoked_at
    assert Entry.objects.first().changes == {
        "district": [
            {"code": "500106", "name": "沙坪坝区"},
            {"code": "500151", "name": "铜梁区"},
        ]
    }


def test_a_new_name_keeps_tokens_and_no_change_leaves_no_entry(yang_keeper, chen_officer):
    create_token(user=chen_officer, scopes=["read"], by=chen_officer)
    people.update_user(user=chen_officer, by=yang_keeper, display_name="陈静怡")
    assert ApiToken.objects.get().revoked_at is None
    before = Entry.objects.count()
    people.update_user(user=chen_officer, by=yang_keeper, display_name="陈静怡")
    assert Entry.objects.count() == before


def test_the_last_keeper_stays(yang_keeper, zhou_inspector):
    with pytest.raises(Conflict):
        people.update_user(user=yang_keeper, by=None, role="auditor", reach=CITY)
    with pytest.raises(Conflict):
        people.disable_user(user=yang_keeper, by=None)
    with pytest.raises(Conflict):
        people.disable_user(user=yang_keeper, by=yang_keeper)
    assert User.objects.get(pk=yang_keeper.pk).is_active


def test_m43_nobody_changes_her_own_role(yang_keeper):
    """Not even while there is another keeper; her own name she may."""
    person("keeper2", "尹青", "keeper")
    with pytest.raises(NotAllowed, match="自己的角色"):
        people.update_user(user=yang_keeper, by=yang_keeper, role="manager", reach=CITY)
    people.update_user(user=yang_keeper, by=yang_keeper, display_name="杨帆帆")
    stored = User.objects.get(pk=yang_keeper.pk)
    assert (stored.role, stored.display_name) == ("keeper", "杨帆帆")


def test_a_change_on_an_old_page_is_noticed(yang_keeper, chen_officer):
    seen = people.tag_of(chen_officer)
    people.update_user(user=chen_officer, by=yang_keeper, email="chen@example.cn")
    with pytest.raises(Stale):
        people.update_user(user=chen_officer, by=yang_keeper, expected=seen, display_name="别名")


@pytest.mark.parametrize("who", ["wu_manager", "zhou_inspector", "he_auditor", "chen_officer"])
@pytest.mark.parametrize("verb", [people.disable_user, people.reset_password, people.update_user])
def test_others_may_not(request, zhao_signatory, who, verb):
    with pytest.raises(NotAllowed):
        verb(user=zhao_signatory, by=request.getfixturevalue(who))


def test_what_is_already_so_is_said(yang_keeper, chen_officer):
    with pytest.raises(Conflict):
        people.enable_user(user=chen_officer, by=yang_keeper)
    people.disable_user(user=chen_officer, by=yang_keeper)
    entries = Entry.objects.count()
    people.disable_user(user=chen_officer, by=yang_keeper)
    assert Entry.objects.count() == entries
    with pytest.raises(Conflict):
        people.reset_password(user=chen_officer, by=yang_keeper)


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
    yang_keeper, shapingba, role, reach, office, field
):
    district = shapingba if reach == "district" else None
    about = {"role": role, "reach": reach, "district": district, "office": office}
    with pytest.raises(Unusable) as refused:
        people.create_user(username="cai", display_name="蔡", by=yang_keeper, **about)
    assert field in refused.value.fields


def test_a_department_is_opened(yang_keeper, shapingba):
    about = {"role": "department", "reach": "district", "district": shapingba, "office": "finance"}
    user, _password = people.create_user(username="cai", display_name="蔡", by=yang_keeper, **about)
    assert (user.role, user.office, user.is_staff) == ("department", "finance", False)
