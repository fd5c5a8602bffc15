"""An application against a condition at every door, and who is told what is short."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from audit.models import Entry
from audit.refusals import Conflict, Unusable
from audit.services import verify
from districts.models import District, User
from schedule.desk import desk_on
from schedule.models import BasicBalance, CertificationEvent, CertificationStep
from schedule.services.certifications import record_event
from schedule.services.reading import today
from selfchecks.services.steps import take_step
from tests.reader import words
from tests.schedule.applying import (
    EVENTS,
    REASON,
    SOURCE,
    Reach,
    application,
    apply_for,
    failing,
    reach,
    schools,
    self_check,
)
from tests.selfchecks.conftest import register

__all__ = ["failing", "reach", "schools", "self_check"]

pytestmark = pytest.mark.django_db


# -- recording an application ----------------------------------------------------------------------


def test_an_inspector_is_refused(failing: District, zhou_inspector: User) -> None:
    with pytest.raises(Conflict, match="沙坪坝区现在还不能申请国家认定") as refused:
        apply_for(failing, zhou_inspector, unmet_reason=REASON)
    assert refused.value.code == "may_not_apply"
    assert "最近复核通过的自查达标" in str(refused.value)
    assert not failing.events.filter(step__is_application=True).exists()


def test_with_everything_met_no_reason_is_asked(reach: Reach, zhou_inspector: User) -> None:
    event = apply_for(reach("approved").district, zhou_inspector, unmet_reason="不必写")
    assert (event.unmet, event.unmet_reason) == ([], "")


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_a_manager_writes_why(failing: District, wu_manager: User, reason: str) -> None:
    with pytest.raises(Unusable) as refused:
        apply_for(failing, wu_manager, unmet_reason=reason)
    assert set(refused.value.fields) == {"unmet_reason"}


def test_unknown_blocks_like_a_failure(tongliang: District, zhou_inspector: User) -> None:
    register(tongliang, ("小学",))
    BasicBalance.objects.filter(district=tongliang).delete()
    with pytest.raises(Conflict, match="没有它通过基本均衡认定的记录"):
        apply_for(tongliang, zhou_inspector)


def test_the_reason_stays_with_the_step(
    failing: District, wu_manager: User, signed_in: Callable
) -> None:
    event = apply_for(failing, wu_manager, unmet_reason=REASON)
    event.refresh_from_db()
    assert event.unmet_reason == REASON
    assert "self_check" in event.unmet
    entry = Entry.objects.order_by("number").last()
    assert (entry.reason, entry.changes["unmet"]) == (REASON, event.unmet)
    assert verify() is None
    for client in (Client(), signed_in(wu_manager)):
        page = words(client.get("/districts/500106/"))
        assert REASON in page
        assert "录入时没有满足：最近复核通过的自查达标" in page
    assert REASON in words(signed_in(wu_manager).get(f"{EVENTS}{event.pk}/change/"))
    row = Client().get(f"/api/v1/certifications/{event.pk}/").json()
    assert (row["unmet"], row["unmet_reason"]) == (event.unmet, REASON)


def test_what_is_no_application_is_not_weighed(failing: District, zhou_inspector: User) -> None:
    step = CertificationStep.objects.get(year=2025, name="区县自评")
    event = record_event(
        district=failing, step=step, result="passed", day=today(), by=zhou_inspector
    )
    assert (event.unmet, event.unmet_reason) == ([], "")


def test_what_was_announced_is_never_blocked_and_a_difference_is_told(
    failing: District, wu_manager: User, zhou_inspector: User, signed_in: Callable
) -> None:
    step = CertificationStep.objects.get(year=2025, is_announcement=True)
    CertificationEvent.objects.filter(district=failing).delete()
    assert desk_on(today())["disagreeing"] == []
    facts = {"step": step, "day": today(), "by": zhou_inspector, **SOURCE}
    record_event(district=failing, result="certified", **facts)
    [line] = desk_on(today())["disagreeing"]
    assert line.district == failing
    page = words(signed_in(zhou_inspector).get("/admin/"))
    assert "公布的结果和本市自查不一致（1 个）" in page
    assert "公布通过国家认定；2026 年度自查复核通过的结果是「不达标」" in page


def test_refused_by_the_nation_though_the_self_check_meets(reach: Reach, wu_manager: User) -> None:
    unit = reach("approved").district
    step = CertificationStep.objects.get(year=2025, is_announcement=True)
    record_event(district=unit, step=step, result="revoked", day=today(), by=wu_manager, **SOURCE)
    assert [line.district for line in desk_on(today())["disagreeing"]] == [unit]


# -- the doors -------------------------------------------------------------------------------------


def form_of(unit: District, **more: str) -> dict[str, Any]:
    blank = dict.fromkeys(("list_year", "document_number", "source", "note"), "")
    facts = {"district": unit.pk, "step": application().pk, "result": "started"}
    return {**blank, **facts, "date": today().isoformat(), **more}


def test_the_admin_refuses_both_and_takes_a_managers_reason(
    failing: District, zhou_inspector: User, wu_manager: User, signed_in: Callable
) -> None:
    page = signed_in(zhou_inspector).post(f"{EVENTS}add/", form_of(failing, unmet_reason=REASON))
    assert "现在还不能申请国家认定" in words(page)
    manager = signed_in(wu_manager)
    page = manager.post(f"{EVENTS}add/", form_of(failing))
    assert "仍要录入的，请写明理由。" in words(page)
    assert not failing.events.filter(step__is_application=True).exists()
    sent = manager.post(f"{EVENTS}add/", form_of(failing, unmet_reason=REASON))
    assert sent.status_code == 302
    assert failing.events.get(step__is_application=True).unmet_reason == REASON


def test_the_api_refuses_without_a_reason(
    failing: District, wu_manager: User, bearer: Callable
) -> None:
    body = {"district": "500106", "step_year": 2025, "step": "申请国家认定"}
    body |= {"result": "passed", "date": today().isoformat()}
    client = bearer(wu_manager, "read", "write:plan")
    sent = {"path": "/api/v1/certifications/", "content_type": "application/json"}
    answer = client.post(data=body, **sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "may_not_apply")
    assert answer.json()["errors"][0]["pointer"] == "/unmet_reason"
    answer = client.post(data=body | {"unmet_reason": REASON}, **sent)
    assert (answer.status_code, answer.json()["unmet_reason"]) == (201, REASON)


def test_no_file_brings_an_event_in(wu_manager: User, signed_in: Callable) -> None:
    assert signed_in(wu_manager).get(f"{EVENTS}import/").status_code in (302, 404)
    with (Path(settings.BASE_DIR) / "fixtures/certifications.csv").open(encoding="utf-8") as file:
        steps = {(int(row["step_year"]), row["step"]) for row in csv.DictReader(file)}
    known = CertificationStep.objects.filter(is_application=True).values_list("year", "name")
    assert not steps & set(known)


# -- who sees it -----------------------------------------------------------------------------------


def test_the_unit_page_tells_those_who_answer_for_it(
    tongliang: District,
    liu_officer: User,
    chen_officer: User,
    zhou_inspector: User,
    signed_in: Callable,
) -> None:
    heading = "现在还不能申请国家认定：4 个条件没有满足"
    for by in (liu_officer, zhou_inspector):
        assert heading in words(signed_in(by).get("/districts/500151/"))
        assert heading not in words(signed_in(by).get("/districts/500151/?as_of=2026-01-01"))
    for client in (Client(), signed_in(chen_officer)):
        assert "国家认定：4 个条件" not in words(client.get("/districts/500151/"))


def test_the_api_answers_those_who_answer_for_it(
    tongliang: District, liu_officer: User, chen_officer: User, bearer: Callable
) -> None:
    address = "/api/v1/districts/500151/application/"
    answer = bearer(liu_officer).get(address).json()
    assert (answer["district"], answer["may_apply"]) == ("500151", False)
    assert [each["state"] for each in answer["conditions"]] == [
        *("ok", "blocked"),
        *("unknown",) * 3,
    ]
    assert answer["conditions"][0]["link"].startswith("http://cqcb.com/")
    assert bearer(chen_officer).get(address).status_code == 404
    assert Client().get(address).status_code == 401


def test_the_desk_says_what_is_short(
    failing: District, zhou_inspector: User, signed_in: Callable
) -> None:
    assert desk_on(today())["applying"] == []  # it is certified
    CertificationEvent.objects.filter(district=failing).delete()
    page = words(signed_in(zhou_inspector).get("/admin/"))
    assert "自查已复核通过的单位，能不能申请国家认定 沙坪坝区" in page
    assert "2026 年度自查复核通过的结果是「不达标」" in page


def test_a_request_to_reopen_waits_on_the_managers_desk(
    reach: Reach, zhao_signatory: User, wu_manager: User, zhou_inspector: User, signed_in: Callable
) -> None:
    heading = "答复沙坪坝区：申请重新开启 2026 年度自查"
    asking = {"self_check": reach("approved"), "by": zhao_signatory, "comment": "漏报一所学校"}
    take_step(step="ask_reopening", **asking)
    page = words(signed_in(wu_manager).get("/admin/"))
    assert heading in page
    assert "赵明：漏报一所学校" in page
    assert heading not in words(signed_in(zhou_inspector).get("/admin/"))
    decline = {"self_check": asking["self_check"], "by": wu_manager, "comment": "数据没有变化"}
    take_step(step="decline_reopening", **decline)
    assert heading not in words(signed_in(wu_manager).get("/admin/"))
