"""Addresses of one's own over REST: registered, changed, ended and told again."""

from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import District, Hook, User
from districts.services import hooks
from districts.services.people import create_token

HOOKS = "/api/v1/hooks/"
URL = "https://data.example.cn/portal"


@pytest.fixture
def system(data_system: User, yang_keeper: User) -> Client:
    scopes = ["read", "write:hooks"]
    _token, text = create_token(user=data_system, scopes=scopes, by=yang_keeper)
    return Client(headers={"Authorization": f"Bearer {text}"})


def post(client: Client, url: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(url, body, content_type="application/json", headers=headers)


def test_the_secret_is_told_once_and_kept_nowhere(system: Client, data_system: User) -> None:
    made = post(system, HOOKS, {"url": URL, "kinds": ["schools"]}, **{"Idempotency-Key": "a"})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    assert made["Location"] == f"http://testserver{HOOKS}{made.json()['id']}/"
    for address in (HOOKS, made["Location"]):
        assert secret not in system.get(address).text
    row = str(Hook.objects.values().get()) + str(list(Entry.objects.values()))
    assert secret.removeprefix("whsec_") not in row
    again = post(system, HOOKS, {"url": URL}, **{"Idempotency-Key": "a"})
    assert (again.status_code, again.json()["code"]) == (409, "registered")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http//x"}, "/url"),
        ({"url": "https://user:word@a.cn/"}, "/url"),
        ({"url": URL, "kinds": ["secrets"]}, "/kinds"),
        ({"url": URL, "kinds": "schools"}, "/kinds"),
        ({"url": URL, "secret": "mine"}, "/secret"),
        ({"kinds": []}, "/url"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    system: Client, body: dict[str, Any], pointer: str
) -> None:
    refused = post(system, HOOKS, body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://127.0.0.1/in", "127.0.0.1"),
        ("https://[::1]:8443/in", "::1"),
        ("https://2130706433/", "127.0.0.1"),
        ("https://10.1.2.3/in", "10.1.2.3"),
        ("https://localhost/in", "内部网络"),
        ("http://testserver/in", "门户自己"),
    ],
)
def test_addresses_inside_are_refused_when_registered_and_when_changed(
    system: Client, url: str, said: str
) -> None:
    made = post(system, HOOKS, {"url": URL})
    change = {"content_type": "application/json", "headers": {"If-Match": made["ETag"]}}
    for refused in (
        post(system, HOOKS, {"url": url}),
        system.patch(f"{HOOKS}{made.json()['id']}/", {"url": url}, **change),
    ):
        assert refused.status_code == 422
        (error,) = refused.json()["errors"]
        assert error["pointer"] == "/url"
        assert said in error["detail"]
    assert Hook.objects.get().url == URL


def test_a_network_that_the_operator_lists_is_taken(system: Client, settings: Any) -> None:
    settings.HOOK_NETWORKS = ["10.1.2.0/24"]
    assert post(system, HOOKS, {"url": "https://10.1.2.3/in"}).status_code == 201
    assert post(system, HOOKS, {"url": "https://10.1.3.3/in"}).status_code == 422


def test_steps_need_to_have_seen_it(system: Client) -> None:
    made = post(system, HOOKS, {"url": URL})
    steps = f"{HOOKS}{made.json()['id']}/steps/"
    assert post(system, steps, {"step": "end"}).status_code == 428
    ended = post(system, steps, {"step": "end"}, **{"If-Match": made["ETag"]})
    assert ended.json()["ended"] == "own"
    assert post(system, steps, {"step": "resume"}, **{"If-Match": made["ETag"]}).status_code == 412
    going = post(system, steps, {"step": "resume"}, **{"If-Match": ended["ETag"]})
    assert going.json()["ended"] == ""
    renewed = post(system, steps, {"step": "renew"}, **{"If-Match": going["ETag"]})
    assert renewed.json()["secret"] not in (None, made.json()["secret"])
    for body in ({"step": "replay"}, {"step": "end", "after": 1}, {"step": "replay", "after": -1}):
        assert post(system, steps, body, **{"If-Match": renewed["ETag"]}).status_code == 422
    again = post(system, steps, {"step": "replay", "after": 0}, **{"If-Match": renewed["ETag"]})
    assert again.json()["position"] == 0
    assert system.get(f"{HOOKS}{made.json()['id']}/deliveries/").json()["results"] == []


def test_others_addresses_are_not_found(
    system: Client, bearer: Any, chen_officer: User, liu_officer: User
) -> None:
    theirs = hooks.register(user=liu_officer, by=liu_officer, url=URL, origin="https://p.cn/")
    for client in (system, bearer(chen_officer, "read", "write:hooks")):
        assert client.get(HOOKS).json()["results"] == []
        for rest in ("", "deliveries/"):
            assert client.get(f"{HOOKS}{theirs.pk}/{rest}").status_code == 404
        found = post(client, f"{HOOKS}{theirs.pk}/steps/", {"step": "end"}, **{"If-Match": "*"})
        assert found.status_code == 404


def test_a_token_narrowed_to_a_unit_gets_no_further_by_an_address(
    bearer: Any, wu_manager: User, shapingba: District, tongliang: District
) -> None:
    scopes = ("read", "write:hooks")
    whole = bearer(wu_manager, *scopes)
    narrow = bearer(wu_manager, *scopes, district=shapingba)
    assert post(whole, HOOKS, {"url": URL}).json()["district"] is None
    made = post(narrow, HOOKS, {"url": f"{URL}/2"}).json()
    assert made["district"] == shapingba.code
    assert [row["id"] for row in narrow.get(HOOKS).json()["results"]] == [made["id"]]
    other = bearer(wu_manager, *scopes, district=tongliang)
    assert other.get(HOOKS).json()["results"] == []


def test_a_token_that_may_not_read_is_not_told_either(bearer: Any, chen_officer: User) -> None:
    refused = post(bearer(chen_officer, "write:hooks"), HOOKS, {"url": URL})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
