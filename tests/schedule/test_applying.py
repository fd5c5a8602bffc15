"""May this unit apply? Each condition by its state."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from districts.models import District, User
from schedule.models import BasicBalance
from schedule.services.applying import _years_after, conditions_of
from schedule.services.procedure import correct_balance, record_balance
from schedule.services.reading import today
from selfchecks.services import reviews
from selfchecks.services.steps import take_step
from tests.schedule.applying import (
    Reach,
    asked,
    failing,
    reach,
    schools,
    self_check,
    states,
)

__all__ = ["failing", "reach", "schools", "self_check"]

pytestmark = pytest.mark.django_db


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
    assert found.words.startswith("还有 1 项没有附佐证材料：C3 ")


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
