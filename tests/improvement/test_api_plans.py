"""Plans over REST: worked out for figures sent, made, read and adopted for a self-check."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from districts.models import User
from improvement.models import Plan
from improvement.services.conditions import set_condition
from improvement.services.ground import ground_of
from rest.idempotency import KEPT
from selfchecks.models import SelfCheck
from tests.improvement.conftest import PRICES, codes_of, set_prices

LIST = "/api/v1/self-checks/500106-2026/plans/"
ASK = "/api/v1/plans/"
JSON = "application/json"


@pytest.fixture
def client(priced: SelfCheck, chen_officer: User, bearer: Any) -> Any:
    return bearer(chen_officer, "read", "write:selfcheck")


@pytest.fixture
def signatory(zhao_signatory: User, bearer: Any) -> Any:
    return bearer(zhao_signatory, "read", "write:selfcheck")


def send(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.post(address, json.dumps(body), content_type=JSON, headers=headers)


def test_figures_are_planned_on_and_nothing_is_kept(client: Any, priced: SelfCheck) -> None:
    """What the command answers to the same input."""
    ground = ground_of(priced)
    body = {**ground.figures, "prices": {code: str(price) for code, price in PRICES.items()}}
    answer = send(client, ASK, body)
    assert answer.status_code == 200, answer.text
    kept = ground.plan("cheapest", 5, {})
    assert answer.json()["cost"] == kept["cost"]
    assert answer.json()["status"] == "proven"
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"kind": "free"}, "/kind"),
        ({"kind": ["cheapest"]}, "/kind"),
        ({"schools": [{}] * 501}, "/schools"),
        ({"schools": [], "prices": {"A1": 0}}, "/prices/A1"),
        ([], ""),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_place(client: Any, body: Any, place: str) -> None:
    answer = send(client, ASK, body)
    assert answer.status_code in (400, 422), answer.text
    assert place in [each["pointer"] for each in answer.json()["errors"]] or not place


def test_one_is_made_read_and_adopted(client: Any, signatory: Any) -> None:
    made = send(client, LIST, {"kind": "cheapest"}, **{"Idempotency-Key": "a"})
    assert made.status_code == 201, made.text
    again = send(client, LIST, {"kind": "cheapest"}, **{"Idempotency-Key": "a"})
    assert (again.json()["number"], Plan.objects.count()) == (1, 1), KEPT
    address = made["Location"]
    assert address.endswith("/plans/1/")
    found = client.get(address)
    assert (found.status_code, found["ETag"]) == (200, made["ETag"])
    assert client.get(address, headers={"If-None-Match": found["ETag"]}).status_code == 304
    assert found.json()["result"]["outcome"]["verdict"] == "met"
    assert not found.json()["is_outdated"]
    (row,) = client.get(LIST).json()["results"]
    assert (row["state"], row["phase"], row["made_by"]) == ("found", "done", "陈静")
    steps, step = address + "steps/", {"step": "adopt"}
    assert client.get(steps).json() == {"state": "found", "steps": []}
    assert signatory.get(steps).json()["steps"] == ["adopt"]
    assert send(signatory, steps, step).status_code == 428
    assert send(client, steps, step, **{"If-Match": found["ETag"]}).status_code == 403
    adopted = send(signatory, steps, step, **{"If-Match": found["ETag"]})
    assert (adopted.status_code, adopted.json()["adopted_by"]) == (200, "赵明")
    assert send(signatory, steps, step, **{"If-Match": found["ETag"]}).status_code == 412
    assert send(signatory, steps, step, **{"If-Match": adopted["ETag"]}).status_code == 409
    assert signatory.get(steps).json()["steps"] == ["take_back"]
    back, seen = {"step": "take_back"}, {"If-Match": adopted["ETag"]}
    (error,) = send(signatory, steps, back, **seen).json()["errors"]
    assert error["pointer"] == "/reason"
    taken = send(signatory, steps, {**back, "reason": "校舍另行安排"}, **seen)
    assert (taken.status_code, taken.json()["adopted_at"]) == (200, None)


def test_what_has_changed_since_is_said_and_not_adopted(
    client: Any, signatory: Any, chen_officer: User
) -> None:
    made = send(client, LIST, {})
    set_prices(chen_officer, A5=500)
    assert client.get(made["Location"]).json()["is_outdated"]
    steps = made["Location"] + "steps/"
    refused = send(signatory, steps, {"step": "adopt"}, **{"If-Match": made["ETag"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "outdated")


def test_naming_a_self_check_keeps_the_plan_under_it(
    client: Any, chen_officer: User, bearer: Any
) -> None:
    body = {"self_check": "500106-2026", "kind": "everyone"}
    only_reading = bearer(chen_officer, "read")
    assert send(only_reading, ASK, body).status_code == 403
    made = send(client, ASK, body)
    assert made.status_code == 201, made.text
    assert made["Location"].endswith("/self-checks/500106-2026/plans/1/")
    assert Plan.objects.get().kind == "everyone"
    mixed = send(client, ASK, {**body, "prices": {"A1": 1}})
    assert (mixed.status_code, mixed.json()["errors"][0]["pointer"]) == (422, "/prices")


def test_what_a_kept_plan_lacks_is_refused_at_its_place(client: Any) -> None:
    answer = send(client, LIST, {"kind": "budget"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/budget")


def test_what_is_no_list_of_years_is_refused_in_plain_words(client: Any) -> None:
    refused = [send(client, LIST, {"kind": "years", "years": years}) for years in (2, [2])]
    assert [each.status_code for each in refused] == [422, 422]
    first, second = (each.json()["errors"][0] for each in refused)
    assert (first["pointer"], first["detail"][:6]) == ("/years", "这里应为列表")
    assert (second["pointer"], second["detail"][:6]) == ("/years/0", "这里应为一组")


def test_others_find_nothing(
    client: Any, liu_officer: User, zhou_inspector: User, bearer: Any
) -> None:
    send(client, LIST, {})
    other = bearer(liu_officer, "read", "write:selfcheck")
    for address in (LIST, LIST + "1/"):
        assert other.get(address).status_code == 404
    assert send(other, LIST, {}).status_code == 404
    assert send(other, ASK, {"self_check": "500106-2026"}).status_code == 404
    assert send(other, LIST + "1/steps/", {"step": "stop"}, **{"If-Match": "*"}).status_code == 404
    reader = bearer(zhou_inspector, "read", "write:selfcheck")
    assert reader.get(LIST + "1/").status_code == 200
    assert send(reader, LIST, {}).status_code == 403


def test_what_is_settled_says_what_releasing_it_would_save(
    client: Any, priced: SelfCheck, chen_officer: User, liu_officer: User, bearer: Any
) -> None:
    """Two classrooms that nobody needs are being built, at 60,000 yuan each."""
    first = codes_of(priced)[0]
    given: dict[str, Any] = {"district": priced.district, "school_code": first, "by": chen_officer}
    set_condition(kind="for_A7", least=Decimal(2), reason="在建", **given)
    set_condition(kind="for_A6", most=Decimal(0), reason="不采购", **given)
    made = send(client, LIST, {})
    address = made["Location"] + "conditions/"
    forbidden, building = client.get(address).json()["results"]
    assert (building["school_code"], building["kind"]) == (first, "for_A7")
    assert (building["least"], building["most"], building["reason"]) == ("2.00", None, "在建")
    assert building["saving"] == "120000.00"
    whole = Decimal(made.json()["cost"])
    assert Decimal(building["cost_without"]) == whole - 120_000
    assert (forbidden["most"], forbidden["saving"]) == ("0.00", "0.00")
    assert bearer(liu_officer, "read").get(address).status_code == 404
    set_prices(chen_officer, A5=500)
    assert [row["saving"] for row in client.get(address).json()["results"]] == [None, None]


def test_without_prices_it_says_which(reach: Any, chen_officer: User, bearer: Any) -> None:
    reach("submitted")
    answer = send(bearer(chen_officer, "read", "write:selfcheck"), LIST, {})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_prices")
