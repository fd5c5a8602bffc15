"""Nobody types or sees another's password: its owner sets it by a link that works once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from audit.models import Entry
from audit.refusals import Conflict
from audit.verification import differences_of_rows
from districts.models import AccountLink, District, User
from districts.services import links, people
from tests.conftest import PASSWORD

GOOD = "Kettle-9-orbit-Maple"
TYPED = {"new_password1": GOOD, "new_password2": GOOD}
PORTAL = "https://portal.example.cn/"


@pytest.fixture
def zheng(yang_keeper: User, shapingba: District) -> tuple[User, str]:
    """郑宇, whose account was opened just now, and the secret of his link."""
    return people.create_user(
        username="officer_new",
        display_name="郑宇",
        role="officer",
        reach="district",
        district=shapingba,
        by=yang_keeper,
    )


def test_an_account_has_no_password_until_its_owner_sets_one(
    zheng: tuple[User, str], client: Client
) -> None:
    user, secret = zheng
    address = links.path_of(secret)
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200, "looking used it up"
    page = client.post(address, TYPED)
    assert (page.status_code, page["Location"]) == (302, "/accounts/login/")
    assert User.objects.get(pk=user.pk).check_password(GOOD)
    assert "_auth_user_id" not in client.session
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.object_id) == (
        "user.password",
        "officer_new",
        str(user.pk),
    )
    assert not list(differences_of_rows())


def test_a_link_works_once(zheng: tuple[User, str], client: Client) -> None:
    user, secret = zheng
    links.use(secret=secret, password=GOOD, by=user)
    other = {name: "Another-4-lantern-Fig" for name in TYPED}
    for answer in (client.get(links.path_of(secret)), client.post(links.path_of(secret), other)):
        assert answer.status_code == 404
        assert "已经用过、作废或过期" in answer.text
    with pytest.raises(Conflict):
        links.use(secret=secret, password="Another-4-lantern-Fig", by=user)  # noqa: S106
    assert User.objects.get(pk=user.pk).check_password(GOOD)


@pytest.mark.parametrize(("seconds", "is_good"), [(-5, True), (5, False)])
def test_a_link_ends_after_three_days(
    zheng: tuple[User, str], monkeypatch: pytest.MonkeyPatch, seconds: int, is_good: bool
) -> None:
    made = AccountLink.objects.get().created_at
    later = made + timedelta(days=3, seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert (links.owner_of(zheng[1]) is not None) is is_good


def test_only_a_fingerprint_is_kept(zheng: tuple[User, str]) -> None:
    secret = zheng[1]
    row = AccountLink.objects.values().get()
    assert len(secret) == 43
    assert not any(secret in str(value) for value in row.values())
    kept = Entry.objects.values_list("changes", flat=True)
    assert not any(secret in str(changes) for changes in kept)


def test_a_later_link_and_a_closed_account_end_the_one_before(
    zheng: tuple[User, str], yang_keeper: User
) -> None:
    user, first = zheng
    second = people.reset_password(user=user, by=yang_keeper)
    assert links.owner_of(first) is None
    assert links.owner_of(second) == user
    people.disable_user(user=user, by=yang_keeper)
    assert links.owner_of(second) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("12345678901", "12345678901"), "密码"),
        ((GOOD, GOOD + "x"), "两"),
        (("", ""), "有问题需要处理"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_stays(
    zheng: tuple[User, str], client: Client, typed: tuple[str, str], sentence: str
) -> None:
    page = client.post(links.path_of(zheng[1]), dict(zip(TYPED, typed, strict=True)))
    assert page.status_code == 200
    assert sentence in page.text
    assert links.owner_of(zheng[1]) is not None


def test_nobody_finds_a_link_by_guessing(client: Client, db: None) -> None:
    assert client.get("/accounts/link/guessed/").status_code == 404
    assert client.post("/accounts/link/guessed/", TYPED).status_code == 404


@pytest.fixture
def with_mail(yang_keeper: User, zheng: tuple[User, str]) -> User:
    return people.update_user(user=zheng[0], email="zheng@example.cn", by=yang_keeper)


def test_with_an_address_the_link_goes_there_and_the_keeper_sees_none(
    with_mail: User, yang_keeper: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        told = people.reset_password(user=with_mail, by=yang_keeper, origin=PORTAL)
    assert told == ""
    assert DBTaskResult.objects.get().task_path == "districts.services.links.send_links"
    links.deliver()
    [letter] = mail.outbox
    assert letter.to == ["zheng@example.cn"]
    [address] = re.findall(r"https://portal\.example\.cn(/\S+)", str(letter.body))
    assert client.post(address, TYPED).status_code == 302
    assert User.objects.get(pk=with_mail.pk).check_password(GOOD)
    assert "user.link" in Entry.objects.values_list("action", flat=True)
    assert not list(differences_of_rows())


def test_a_letter_that_could_not_leave_is_written_again(
    with_mail: User, yang_keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.reset_password(user=with_mail, by=yang_keeper, origin=PORTAL)

    def fails(letter: Any) -> None:
        raise OSError("no answer")

    with monkeypatch.context() as dead:
        dead.setattr(EmailMessage, "send", fails)
        with pytest.raises(OSError, match="no answer"):
            links.deliver()
    assert mail.outbox == []
    links.deliver()
    links.deliver()
    assert len(mail.outbox) == 1


def test_no_letter_goes_to_a_closed_account(with_mail: User, yang_keeper: User) -> None:
    people.reset_password(user=with_mail, by=yang_keeper, origin=PORTAL)
    people.disable_user(user=with_mail, by=yang_keeper)
    links.deliver()
    assert mail.outbox == []


def test_a_system_gets_no_link(yang_keeper: User) -> None:
    _user, secret = people.create_user(
        username="platform", display_name="平台", role="client", reach="city", by=yang_keeper
    )
    assert secret == ""
    assert not AccountLink.objects.exists()


def test_a_password_that_was_reset_does_not_come_back(
    chen_officer: User, yang_keeper: User, client: Client
) -> None:
    secret = people.reset_password(user=chen_officer, by=yang_keeper)
    page = client.post(links.path_of(secret), dict.fromkeys(TYPED, PASSWORD))
    assert page.status_code == 200
    assert "最近五次" in page.text


def test_the_address_before_is_told_that_there_is_another(
    with_mail: User, yang_keeper: User, django_capture_on_commit_callbacks: Any, worker: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        people.update_user(user=with_mail, email="other@example.cn", by=yang_keeper)
    task = DBTaskResult.objects.get()
    assert task.task_path == "districts.services.old_address.send"
    worker()
    [letter] = mail.outbox
    assert letter.to == ["zheng@example.cn"]
    assert with_mail.username in letter.body
    assert "other@example.cn" not in letter.body
