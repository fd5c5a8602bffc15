"""The workflow over REST: what is open, why not, taking steps with If-Match, results and trail."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from districts.models import User
from indicators.calculation.outcome import canonical
from rest.guide import chapters, document
from selfchecks.models import SelfCheck
from selfchecks.services.evidence import add_evidence
from selfchecks.services.reviews import Target, comment
from tests.selfchecks.conftest import keep_clean, latest

URL = "/api/v1/self-checks/500106-2026/"


def take(client: Client, seen: str, step: str, **more: Any) -> Any:
    headers = {"If-Match": seen} if seen else None
    body = {"step": step, **more}
    return client.post(f"{URL}steps/", body, content_type="application/json", headers=headers)


@pytest.fixture
def people(
    bearer: Any, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> dict[str, Client]:
    named = {"officer": chen_officer, "signatory": zhao_signatory, "inspector": zhou_inspector}
    return {name: bearer(who, "read", "write:selfcheck") for name, who in named.items()}


def test_from_draft_to_approved(
    self_check: SelfCheck, people: dict[str, Client], chen_officer: User
) -> None:
    officer, inspector = people["officer"], people["inspector"]
    keep_clean(self_check, chen_officer)
    seen = officer.get(URL)["ETag"]
    sent = take(officer, seen, "send_for_signature")
    assert (sent.status_code, sent.json()["to_state"]) == (200, "awaiting_signature")
    assert sent["ETag"] == officer.get(URL)["ETag"] != seen
    assert take(people["signatory"], sent["ETag"], "submit").status_code == 200
    offers = inspector.get(f"{URL}steps/")
    by_name = {offer["step"]: offer for offer in offers.json()["steps"]}
    assert by_name["take_up"]["is_open"] is True
    assert by_name["withdraw"]["is_open"] is False
    assert by_name["withdraw"]["blocked_by"]
    taken = take(inspector, offers["ETag"], "take_up")
    assert taken.status_code == 200
    digest = inspector.get(f"{URL}evaluations/").json()["results"][0]["digest"]
    approved = take(inspector, taken["ETag"], "approve", evaluation_digest=digest)
    assert approved.status_code == 200, approved.content.decode()
    shown = inspector.get(URL).json()
    assert (shown["state"], shown["approved_digest"]) == ("approved", digest)
    trail = officer.get(f"{URL}trail/").json()["results"]
    assert [entry["step"] for entry in trail] == [
        *("approve", "take_up", "submit", "send_for_signature")
    ]


def test_steps_need_what_was_seen(reach: Any, people: dict[str, Client]) -> None:
    reach("awaiting_signature")
    signatory = people["signatory"]
    assert take(signatory, "", "submit").status_code == 428
    stale = take(signatory, '"500106-2026.1"', "submit")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale.json()["detail"].startswith("陈静在 20")
    assert "刷新" not in stale.json()["detail"]
    assert take(signatory, signatory.get(URL)["ETag"], "submit").status_code == 200


def test_refusals_say_which_kind_they_are(reach: Any, people: dict[str, Client]) -> None:
    reach("in_review")
    officer, inspector = people["officer"], people["inspector"]
    assert take(officer, "*", "approve", evaluation_digest="x").status_code == 403
    assert take(inspector, "*", "take_up").json()["code"] == "already_taken"
    assert take(officer, "*", "recall").status_code == 409
    missing = take(inspector, "*", "send_back")
    assert missing.status_code == 422
    pointers = {error["pointer"] for error in missing.json()["errors"]}
    assert pointers == {"/comment", "/evaluation_digest"}
    other = take(inspector, "*", "approve", evaluation_digest="sha256:0")
    assert other.status_code == 412
    assert take(inspector, "*", "fly").status_code == 422
    assert take(inspector, "*", "approve", mood="good").status_code == 422


def test_the_result_is_the_try_out_and_then_the_snapshot(
    self_check: SelfCheck, people: dict[str, Client], chen_officer: User, reach: Any
) -> None:
    officer = people["officer"]
    assert officer.get(f"{URL}evaluation/").status_code == 404
    keep_clean(self_check, chen_officer)
    tried = officer.get(f"{URL}evaluation/").json()
    reach("submitted")
    snapshot = latest(self_check)
    shown = officer.get(f"{URL}evaluation/").json()
    assert canonical(shown) == canonical(snapshot.outcome) == canonical(tried)
    (listed,) = officer.get(f"{URL}evaluations/").json()["results"]
    assert (listed["number"], listed["digest"]) == (1, snapshot.digest)
    assert officer.get(f"{URL}evaluations/1/").json()["digest"] == snapshot.digest
    assert officer.get(f"{URL}evaluations/2/").status_code == 404


def test_the_list_and_opening(
    self_check: SelfCheck, people: dict[str, Client], bearer: Any, liu_officer: User
) -> None:
    (own,) = people["officer"].get("/api/v1/self-checks/?year=2026").json()["results"]
    assert (own["id"], own["state"], own["upload"]) == ("500106-2026", "draft", None)
    client = bearer(liu_officer, "read", "write:selfcheck")
    assert client.get("/api/v1/self-checks/").json()["results"] == []
    assert client.get(URL).status_code == 404

    def opened(**body: Any) -> Any:
        return client.post("/api/v1/self-checks/", body, content_type="application/json")

    new = opened(year=2026)
    assert (new.status_code, new.json()["id"]) == (201, "500151-2026")
    assert new["Location"].endswith("/api/v1/self-checks/500151-2026/")
    assert opened(year=2026).status_code == 409
    assert opened(year=2027).status_code == 409
    assert opened(year=2026, district="500106").status_code == 403


def test_every_command_of_the_guide_can_be_run(
    reach: Any, people: dict[str, Client], tmp_path: Any
) -> None:
    """Reading commands answer 200 on a submitted self-check, with the token they ask for."""
    reach("submitted")
    commands = [
        operation.command
        for chapter in chapters(document(), "http://testserver")
        for operation in chapter.operations
        if "/self-checks/" in operation.command
        and operation.method == "GET"
        and not re.search("/(plans|scenarios|shortfalls)/", operation.command)  # a higher room's
    ]
    assert len(commands) == 13
    for command in commands:
        (address,) = re.findall(r"'(http[^']+)'", command)
        assert "$TOKEN" in command
        address = re.sub(r"\d{6}-\d{4}", "500106-2026", address)  # theirs is a demonstration's
        assert people["officer"].get(address).status_code == 200, command


def test_the_commands_of_writing_are_complete() -> None:
    found = {
        f"{operation.method} {operation.path.removeprefix('/api/v1/self-checks/')}": operation
        for chapter in chapters(document(), "http://testserver")
        for operation in chapter.operations
        if operation.scope == "write:selfcheck" and "/self-checks/" in operation.path
    }
    assert set(found) == {
        "POST ",
        "POST {reference}/evidence/{indicator}/",
        "POST {reference}/uploads/",
        "PATCH {reference}/uploads/{number}/",
        "POST {reference}/school-plans/merge/",
        "POST {reference}/school-plans/table/",
        "POST {reference}/steps/",
        "POST {reference}/school-plans/",
        "POST {reference}/school-plans/steps/",
        "POST {reference}/plans/",
        "POST {reference}/plans/{number}/steps/",
        "POST {reference}/scenarios/",
        "PATCH {reference}/scenarios/{number}/",
        "POST {reference}/scenarios/{number}/steps/",
    }
    for sending in ("uploads/", "evidence/{indicator}/"):
        assert '-F "file=@$FILE"' in found[f"POST {{reference}}/{sending}"].command
    steps = found["POST {reference}/steps/"].command
    assert "If-Match" in steps
    assert json.loads(re.findall(r"-d '(.+)'", steps)[0])["step"] == "take_up"


def test_approving_despite_open_remarks_needs_a_comment_and_says_so(
    reach: Any, self_check: SelfCheck, people: dict[str, Client], zhou_inspector: User
) -> None:
    reach("in_review")
    inspector = people["inspector"]

    def needs() -> list[str]:
        offers = inspector.get(f"{URL}steps/").json()["steps"]
        return next(offer["needs"] for offer in offers if offer["step"] == "approve")

    assert needs() == ["evaluation_digest"]
    comment(self_check=self_check, text="附名单", by=zhou_inspector, on=Target("A2"))
    assert needs() == ["comment", "evaluation_digest"]
    digest = inspector.get(f"{URL}evaluations/").json()["results"][0]["digest"]
    refused = take(inspector, "*", "approve", evaluation_digest=digest)
    assert (refused.status_code, refused.json()["code"]) == (422, "required")
    done = take(inspector, "*", "approve", evaluation_digest=digest, comment="已核实")
    assert done.status_code == 200


def test_a_return_may_bring_a_new_day(reach: Any, people: dict[str, Client]) -> None:
    reach("in_review")
    inspector = people["inspector"]
    digest = inspector.get(f"{URL}evaluations/").json()["results"][0]["digest"]
    given = {"evaluation_digest": digest, "comment": "请核对"}
    assert take(inspector, "*", "send_back", **given, due_on="2001-01-01").status_code == 422
    done = take(inspector, "*", "send_back", **given, due_on="2099-03-01")
    assert (done.status_code, done.json()["due_on"]) == (200, "2099-03-01")
    assert people["officer"].get(URL).json()["due_on"] == "2099-03-01"


def test_taking_back_is_offered_and_says_what_blocks_it(
    reach: Any, self_check: SelfCheck, people: dict[str, Client], chen_officer: User
) -> None:
    reach("returned")
    inspector = people["inspector"]

    def offer() -> dict[str, Any]:
        offers = inspector.get(f"{URL}steps/").json()["steps"]
        return next(each for each in offers if each["step"] == "take_back_return")

    assert (offer()["is_open"], offer()["needs"]) == (True, ["comment"])
    assert take(inspector, "*", "take_back_return").status_code == 422
    add_evidence(
        self_check=self_check, indicator="B1", content=b"%PDF-1.7", name="a.pdf", by=chen_officer
    )
    assert not offer()["is_open"]
    assert "已经有人改动" in offer()["blocked_by"]
    refused = take(inspector, "*", "take_back_return", comment="退错了区县,请等复核")
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_since")


def test_an_approval_is_taken_back_over_rest(reach: Any, people: dict[str, Client]) -> None:
    reach("approved")
    inspector = people["inspector"]
    seen = inspector.get(f"{URL}steps/")["ETag"]
    done = take(inspector, seen, "take_back_approval", comment="看错了区县,请等复核")
    assert (done.status_code, done.json()["to_state"]) == (200, "in_review")
    shown = people["officer"].get(URL).json()
    assert (shown["state"], shown["approved_digest"]) == ("in_review", None)
