"""A POST that is sent again is answered again, not done again."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from districts.models import District, School, User
from rest.idempotency import ABANDONED, KEPT
from rest.models import IdempotencyRecord

SCHOOL = {
    "code": "5001060001",
    "name": "甲小学",
    "school_type": "小学",
    "ownership": "公办",
    "location": "城区",
}


def send(client: Client, key: str, **changes: Any) -> Any:
    return client.post(
        "/api/v1/schools/",
        json.dumps({**SCHOOL, **changes}),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


@pytest.fixture
def chen(bearer: Any, chen_officer: User) -> Client:
    client: Client = bearer(chen_officer, "read", "write:schools")
    return client


def test_same_request_gets_the_same_answer(chen: Client) -> None:
    first, again = send(chen, "k-1"), send(chen, "k-1")
    assert [first.status_code, again.status_code] == [201, 201]
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert [again["Location"], again["ETag"]] == [first["Location"], first["ETag"]]
    assert School.objects.count() == 1
    assert Entry.objects.filter(action="school.create").count() == 1


def test_other_body_under_the_same_key_is_422(chen: Client) -> None:
    send(chen, "k-1")
    refused = send(chen, "k-1", code="5001060002")
    assert [refused.status_code, refused.json()["code"]] == [422, "idempotency_key_reused"]
    assert School.objects.count() == 1


def test_key_in_flight_is_409(chen: Client, chen_officer: User) -> None:
    send(chen, "k-1")
    IdempotencyRecord.objects.update(status=None)
    refused = send(chen, "k-1")
    assert [refused.status_code, refused.json()["code"]] == [409, "idempotency_in_flight"]


def test_abandoned_request_is_done_by_the_next(chen: Client) -> None:
    send(chen, "k-1")
    School.objects.all().delete()
    long_ago = timezone.now() - ABANDONED - timedelta(seconds=1)
    IdempotencyRecord.objects.update(status=None, started_at=long_ago)
    assert send(chen, "k-1").status_code == 201
    assert School.objects.count() == 1


def test_refused_request_may_be_corrected_under_its_key(chen: Client) -> None:
    assert send(chen, "k-1", code="51").status_code == 422
    assert not IdempotencyRecord.objects.exists()
    assert send(chen, "k-1").status_code == 201


def test_keys_are_kept_for_a_day(chen: Client) -> None:
    send(chen, "k-1")
    IdempotencyRecord.objects.update(started_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert send(chen, "k-1").status_code == 422  # done again, and the code is taken
    assert School.objects.count() == 1


def test_keys_belong_to_an_account(chen: Client, bearer: Any, wu_manager: User) -> None:
    send(chen, "k-1")
    other = bearer(wu_manager, "write:schools")
    answer = send(other, "k-1", code="5001060002", district="500106")
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer


def test_keys_belong_to_a_reach(bearer: Any, wu_manager: User, shapingba: District) -> None:
    """A token of one district is not answered with what the same account did for the city."""
    answers = [
        send(bearer(wu_manager, "write:schools", district=district), "k-1", district="500106")
        for district in (None, shapingba)
    ]
    assert [answer.status_code for answer in answers] == [201, 422]
    assert answers[1].json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("key", ["has space", "键", "x" * 256, "\t"])
def test_unusable_keys_are_refused(chen: Client, key: str) -> None:
    assert send(chen, key).status_code == 400
    assert not School.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_write_once(bearer: Any, chen_officer: User) -> None:

    chen = bearer(chen_officer, "write:schools")
    headers = {"Authorization": chen.defaults["HTTP_AUTHORIZATION"]}

    def attempt(_number: int) -> int:
        try:
            return int(send(Client(headers=headers), "k-1").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(attempt, range(8)))
    assert set(codes) <= {201, 409}
    assert 201 in codes
    assert School.objects.count() == 1
    assert Entry.objects.filter(action="school.create").count() == 1


def test_a_session_may_repeat_with_its_csrf_token(chen_officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(chen_officer)
    client.cookies["csrftoken"] = token = "a" * 32
    first, again = (
        client.post(
            "/api/v1/schools/",
            json.dumps(SCHOOL),
            content_type="application/json",
            headers={"Idempotency-Key": "k-1", "X-CSRFToken": token},
        )
        for _time in range(2)
    )
    assert [first.status_code, again.status_code] == [201, 201]
    assert again["Idempotency-Replayed"] == "true"
    assert School.objects.count() == 1
