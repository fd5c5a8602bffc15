"""Where one is signed in: listed, ended with the password, ten places at most (m35)."""

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import User
from districts.services.entered import MOST, entered
from tests.conftest import PASSWORD
from tests.districts.clock import Clock
from tests.districts.test_sessions import enter
from tests.reader import links, words

PAGE, OWN = "/accounts/sessions/", "/accounts/password/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def is_in(client: Client) -> bool:
    return client.get(OWN).status_code == 200


def test_other_places_are_listed_and_nobody_elses(chen_officer: User, liu_officer: User) -> None:
    here, there = enter(chen_officer), Client(REMOTE_ADDR="10.3.2.1")
    enter(liu_officer)
    assert "没有在别处登录" in words(here.get(PAGE))
    there.post("/accounts/login/", {"username": chen_officer.username, "password": PASSWORD})
    page = here.get(PAGE)
    assert "no-store" in page["Cache-Control"]
    assert page.text.count('type="checkbox"') == 1
    assert "10.3.2.1" in words(page)
    assert there.session.session_key not in page.text


def test_the_own_name_leads_here_and_from_here_to_the_password(chen_officer: User) -> None:
    here = enter(chen_officer)
    assert f'<a href="{PAGE}" title="我的登录">陈静</a>' in here.get("/").text
    assert OWN in links(here.get(PAGE))


def test_m35_the_password_ends_one_and_leaves_the_others(chen_officer: User) -> None:
    here, there, third = (enter(chen_officer) for _place in range(3))
    names = {each.key: each.name for each in entered(chen_officer)}
    chosen = {"end": names[there.session.session_key], "password": PASSWORD}
    assert "密码不对" in words(here.post(PAGE, {**chosen, "password": "Wrong-Boats-42!"}))
    assert "请选择" in words(here.post(PAGE, {"password": PASSWORD}))
    assert is_in(there)
    assert "已结束 1 处登录" in words(here.post(PAGE, chosen, follow=True))
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    told = Entry.objects.filter(action="session.close").latest("number")
    assert (told.actor, told.reason) == ("officer_500106", "本人在另一处结束")


def test_all_others_end_at_once(chen_officer: User) -> None:
    here, *others = (enter(chen_officer) for _place in range(3))
    here.post(PAGE, {"all": "1", "password": PASSWORD})
    assert [is_in(client) for client in (here, *others)] == [True, False, False]


def test_nobody_ends_what_is_not_hers(chen_officer: User, liu_officer: User) -> None:
    here, hers = enter(chen_officer), enter(liu_officer)
    (other,) = entered(liu_officer)
    for chosen in ({"end": other.name}, {"end": other.key}, {"all": "1"}):
        here.post(PAGE, {**chosen, "password": PASSWORD})
    assert is_in(hers)


def test_passwords_are_not_tried_here_more_often_than_at_the_door(chen_officer: User) -> None:
    here, there = enter(chen_officer), enter(chen_officer)
    for _again in range(5):
        here.post(PAGE, {"all": "1", "password": "Wrong-Boats-42!"})
    here.post(PAGE, {"all": "1", "password": PASSWORD})
    assert is_in(there)


def test_m35_the_eleventh_place_ends_the_one_idle_for_longest(
    chen_officer: User, clock: Clock
) -> None:
    places = []
    for _place in range(MOST):
        places.append(enter(chen_officer))
        clock.let_pass(seconds=30)
    is_in(places[0])  # a sign of life
    places.append(enter(chen_officer))
    assert [is_in(client) for client in places] == [True, False, *[True] * (MOST - 1)]
    assert len(entered(chen_officer)) == MOST


def test_what_is_over_or_before_another_password_is_not_told(
    chen_officer: User, clock: Clock
) -> None:
    enter(chen_officer)
    clock.let_pass(minutes=21)
    assert entered(chen_officer) == []
    enter(chen_officer)
    chen_officer.set_password("Lantern-7-river")
    chen_officer.save()
    assert entered(chen_officer) == []
