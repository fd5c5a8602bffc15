"""Whom to urge: who is behind the plan, by what, and who decides."""

from collections.abc import Callable
from datetime import date

import pytest

from districts.models import District, User
from schedule.services import consequences
from schedule.services.urging import proposals
from selfchecks.models import SelfCheck
from tests.reader import words
from tests.selfchecks.conftest import reach, schools, self_check

__all__ = ["reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
PAGE = "/admin/schedule/guidance/"


def test_units_behind_with_what_says_so(reference: None) -> None:
    found = proposals(DAY)
    years = [each.standing.planned_year for each in found]
    assert years == sorted(years)
    assert max(years) == 2027  # whose year is later still has time
    assert not any(each.standing.status in ("certified", "abolished") for each in found)
    first = found[0]
    assert [reason.code.value for reason in first.reasons][:2] == ["past", "not_begun"]
    days = (DAY - date(first.standing.planned_year, 12, 31)).days
    assert f"已过 {days} 天" in first.words
    assert "没有复核通过的自查。" in first.words
    next_year = [each for each in found if each.standing.planned_year == 2027]
    assert {tuple(reason.code.value for reason in each.reasons) for each in next_year} == {
        ("not_ready",)
    }


def test_an_approved_year_that_fails_is_named(
    reach: Callable[[str], SelfCheck], wu_manager: User
) -> None:
    approved = reach("approved")
    for each in proposals(date.today()):
        if each.code == approved.district.code:
            assert f"{approved.year} 年度自查复核通过的结果是" in each.words


def test_the_page_offers_to_begin_and_says_who_is_urged(
    reference: None, tongliang: District, zhou_inspector: User, he_auditor: User, signed_in
) -> None:
    client = signed_in(zhou_inspector)
    page = client.get(PAGE).content.decode()
    assert f"督促{tongliang.display_name}" in page
    facts = {"group": "规划年份已过", "reason": "规划年份已过，没有开始评估", "begun_on": DAY}
    consequences.begin_guidance(by=zhou_inspector, district=tongliang, kind="urged", **facts)
    page = words(client.get(PAGE))
    assert f"督促{tongliang.display_name}" not in page
    assert "2026年3月1日起督促" in page
    assert "?kind=urged" not in signed_in(he_auditor).get(PAGE).content.decode()


def test_over_rest(reference: None, tongliang: District, wu_manager: User, bearer) -> None:
    rows = bearer(wu_manager).get("/api/v1/guidance/proposals/").json()["results"]
    (row,) = [each for each in rows if each["district"] == tongliang.code]
    assert row["since"] is None
    assert {reason["code"] for reason in row["reasons"]} <= {
        "past", "not_begun", "not_ready", "too_slow",
    }  # fmt: skip
    assert bearer(wu_manager).get("/api/v1/guidance/proposals/?format=csv").status_code == 200
