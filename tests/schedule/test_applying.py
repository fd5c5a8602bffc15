"""May this unit apply? Each condition by its state, and an application against one of them."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import verify
from districts.models import District, User
from schedule.desk import desk_on
from schedule.models import BasicBalance, CertificationEvent, CertificationStep
from schedule.services.applying import Condition, _years_after, conditions_of
from schedule.services.certifications import record_event
from schedule.services.procedure import correct_balance, record_balance
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from selfchecks.services import reviews
from selfchecks.services.steps import take_step
from tests.reader import words
from tests.selfchecks.conftest import (
    decide,
    keep_clean,
    reach,
    register,
    schools,
    self_check,
)

__all__ = ["reach", "schools", "self_check"]

REASON = "区县当场补正,市级专题会议同意先行申报"
EVENTS = "/admin/schedule/certificationevent/"
SOURCE = {"document_number": "演示函〔2026〕1号", "source": "https://cq.gov.cn/"}
Reach = Callable[[str], SelfCheck]
pytestmark = pytest.mark.django_db


def asked(unit: District, day: date | None = None) -> dict[str, Condition]:
    return {str(each.code): each for each in conditions_of([unit], day)[unit.code]}


def states(unit: District, day: date | None = None) -> dict[str, str]:
    return {code: each.state for code, each in asked(unit, day).items()}


def application() -> CertificationStep:
    return CertificationStep.objects.get(year=2025, is_application=True)


def apply_for(unit: District, by: User | None, **more: Any) -> CertificationEvent:
    return record_event(
        district=unit, step=application(), result="started", day=today(), by=by, **more
    )


@pytest.fixture
def failing(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> District:
    """沙坪坝区 with an approved self-check that fails B7."""
    keep_clean(self_check, chen_officer, district={"B7.special_budget_per_pupil": 100})
    for step, by in (
        ("send_for_signature", chen_officer),
        ("submit", zhao_signatory),
        ("take_up", zhou_inspector),
    ):
        take_step(self_check=self_check, step=step, by=by)
    decide(self_check, "approve", zhou_inspector)
    return self_check.district


# -- 基本均衡 ------------------------------------------------------------------------------------


def test_every_unit_of_the_plan_has_a_sourced_row(reference: None) -> None:
    with (Path(settings.BASE_DIR) / "fixtures/plan-2022.csv").open(encoding="utf-8") as file:
        planned = {row["district"] for row in csv.DictReader(file)}
    rows = {row.district.code: row for row in BasicBalance.objects.select_related("district")}
    assert rows.keys() == planned
    assert len(rows) == 41
    page = "http://cqcb.com/hot/2020-05-20/2411666_pc.html"
    assert {(row.source, row.passed_by) for row in rows.values()} == {(page, date(2020, 5, 20))}
    # The page names two units for 2019 and three for 2018.
    assert {code for code, row in rows.items() if row.list_year == 2019} == {"500238", "500243"}
    named = {code for code, row in rows.items() if row.list_year == 2018}
    assert named == {"500152", "500237", "500229"}


@pytest.mark.parametrize(
    ("day", "state"), [(date(2023, 5, 19), "blocked"), (date(2023, 5, 20), "ok")]
)
def test_three_years_are_three_years(tongliang: District, day: date, state: str) -> None:
    assert states(tongliang, day)["basic_balance"] == state


def test_a_new_unit_is_unknown_until_the_city_says_so(reference: None, wu_manager: User) -> None:
    unit = District.objects.get(code="500157")
    found = asked(unit)["basic_balance"]
    assert found.state == "unknown"
    assert all(name in found.words for name in ("江北区", "渝北区", "待市级明确"))
    facts = {"passed_by": date(2020, 5, 20), "document_number": "演示函〔2026〕9号"}
    record_balance(district=unit, by=wu_manager, **facts)
    assert states(unit)["basic_balance"] == "ok"
    assert Entry.objects.order_by("number").last().action == "balance.record"


def test_without_a_row_nothing_is_assumed(tongliang: District) -> None:
    BasicBalance.objects.filter(district=tongliang).delete()
    assert states(tongliang)["basic_balance"] == "unknown"


def test_rows_are_the_managers_and_are_corrected_with_a_reason(
    tongliang: District, zhou_inspector: User, wu_manager: User
) -> None:
    row = BasicBalance.objects.get(district=tongliang)
    late = {"balance": row, "passed_by": date(2025, 1, 1)}
    with pytest.raises(NotAllowed):
        correct_balance(by=zhou_inspector, reason="查到原文件", **late)
    with pytest.raises(Unusable):
        correct_balance(by=wu_manager, reason="", **late)
    correct_balance(by=wu_manager, reason="查到原文件", **late)
    assert states(tongliang, date(2026, 11, 1))["basic_balance"] == "blocked"
    assert Entry.objects.order_by("number").last().reason == "查到原文件"


def test_the_managers_form_keeps_a_row(
    reference: None, wu_manager: User, zhou_inspector: User, signed_in: Callable
) -> None:
    unit = District.objects.get(code="500157")
    form = {"district": unit.pk, "passed_by": "2020-05-20", "source": "https://cq.gov.cn/x"}
    address = "/admin/schedule/basicbalance/add/"
    assert signed_in(zhou_inspector).post(address, form).status_code == 403
    assert signed_in(wu_manager).post(address, form).status_code == 302
    assert BasicBalance.objects.get(district=unit).passed_by == date(2020, 5, 20)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_three_years_after_any_day_is_a_day(day: date) -> None:
    later = _years_after(day)
    assert later.year == day.year + 3
    assert 1095 <= (later - day).days <= 1096


# -- the other conditions --------------------------------------------------------------------------


def test_without_an_approved_self_check_nothing_can_be_said(tongliang: District) -> None:
    assert states(tongliang) == {
        "basic_balance": "ok",
        "self_check": "blocked",
        "evidence": "unknown",
        "veto": "unknown",
        "nothing_open": "unknown",
    }


def test_what_is_submitted_is_not_approved(reach: Reach) -> None:
    assert states(reach("submitted").district)["self_check"] == "blocked"


def test_an_approved_result_that_meets(reach: Reach) -> None:
    names = ("basic_balance", "self_check", "evidence", "veto", "nothing_open")
    assert states(reach("approved").district) == dict.fromkeys(names, "ok")


def test_documents_taken_down_since_are_missing(reach: Reach, chen_officer: User) -> None:
    approved = reach("approved")
    gone = {"removed_at": timezone.now(), "removed_by": chen_officer}
    approved.evidence_items.filter(indicator="C3").update(**gone)
    found = asked(approved.district)["evidence"]
    assert found.state == "blocked"
    assert found.words.startswith("还有 1 项没有附佐证材料:C3 ")


def test_one_that_fails(failing: District) -> None:
    found = asked(failing)["self_check"]
    assert (found.state, "不达标" in found.words) == ("blocked", True)
    assert found.link == "/self-checks/500106-2026/result/"


def test_what_is_open_blocks(
    reach: Reach, zhou_inspector: User, zhao_signatory: User, wu_manager: User
) -> None:
    approved = reach("approved")
    unit = approved.district
    remark = reviews.comment(
        self_check=approved, text="请补附名单", by=zhou_inspector, on=reviews.Target("A1")
    )
    assert "1 条意见" in asked(unit)["nothing_open"].words
    reviews.settle(comment=remark, by=zhou_inspector)
    assert states(unit)["nothing_open"] == "ok"
    take_step(self_check=approved, step="ask_reopening", by=zhao_signatory, comment="漏报一所学校")
    assert "申请重新开启" in asked(unit)["nothing_open"].words
    take_step(self_check=approved, step="grant_reopening", by=wu_manager, due_on=today())
    assert "退回修改" in asked(unit)["nothing_open"].words


def test_many_units_cost_no_more_questions_than_one(
    reach: Reach, django_assert_max_num_queries: Callable
) -> None:
    reach("approved")
    with django_assert_max_num_queries(13):
        found = conditions_of(District.objects.all())
    assert len(found) == 42


# -- recording an application ----------------------------------------------------------------------


def test_an_inspector_is_refused(failing: District, zhou_inspector: User) -> None:
    with pytest.raises(Conflict, match="沙坪坝区 现在还不能申请国家认定") as refused:
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
        assert "录入时没有满足:最近复核通过的自查达标" in page
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
    assert "公布的结果和本市自查不一致(1 个)" in page
    assert "公布通过国家认定;2026 年度自查复核通过的结果是「不达标」" in page


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
    assert "仍要录入的,请写明理由。" in words(page)
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
    heading = "现在还不能申请国家认定:4 个条件没有满足"
    for by in (liu_officer, zhou_inspector):
        assert heading in words(signed_in(by).get("/districts/500151/"))
        assert heading not in words(signed_in(by).get("/districts/500151/?as_of=2026-01-01"))
    for client in (Client(), signed_in(chen_officer)):
        assert "国家认定:4 个条件" not in words(client.get("/districts/500151/"))


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
    assert "自查已复核通过的单位,能不能申请国家认定 沙坪坝区" in page
    assert "2026 年度自查复核通过的结果是「不达标」" in page


def test_a_request_to_reopen_waits_on_the_managers_desk(
    reach: Reach, zhao_signatory: User, wu_manager: User, zhou_inspector: User, signed_in: Callable
) -> None:
    heading = "区县申请重新开启自查,等您答复(1 份)"
    asking = {"self_check": reach("approved"), "by": zhao_signatory, "comment": "漏报一所学校"}
    take_step(step="ask_reopening", **asking)
    page = words(signed_in(wu_manager).get("/admin/"))
    assert heading in page
    assert "赵明:漏报一所学校" in page
    assert heading not in words(signed_in(zhou_inspector).get("/admin/"))
    decline = {"self_check": asking["self_check"], "by": wu_manager, "comment": "数据没有变化"}
    take_step(step="decline_reopening", **decline)
    assert heading not in words(signed_in(wu_manager).get("/admin/"))
