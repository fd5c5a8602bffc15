"""One keeper alone opens no account that signs or decides: another agrees and hands over."""

from typing import Any

import pytest
from django.core import mail

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed
from audit.verification import differences_of_rows
from districts.models import AccountLink, District, User
from districts.roles import Role
from districts.services import links, people
from districts.services.agreeing import agree
from tests.conftest import person

GOOD = "Kettle-9-orbit-Maple"
PORTAL = "https://portal.example.cn/"


@pytest.fixture
def yin_keeper(reference: None) -> User:
    """尹青, the other keeper."""
    return person("keeper2", "尹青", Role.KEEPER)


def opened(role: str, by: User | None, **more: Any) -> tuple[User, str]:
    return people.create_user(username="wen", display_name="文悦", role=role, by=by, **more)


@pytest.mark.parametrize(
    ("role", "reach"),
    [("inspector", "city"), ("manager", "city"), ("auditor", "city"), ("keeper", "accounts")],
)
def test_m43_who_asks_for_a_city_account_never_sees_its_link(
    yang_keeper: User, yin_keeper: User, role: str, reach: str
) -> None:
    user, shown = opened(role, yang_keeper, reach=reach)
    assert shown == ""
    with pytest.raises(NotAllowed, match="另一位系统管理员"):
        agree(user=user, by=yang_keeper)
    secret = agree(user=user, by=yin_keeper)
    assert links.owner_of(secret) == user
    links.use(secret=secret, password=GOOD, by=user)
    assert User.objects.get(pk=user.pk).check_password(GOOD)


def test_m43_a_signatory_is_opened_by_two_and_an_officer_by_one(
    yang_keeper: User, shapingba: District
) -> None:
    where = {"reach": "district", "district": shapingba}
    assert opened("signatory", yang_keeper, **where)[1] == ""
    _user, secret = people.create_user(
        username="ren", display_name="任溪", role="officer", by=yang_keeper, **where
    )
    assert links.owner_of(secret)


@pytest.mark.parametrize("who", ["zhou_inspector", "zhao_signatory", "wu_manager"])
def test_m42_a_keeper_who_resets_a_password_does_not_come_to_know_the_new_one(
    request: pytest.FixtureRequest, yang_keeper: User, yin_keeper: User, who: str
) -> None:
    user = request.getfixturevalue(who)
    assert people.reset_password(user=user, by=yang_keeper) == ""
    people.disable_user(user=user, by=yang_keeper)
    assert people.enable_user(user=user, by=yang_keeper) == ""
    assert links.owner_of(agree(user=user, by=yin_keeper)) == user


def test_m43_an_account_opened_alone_is_not_made_one_that_decides(
    yang_keeper: User, chen_officer: User, zhou_inspector: User
) -> None:
    for place in ({"role": "signatory"}, {"role": "inspector", "reach": "city", "district": None}):
        with pytest.raises(NotAllowed, match="新开账号"):
            people.update_user(user=chen_officer, by=yang_keeper, **place)
    assert User.objects.get(pk=chen_officer.pk).role == Role.OFFICER
    people.update_user(user=zhou_inspector, by=yang_keeper, role="manager")
    assert User.objects.get(pk=zhou_inspector.pk).role == Role.MANAGER


@pytest.mark.parametrize("who", ["wu_manager", "zhou_inspector", "he_auditor", "zhao_signatory"])
def test_only_keepers_agree(request: pytest.FixtureRequest, yang_keeper: User, who: str) -> None:
    user, _none = opened("inspector", yang_keeper, reach="city")
    with pytest.raises(NotAllowed):
        agree(user=user, by=request.getfixturevalue(who))


def test_it_is_agreed_to_once_and_told(yang_keeper: User, yin_keeper: User) -> None:
    user, _none = opened("inspector", yang_keeper, reach="city")
    agree(user=user, by=yin_keeper)
    with pytest.raises(Conflict, match="没有等待同意"):
        agree(user=user, by=yin_keeper)
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.changes) == (
        "user.agree",
        "keeper2",
        {"asked_by": "keeper"},
    )
    assert not list(differences_of_rows())


def test_an_account_closed_meanwhile_is_agreed_to_by_nobody(
    yang_keeper: User, yin_keeper: User
) -> None:
    user, _none = opened("inspector", yang_keeper, reach="city")
    people.disable_user(user=user, by=yang_keeper)
    with pytest.raises(Conflict):
        agree(user=user, by=yin_keeper)


def test_the_letter_leaves_when_another_has_agreed(
    yang_keeper: User, yin_keeper: User, django_capture_on_commit_callbacks: Any
) -> None:
    about = {"reach": "city", "email": "wen@example.cn", "origin": PORTAL}
    user, _none = opened("inspector", yang_keeper, **about)
    links.deliver()
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        assert agree(user=user, by=yin_keeper) == ""
    links.deliver()
    [letter] = mail.outbox
    assert letter.to == ["wen@example.cn"]


def test_the_letter_goes_to_the_address_that_was_agreed_to(
    yang_keeper: User, yin_keeper: User
) -> None:
    """Not to one that stood there only while the link was asked for."""
    about = {"reach": "city", "email": "yang@example.cn", "origin": PORTAL}
    user, _none = opened("inspector", yang_keeper, **about)
    people.update_user(user=user, email="wen@example.cn", by=yang_keeper)
    agree(user=user, by=yin_keeper)
    links.deliver()
    assert [letter.to for letter in mail.outbox] == [["wen@example.cn"]]


def test_who_runs_the_machine_needs_no_second(reference: None) -> None:
    user, secret = opened("keeper", None, reach="accounts")
    assert links.owner_of(secret) == user
    assert AccountLink.objects.get().asked_by == ""


def test_the_admin_says_who_waits_and_shows_the_link_to_the_other_alone(
    signed_in: Any, yang_keeper: User, yin_keeper: User
) -> None:
    asking, agreeing = signed_in(yang_keeper), signed_in(yin_keeper)
    about = {"username": "wen", "display_name": "文悦", "role": "inspector", "reach": "city"}
    page = asking.post("/admin/districts/user/add/", about, follow=True)
    assert "等另一位系统管理员核对本人后同意" in page.text
    assert "/accounts/link/" not in page.text
    listed = "/admin/districts/user/?asked=yes"
    assert "文悦" in asking.get(listed).text
    assert "周岚" not in asking.get(listed).text
    chosen = {"action": "agree", "_selected_action": User.objects.get(username="wen").pk}
    refused = asking.post(listed, chosen, follow=True)
    assert "须由另一位系统管理员" in refused.text
    assert "/accounts/link/" in agreeing.post(listed, chosen, follow=True).text
    assert "文悦" not in asking.get(listed).text
