"""School plans over REST: each its own, with tags, measures, progress and the steps in order."""

from typing import Any

import pytest
from django.test import Client

from districts.models import User
from improvement.models import Plan, Progress, Revision, SchoolPlan
from tests.improvement.test_api_problems import send

LIST = "/api/v1/school-plans/"
BEGIN = "/api/v1/self-checks/500106-2026/school-plans/"
BATCH = f"{BEGIN}table/"
NEW = {"name": "结对帮扶", "amount": "1", "unit": "item", "office": "bureau"}


@pytest.fixture
def chen(bearer: Any, chen_officer: User) -> Client:
    client: Client = bearer(chen_officer, "read", "write:selfcheck")
    return client


@pytest.fixture
def zhao(bearer: Any, zhao_signatory: User) -> Client:
    client: Client = bearer(zhao_signatory, "read", "write:selfcheck")
    return client


def test_the_adopted_plan_is_taken_over_once(chen: Client, adopted: Plan) -> None:
    assert send(chen, BEGIN).status_code == 422
    assert send(chen, BEGIN, plan=adopted.number + 1).status_code == 412
    begun = send(chen, BEGIN, plan=adopted.number)
    assert begun.status_code == 201, begun.text
    (row,) = begun.json()["school_plans"]
    assert (row["state"], row["plan"], row["measure_count"]) == ("drafting", adopted.number, 1)
    assert row["self_check"] == "500106-2026"
    assert send(chen, BEGIN, plan=adopted.number).status_code == 409


def test_each_reads_its_own_and_the_city_what_was_approved(
    chen: Client,
    bearer: Any,
    school_plan: SchoolPlan,
    liu_officer: User,
    zhou_inspector: User,
    he_planning: User,
) -> None:
    address = f"{LIST}{school_plan.pk}/"
    assert [row["id"] for row in chen.get(LIST).json()["results"]] == [school_plan.pk]
    assert [row["number"] for row in chen.get(address).json()["measures"]] == [1]
    for stranger in (liu_officer, zhou_inspector):
        client = bearer(stranger, "read")
        assert client.get(LIST).json()["results"] == []
        for rest in ("", "measures/1/", "steps/"):
            assert client.get(address + rest).status_code == 404
    assert bearer(he_planning, "read").get(LIST).status_code == 403


def test_the_list_is_narrowed(chen: Client, approved: SchoolPlan) -> None:
    """Due 2027-08-31, nothing reported: not late in 2026."""
    for asked, count in (
        ({"state": "approved"}, 1),
        ({"state": "drafting"}, 0),
        ({"late": "false", "year": "2026"}, 1),
        ({"late": "true"}, 0),
        ({"school": approved.school_code, "district": "500106"}, 1),
        ({"school": "0000000000"}, 0),
    ):
        assert len(chen.get(LIST, asked).json()["results"]) == count, asked
    assert chen.get(LIST, {"state": "gone"}).status_code == 400


def test_from_the_first_measure_to_its_approval(
    chen: Client, zhao: Client, school_plan: SchoolPlan
) -> None:
    address = f"{LIST}{school_plan.pk}/"
    measure, steps = f"{address}measures/1/", f"{address}steps/"
    offered = {row["step"]: row["blocked_by"] for row in chen.get(steps).json()["steps"]}
    assert "还没有写全" in offered["send"]
    read = chen.get(measure)
    assert read.json()["lacks"] == ["责任人", "开始日期", "完成期限", "经费来源"]
    said = {"responsible": "王校长", "start": "2027-03-01", "due": "2027-08-31"}
    said["funding"] = "district"
    assert send(chen, measure, verb="patch", **said).status_code == 428
    changed = send(chen, measure, read["ETag"], "patch", **said)
    assert (changed.status_code, changed.json()["lacks"]) == (200, []), changed.text
    assert changed.json()["revisions"][0]["changes"]["due"] == [None, "2027-08-31"]
    assert send(chen, measure, read["ETag"], "patch", **said).status_code == 412
    sent = send(chen, steps, changed["ETag"], step="send")
    assert (sent.status_code, sent.json()["state"]) == (200, "awaiting"), sent.text
    assert send(chen, steps, sent["ETag"], step="approve").status_code == 403
    assert send(zhao, steps, sent["ETag"], step="send_back").status_code == 422
    done = send(zhao, steps, sent["ETag"], step="approve")
    assert (done.json()["state"], done.json()["approved_by"]) == ("approved", "赵明")
    assert [entry["step"] for entry in done.json()["trail"]] == ["send", "approve"]


def test_progress_is_reported_once_approved(
    chen: Client, approved: SchoolPlan, bearer: Any, liu_officer: User
) -> None:
    measure = f"{LIST}{approved.pk}/measures/1/"
    before = chen.get(measure)
    amount = before.json()["amount"]
    answer = send(chen, f"{measure}progress/", done=amount, words="验收")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["is_done"], answer.json()["progress"][0]["words"]) == (True, "验收")
    assert answer["ETag"] != before["ETag"]
    assert send(chen, f"{measure}progress/").status_code == 422
    stranger = bearer(liu_officer, "read", "write:selfcheck")
    assert send(stranger, f"{measure}progress/", words="x").status_code == 404
    assert Progress.objects.count() == 1
    assert chen.get(f"{LIST}{approved.pk}/").json()["done_count"] == 1


def test_what_was_approved_is_changed_with_a_reason(chen: Client, approved: SchoolPlan) -> None:
    address = f"{LIST}{approved.pk}/"
    assert send(chen, f"{address}measures/", **NEW).status_code == 422
    added = send(chen, f"{address}measures/", **NEW, reason="督学建议")
    assert (added.status_code, added.json()["number"]) == (201, 2), added.text
    assert chen.get(added["Location"]).json()["name"] == "结对帮扶"
    assert Revision.objects.get(after_approval=True).reason == "督学建议"
    assert chen.get(address).json()["state"] == "drafting"


@pytest.mark.parametrize(
    "said",
    [
        {"amount": "0"},
        {"amount": "many"},
        {"office": "army"},
        {"due": "2027"},
        {"state": "approved"},
        {"funding": "other"},
    ],
)
def test_what_cannot_be_used_is_refused(
    chen: Client, written: SchoolPlan, said: dict[str, str]
) -> None:
    measure = f"{LIST}{written.pk}/measures/1/"
    refused = send(chen, measure, chen.get(measure)["ETag"], "patch", **said)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] in {f"/{next(iter(said))}", "/funding_note"}


def test_all_of_a_district_take_a_step_at_once(
    chen: Client, zhao: Client, school_plan: SchoolPlan
) -> None:
    address = f"{BEGIN}steps/"
    lacking = send(chen, f"{address}?dry_run=true", step="send").json()
    assert lacking["done"] == []
    assert [row["school_plan"] for row in lacking["refused"]] == [school_plan.pk]
    assert lacking["refused"][0]["blocked_by"]
    assert send(chen, address, step="approve").status_code == 409
    assert send(zhao, address, step="send_back").status_code == 422  # not without a reason
    assert SchoolPlan.objects.get().state == "drafting"


def test_sent_together_and_recalled(chen: Client, written: SchoolPlan) -> None:
    address = f"{BEGIN}steps/"
    assert send(chen, f"{address}?dry_run=1", step="send").json()["done"] == [written.pk]
    assert SchoolPlan.objects.get().state == "drafting"
    done = send(chen, address, step="send")
    assert (done.status_code, done.json()) == (200, {"done": [written.pk], "refused": []})
    assert send(chen, address, step="recall").json()["done"] == [written.pk]
    assert send(chen, address, step="recall").status_code == 409


def test_many_measures_are_changed_whole_or_not_at_all(
    chen: Client, written: SchoolPlan, zhao: Client, liu_officer: User, bearer: Any
) -> None:
    one = {"school_code": written.school_code, "number": 1, "due": "2027-12-31"}
    measure = written.measures.get()
    for who, status in ((zhao, 403), (bearer(liu_officer, "read", "write:selfcheck"), 404)):
        assert send(who, BATCH, measures=[one]).status_code == status
    seen = send(chen, f"{BATCH}?dry_run=true", measures=[one]).json()["changed"]
    assert [(row["number"], row["changes"]) for row in seen] == [
        (1, {"due": ["2027-08-31", "2027-12-31"]})
    ]
    for other, pointer in (
        ({**one, "number": 7}, "/measures/1/number"),
        (one, "/measures/1/number"),  # said twice
    ):
        refused = send(chen, BATCH, measures=[one, other])
        assert refused.status_code == 422, refused.text
        assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    refused = send(chen, BATCH, measures=[{**one, "start": "2028-01-01"}])
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/measures/0/due"]
    assert not measure.revisions.filter(changes__has_key="due", changes__due__1="2027-12-31")
    assert send(chen, BATCH, measures=[{**one, "reason": "x"}]).status_code == 422
    done = send(chen, BATCH, measures=[one])
    assert (done.status_code, len(done.json()["changed"])) == (200, 1)
    measure.refresh_from_db()
    assert str(measure.due) == "2027-12-31"


def test_a_step_with_some_of_the_schools(chen: Client, written: SchoolPlan) -> None:
    steps = f"{BEGIN}steps/"
    assert send(chen, steps, step="send", schools=["0000000000"]).status_code == 409
    done = send(chen, steps, step="send", schools=[written.school_code])
    assert done.json()["done"] == [written.pk]
