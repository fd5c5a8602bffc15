"""How long a session lasts (m34, m35), and what the trail says of it."""

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import User
from districts.services.people import disable_user
from tests.conftest import PASSWORD
from tests.districts.clock import Clock
from tests.reader import words

OWN, LOGIN = "/accounts/password/", "/accounts/login/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def enter(user: User) -> Client:
    client = Client()
    client.post(LOGIN, {"username": user.username, "password": PASSWORD})
    return client


@pytest.mark.parametrize(("seconds", "status"), [(20 * 60 - 5, 200), (20 * 60 + 5, 302)])
def test_m34_twenty_minutes_without_a_sign_of_life(
    chen_officer: User, clock: Clock, seconds: int, status: int
) -> None:
    client = enter(chen_officer)
    clock.let_pass(minutes=10)
    client.get(OWN)
    clock.let_pass(seconds=seconds)
    assert client.get(OWN).status_code == status


@pytest.mark.parametrize(("seconds", "status"), [(-5, 200), (5, 302)])
def test_m34_twelve_hours_however_busy(
    chen_officer: User, clock: Clock, seconds: int, status: int
) -> None:
    client = enter(chen_officer)
    for _quarter in range(47):
        clock.let_pass(minutes=15)
        assert client.get("/accounts/session/").status_code == 200
    clock.let_pass(minutes=15, seconds=seconds)
    assert client.get(OWN).status_code == status


def test_m34_signing_in_again_begins_anew(chen_officer: User, clock: Clock) -> None:
    client = enter(chen_officer)
    for _quarter in range(40):
        clock.let_pass(minutes=15)
        client.get("/accounts/session/")
    client.post(LOGIN, {"username": chen_officer.username, "password": PASSWORD})
    for _quarter in range(40):
        clock.let_pass(minutes=15)
        assert client.get("/accounts/session/").status_code == 200


def test_m34_the_page_says_when_and_afterwards_why(chen_officer: User, clock: Clock) -> None:
    client = enter(chen_officer)
    page = client.get(OWN)
    assert "20 分钟没有操作会自动退出" in words(page)
    assert 'data-idle="1200"' in page.content.decode()
    clock.let_pass(minutes=21)
    assert "太久没有操作，已经自动退出" in words(client.get(OWN, follow=True))


def test_m34_the_api_is_closed_too(chen_officer: User, clock: Clock) -> None:
    client = enter(chen_officer)
    assert client.get("/api/v1/self-checks/").status_code == 200
    clock.let_pass(minutes=21)
    assert client.get("/api/v1/self-checks/").status_code == 401


def test_m35_the_session_has_another_name_after_signing_in(chen_officer: User) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post(LOGIN, {"username": chen_officer.username, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert stolen.get(OWN).status_code == 302


def test_m35_after_signing_out_the_cookie_is_worth_nothing(chen_officer: User) -> None:
    client = enter(chen_officer)
    kept = client.cookies["sessionid"].value
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"storage"'  # drafts on a machine that others use
    stolen = Client()
    stolen.cookies["sessionid"] = kept
    assert stolen.get(OWN).status_code == 302


def test_m35_an_account_closed_meanwhile_is_out_at_once(
    chen_officer: User, yang_keeper: User
) -> None:
    client = enter(chen_officer)
    assert client.get("/api/v1/self-checks/").status_code == 200
    disable_user(user=chen_officer, by=yang_keeper)
    assert client.get(OWN).status_code == 302
    assert client.get("/api/v1/self-checks/").status_code == 401
    enable = {"username": chen_officer.username, "password": PASSWORD}
    assert client.post(LOGIN, enable).status_code == 200


def test_m35_another_password_ends_the_other_sessions(chen_officer: User) -> None:
    here, elsewhere = enter(chen_officer), enter(chen_officer)
    new = {"new_password1": "Lantern-7-river", "new_password2": "Lantern-7-river"}
    assert here.post(OWN, {"old_password": PASSWORD, **new}).status_code == 302
    assert here.get(OWN).status_code == 200
    assert elsewhere.get(OWN).status_code == 302


def test_coming_and_going_is_in_the_trail(chen_officer: User, clock: Clock) -> None:
    client = enter(chen_officer)
    client.post("/accounts/logout/")
    client = enter(chen_officer)
    clock.let_pass(minutes=21)
    client.get(OWN)
    found = Entry.objects.order_by("number").values_list("action", "actor", "address", "reason")
    me, here = chen_officer.username, "127.0.0.1"
    assert list(found)[-4:] == [
        ("session.open", me, here, ""),
        ("session.close", me, here, ""),
        ("session.open", me, here, ""),
        ("session.close", me, here, "太久没有操作"),
    ]


def test_failures_and_the_lock_are_in_the_trail_masked(chen_officer: User) -> None:
    for _attempt in range(9):
        Client().post(LOGIN, {"username": chen_officer.username, "password": "wrong"})
    Client().post(LOGIN, {"username": "MyPassword-typed-here", "password": "x"})
    found = list(Entry.objects.order_by("number").values_list("action", "object_label", "actor"))
    assert found[-6:] == [
        *[("session.fail", "陈静", "")] * 4,
        ("session.lock", "陈静", ""),
        ("session.fail", "", ""),
    ]
    assert "MyPassword" not in str(list(Entry.objects.values()))


def test_who_is_led_to_the_password_page_can_sign_out(chen_officer: User, clock: Clock) -> None:
    clock.let_pass(days=91)
    client = enter(chen_officer)
    assert client.get("/self-checks/").url == OWN
    assert client.post("/accounts/logout/").status_code == 302
