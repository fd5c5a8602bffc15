"""Kinds of plan that are told more: a budget, years, moves; what money buys; work that goes on."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from districts.models import User
from improvement.models import Plan
from improvement.services import planning
from selfchecks.models import SelfCheck
from tests.improvement.bureau.test_plans import PLANS, text_of
from tests.improvement.conftest import codes_of

SignedIn = Callable[[User], Client]


@pytest.fixture
def plan(priced: SelfCheck, chen_officer: User) -> Plan:
    return planning.make(self_check=priced, kind="cheapest", by=chen_officer)


@pytest.fixture
def address(plan: Plan) -> str:
    return f"{PLANS}{plan.number}/"


def test_a_budget_says_how_many_units_it_lets_pass(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    refused = client.post(PLANS, {"kind": "budget"})
    assert refused.status_code == 422
    assert "请填大于 0、小于一亿的数，最多四位小数，以万元为单位，例如 3000。" in text_of(refused)
    half = str(plan.cost / 2 / 10_000)[:8]
    there = client.post(PLANS, {"kind": "budget", "budget": half})["Location"]
    page = text_of(client.get(there))
    assert "这么多钱，任何方案都不能让超过" in page
    assert "这笔钱顾不到的" in page
    assert f"预算 {half.rstrip('0')} 万元，剩 " in page
    assert 'id="budget-curve"' in page
    assert f"固定预算 {half.rstrip('0')} 万元" in text_of(client.get(PLANS))


def test_a_plan_in_the_making_tells_how_far_it_is_and_is_stopped(
    plan: Plan, address: str, chen_officer: User, zhou_inspector: User, signed_in: SignedIn
) -> None:
    told = {"cost": "3000000.00", "bound": "2990000", "gap": "0.003333", "seconds": "2.0"}
    Plan.objects.filter(pk=plan.pk).update(
        state="waiting", finished_at=None, result=None, cost=None, progress=told
    )
    client = signed_in(chen_officer)
    answer = client.get(address)
    page = text_of(answer)
    assert answer["Refresh"] == "3"
    assert "等待计算" in page
    assert "300 万元" in page
    assert "299 万元" in page
    assert "0.34%" in page
    assert "不再算" not in text_of(signed_in(zhou_inspector).get(address))
    assert client.post(address, {"act": "stop"}).status_code == 302
    assert "已取消" in text_of(client.get(address))
    assert "Refresh" not in client.get(address)
    assert client.post(address, {"act": "stop"}).status_code == 409
    assert client.post(address, {"act": "burn"}).status_code == 404


def test_a_plan_over_years_says_what_is_done_in_which(
    plan: Plan, priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    asked = {"kind": "years", "years": "2", "each": "5000", "primary": "-2.5", "junior": "3"}
    page = text_of(client.get(client.post(PLANS, asked)["Location"]))
    assert "哪一年做什么" in page
    assert page.index('scope="row">2027') < page.index('scope="row">2028')
    assert "5,000 万元" in page
    wishes = Plan.objects.get(number=2).terms["years"]
    assert [year["budget"] for year in wishes] == ["50000000", "50000000"]
    assert [year["rates"]["primary"] for year in wishes] == ["0.975000", "0.950625"]
    assert [year["rates"]["junior"] for year in wishes] == ["1.030000", "1.060900"]
    refused = client.post(PLANS, {**asked, "primary": "-80"})
    assert "请填 -50 到 100 之间的百分数" in text_of(refused)


def test_years_whose_money_is_not_enough_say_what_they_need(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    there = client.post(PLANS, {"kind": "years", "years": "2", "each": "0.0001"})["Location"]
    assert "几年的钱加起来不够" in text_of(client.get(there))


def test_what_more_money_buys_stands_beside_a_curve(
    plan: Plan, chen_officer: User, zhou_inspector: User, signed_in: SignedIn
) -> None:
    page = text_of(signed_in(chen_officer).get(f"{PLANS}budgets/"))
    assert 'id="budget-curve"' in page
    assert "做这个方案" in page
    assert "个单元全部达标要" in page
    assert "做这个方案" not in text_of(signed_in(zhou_inspector).get(f"{PLANS}budgets/"))


def test_without_prices_no_curve_is_drawn(
    self_check: SelfCheck, chen_officer: User, reach: Any, signed_in: SignedIn
) -> None:
    reach("submitted")
    answer = signed_in(chen_officer).get(f"{PLANS}budgets/")
    assert answer.status_code == 409
    assert "还没有单价" in text_of(answer)


def test_moves_say_who_goes_where(
    plan: Plan, address: str, priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    start, end = codes_of(priced)[0], codes_of(priced)[2]
    move = {"from": start, "to": end, "stage": "primary", "counts_in": ["A1", "A2"]}
    plan.terms["measures"].append({"code": "move", "price": "30000"})
    plan.result["moves"] = [{**move, "people": 2, "cost": "60000"}]
    Plan.objects.filter(pk=plan.pk).update(terms=plan.terms, result=plan.result)
    client = signed_in(chen_officer)
    page = text_of(client.get(address))
    assert "交流轮岗：2 人" in page
    assert "交流轮岗 2 人（小学）" in page
    book = load_workbook(BytesIO(client.get(f"{address}?format=xlsx").content))
    assert [*book["交流轮岗"].values][1][3:] == (2, "A1 A2", 60000)


def test_each_row_of_years_keeps_its_place_and_says_what_it_is(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    """Too little money for two years does not take the place of enough."""
    client, sums = signed_in(chen_officer), ("500", "0.01")
    for each in sums:
        client.post(PLANS, {"kind": "years", "years": "2", "each": each, "primary": "-2"})
    page = text_of(client.get(PLANS))
    assert "以前做的" not in page
    assert "分年实施 2 年，每年 500 万元" in page
    assert "分年实施 2 年，每年 0.01 万元" in page
    assert page.count("按最后一年的学生数，不和最省的比") == 1
    assert "在上面学校的措施旁边" not in text_of(client.get(f"{PLANS}3/"))
