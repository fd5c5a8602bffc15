"""Messages of the public over REST: who sees whom, the steps, many at once; nobody sends one."""

from typing import Any

from districts.models import User
from improvement.models import Feedback
from tests.improvement.test_feedback import PERSONAL, SAID, message, passed_on
from tests.improvement.test_feedback_bulk import REASON, states, wave

__all__ = ["message", "passed_on", "wave"]
LIST = "/api/v1/feedback/"


def send(client: Any, address: str, body: Any, tag: str = "") -> Any:
    told = {"If-Match": tag} if tag else {}
    return client.post(address, body, content_type="application/json", headers=told)


def test_a_bureau_reads_what_was_passed_on_and_never_by_whom(
    passed_on: Feedback, chen_officer: User, liu_officer: User, he_auditor: User,
    wu_manager: User, bearer: Any, client: Any,
) -> None:  # fmt: skip
    address = f"{LIST}{passed_on.pk}/"
    for person in (chen_officer, he_auditor, wu_manager):
        answer = bearer(person).get(address)
        assert (answer.json()["text"], answer.json()["passed_to"]) == (SAID, "500106")
        assert not any(secret in answer.content.decode() for secret in PERSONAL)
    assert bearer(liu_officer).get(address).status_code == 404
    assert bearer(liu_officer).get(LIST).json()["results"] == []
    assert client.get(LIST).status_code == 401
    assert client.post(LIST, {}).status_code in (401, 405)
    table = bearer(chen_officer).get(f"{LIST}?format=csv").content.decode()
    assert SAID in table
    assert not any(secret in table for secret in PERSONAL)


def test_steps_from_the_bureau_to_the_answer(
    passed_on: Feedback, chen_officer: User, zhou_inspector: User, bearer: Any
) -> None:
    address = f"{LIST}{passed_on.pk}/steps/"
    own = bearer(chen_officer, "read", "write:selfcheck")
    found = own.get(address)
    assert [(step["step"], step["needs"]) for step in found.json()["steps"]] == [
        ("reply", ["reply"])
    ]
    body = {"step": "reply", "reply": "已换灯"}
    assert send(own, address, body).status_code == 428
    done = send(own, address, body, found["ETag"])
    assert (done.status_code, done.json()["state"]) == (200, "taken_up")
    assert send(own, address, body, found["ETag"]).status_code == 412
    city = bearer(zhou_inspector, "read", "write:selfcheck")
    empty = send(city, address, {"step": "answer"}, done["ETag"])
    assert empty.json()["errors"][0]["pointer"] == "/answer"
    answered = send(city, address, {"step": "answer", "answer": "路灯已修好。"}, done["ETag"])
    assert (answered.status_code, answered.json()["state"]) == (200, "answered")


def test_many_are_previewed_then_set_aside(
    wave: list[Feedback], zhou_inspector: User, chen_officer: User, bearer: Any
) -> None:
    city, address = bearer(zhou_inspector, "read", "write:selfcheck"), f"{LIST}set-aside/"
    keys = [row.pk for row in wave]
    body = {"ids": keys, "reason": REASON}
    found = send(city, f"{address}?dry_run=true", body).json()
    assert (found["done"], found["left"]) == (keys[:2], keys[2:])
    assert states(wave) == ["new", "new", "answered"]
    assert send(city, address, {**body, "seen": "0"}).status_code == 412
    assert send(city, address, {**body, "seen": found["tag"]}).status_code == 200
    assert states(wave) == ["set_aside", "set_aside", "answered"]
    own = bearer(chen_officer, "read", "write:selfcheck")
    assert send(own, address, body).status_code == 403


def test_a_number_no_message_can_have_is_refused_in_words(
    zhou_inspector: User, bearer: Any
) -> None:
    city, address = bearer(zhou_inspector, "read", "write:selfcheck"), f"{LIST}set-aside/"
    [error] = send(city, address, {"ids": [2**31], "reason": REASON}).json()["errors"]
    assert error["detail"] == "没有这么大的编号；请写公众反映的编号。"
