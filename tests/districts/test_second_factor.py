"""The second factor (m29, m33): set up, asked for, used once, recovered from, reset."""

import re
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from audit.refusals import NotAllowed
from districts.models import SecondFactor, User
from districts.services import factors
from tests.conftest import PASSWORD
from tests.districts.clock import Clock, set_up, shown_by_app
from tests.reader import words

LOGIN, CODE, OWN = "/accounts/login/", "/accounts/code/", "/accounts/second-factor/"
WRONG = "动态口令不对"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def having(signed_in: Any, zhao_signatory: User, clock: Clock) -> dict[str, Any]:
    """赵明 has set one up, a while ago."""
    client = signed_in(zhao_signatory)
    secret, page = set_up(client, clock)
    clock.let_pass(minutes=2)
    codes = re.findall(r"<code>([a-z0-9-]+)</code>", page.content.decode())
    return {"secret": secret, "codes": codes, "user": zhao_signatory, "client": client}


def enter(code: str, address: str = "10.0.0.1", client: Client | None = None, **asked: str) -> Any:
    client = client or Client(REMOTE_ADDR=address)
    account = {"username": "signatory_500106", "password": PASSWORD, **asked}
    assert client.post(LOGIN, account).status_code == 302
    return client.post(CODE, {"code": code})


def test_m33_after_the_password_the_code_is_asked_for(having: Any, clock: Clock) -> None:
    client = Client()
    answer = client.post(LOGIN, {"username": "signatory_500106", "password": PASSWORD})
    assert answer.url == CODE
    assert client.get("/self-checks/").status_code == 302
    assert "5 分钟内" in words(client.get(CODE))
    answer = client.post(CODE, {"code": shown_by_app(having["secret"], clock)})
    assert answer.url == "/self-checks/now/"
    assert client.get("/accounts/password/").status_code == 200


def test_m33_a_code_is_taken_once(having: Any, clock: Clock) -> None:
    code = shown_by_app(having["secret"], clock)
    assert enter(code).status_code == 302
    assert WRONG in words(enter(code))
    clock.let_pass(seconds=30)
    assert enter(shown_by_app(having["secret"], clock)).status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(29, 302), (61, 200)])
def test_m33_a_code_is_good_for_its_step_and_the_next(
    having: Any, clock: Clock, seconds: int, status: int
) -> None:
    clock.let_pass(seconds=30 - clock.now.timestamp() % 30)
    code = shown_by_app(having["secret"], clock)
    clock.let_pass(seconds=seconds)
    assert enter(code).status_code == status


def test_m33_recovery_codes_are_hashed_and_taken_once(having: Any) -> None:
    assert len(having["codes"]) == 8
    kept = SecondFactor.objects.get(user=having["user"])
    assert not any(code.replace("-", "") in str(kept.codes) for code in having["codes"])
    assert enter(having["codes"][0].upper()).status_code == 302
    assert WRONG in words(enter(having["codes"][0]))
    kept.refresh_from_db()
    assert len(kept.codes) == 7


def test_the_password_is_not_enough_for_a_minute_longer(having: Any, clock: Clock) -> None:
    client = Client()
    client.post(LOGIN, {"username": "signatory_500106", "password": PASSWORD})
    clock.let_pass(minutes=5, seconds=1)
    assert client.get(CODE).url == LOGIN
    assert Client().get(CODE).url == LOGIN


def test_a_password_changed_meanwhile_ends_it(having: Any) -> None:
    client = Client()
    client.post(LOGIN, {"username": "signatory_500106", "password": PASSWORD})
    having["user"].set_password("Lantern-7-river")
    having["user"].save()
    assert client.get(CODE).url == LOGIN


def test_the_wanted_page_is_reached_and_no_other_site(having: Any, clock: Clock) -> None:
    code = shown_by_app(having["secret"], clock)
    assert enter(code, next="/self-checks/notices/").url == "/self-checks/notices/"
    assert enter(having["codes"][1], next="https://evil.example/").url == "/self-checks/now/"


def test_m29_guessing_codes_locks_one_address_and_nobody_elsewhere(
    having: Any, clock: Clock
) -> None:
    for _attempt in range(4):
        assert WRONG in words(enter("000000"))
    assert enter("000000").status_code == 429
    client = Client(REMOTE_ADDR="10.0.0.1")
    account = {"username": "signatory_500106", "password": PASSWORD}
    assert client.post(LOGIN, account).status_code == 429
    answer = enter(shown_by_app(having["secret"], clock), address="10.0.0.2")
    assert answer.url == "/self-checks/now/"


def test_m29_a_password_accepted_before_is_shut_out_too(having: Any, clock: Clock) -> None:
    early = Client(REMOTE_ADDR="10.0.0.1")
    early.post(LOGIN, {"username": "signatory_500106", "password": PASSWORD})
    for _attempt in range(5):
        enter("000000")
    code = shown_by_app(having["secret"], clock)
    assert early.post(CODE, {"code": code}).status_code == 429


def test_new_codes_replace_the_old_ones(having: Any, clock: Clock) -> None:
    page = having["client"].post(OWN, {"code": having["codes"][0], "renew": "1"})
    fresh = re.findall(r"<code>([a-z0-9-]+)</code>", page.content.decode())
    assert len(fresh) == 8
    assert "no-store" in page["Cache-Control"]
    assert WRONG in words(enter(having["codes"][1]))
    assert enter(fresh[0]).status_code == 302


def test_ending_it_takes_a_code(having: Any, clock: Clock) -> None:
    client = having["client"]
    assert WRONG in words(client.post(OWN, {"code": "123", "end": "1"}))
    code = shown_by_app(having["secret"], clock)
    assert client.post(OWN, {"code": code, "end": "1"}).status_code == 302
    assert not SecondFactor.objects.exists()


def test_a_wrong_code_sets_up_nothing(signed_in: Any, zhao_signatory: User) -> None:
    answer = signed_in(zhao_signatory).post(OWN, {"code": "12345", "password": PASSWORD})
    assert WRONG in words(answer)
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("who", ["zhao_signatory", "zhou_inspector", "wu_manager", "he_auditor"])
def test_m33_where_it_is_required_nothing_else_is_open(
    signed_in: Any, request: Any, settings: Any, clock: Clock, who: str
) -> None:
    settings.SECOND_FACTOR = "required"
    client = signed_in(request.getfixturevalue(who))
    for path in ("/", "/self-checks/", "/admin/", "/accounts/password/"):
        assert client.get(path).url == OWN
    refused = client.get("/api/v1/districts/")
    assert refused.status_code == 403
    assert "动态口令" in refused.json()["detail"]
    assert "请先开启再继续" in words(client.get(OWN))
    set_up(client, clock)
    assert client.get("/accounts/password/").status_code == 200
    assert client.get("/api/v1/districts/").status_code == 200
    assert "换手机" in words(client.get(OWN))


def test_m29_a_session_without_the_password_sets_nothing_up(
    signed_in: Any, zhao_signatory: User, clock: Clock
) -> None:
    client = signed_in(zhao_signatory)
    for _again in range(5):
        _secret, page = set_up(client, clock, password="Wrong-Boats-42!")
    assert factors.factor_of(zhao_signatory) is None
    _secret, page = set_up(client, clock)
    assert page.status_code == 429
    assert factors.factor_of(zhao_signatory) is None
    failures = Entry.objects.filter(action="session.fail").values_list("changes__factor", flat=True)
    assert set(failures) == {"password"}


def test_the_page_says_which_of_both_is_wrong(
    signed_in: Any, zhao_signatory: User, clock: Clock
) -> None:
    client = signed_in(zhao_signatory)
    assert "密码不对" in words(set_up(client, clock, password="Wrong-Boats-42!")[1])
    assert "请填写密码" in words(client.post(OWN, {"code": "000000"}))


def test_where_it_is_required_another_phone_is_set_up_at_once(
    having: Any, settings: Any, clock: Clock
) -> None:
    settings.SECOND_FACTOR = "required"
    client = having["client"]
    client.post(OWN, {"code": shown_by_app(having["secret"], clock), "end": "1"})
    assert client.get("/self-checks/").url == OWN
    secret, _page = set_up(client, clock)
    assert secret != having["secret"]
    assert client.get("/accounts/password/").status_code == 200


def test_m33_officers_need_one_where_everybody_does(
    signed_in: Any, chen_officer: User, settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    assert signed_in(chen_officer).get("/accounts/password/").status_code == 200
    settings.SECOND_FACTOR = "everybody"
    assert signed_in(chen_officer).get("/accounts/password/").url == OWN


def test_who_keeps_accounts_resets_it_and_nobody_else(
    having: Any, yang_keeper: User, wu_manager: User
) -> None:
    with pytest.raises(NotAllowed):
        factors.reset(user=having["user"], by=wu_manager)
    factors.reset(user=having["user"], by=yang_keeper)
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.actor) == ("factor.reset", "keeper")
    assert entry.object_label == "赵明"
    answer = Client().post(LOGIN, {"username": "signatory_500106", "password": PASSWORD})
    assert answer.url == "/self-checks/now/"


def test_everything_about_it_is_in_the_trail(having: Any, clock: Clock) -> None:
    enter("000000")
    enter(shown_by_app(having["secret"], clock))
    enter(having["codes"][0])
    found = Entry.objects.order_by("number").values_list("action", "actor", "address")
    me = "signatory_500106"
    assert list(found)[-5:] == [
        ("factor.set_up", me, "127.0.0.1"),
        ("session.fail", "", "10.0.0.1"),
        ("session.open", me, "10.0.0.1"),
        ("factor.recover", me, "10.0.0.1"),
        ("session.open", me, "10.0.0.1"),
    ]
    assert having["secret"].replace(" ", "") not in str(list(Entry.objects.values()))
