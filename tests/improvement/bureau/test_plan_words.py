"""Words of a plan's page that must be true of what they stand beside."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from districts.models import District, School, User
from improvement.bureau import plans
from improvement.models import Plan
from improvement.plans.curve import MoneyBuys
from improvement.plans.page import PlanPage
from improvement.plans.words import money
from improvement.services import planning
from improvement.services.conditions import set_condition
from selfchecks.models import SelfCheck
from selfchecks.results import build
from tests.improvement.bureau.test_plans import PLANS, text_of
from tests.improvement.conftest import codes_of, set_prices
from tests.selfchecks.conftest import keep_clean, register

SignedIn = Callable[[User], Client]


@pytest.fixture
def schools(shapingba: District) -> list[School]:
    """With a special school, which part A does not count."""
    return register(shapingba, ("小学", "初中", "九年一贯制", "特殊教育学校"))


@pytest.fixture
def plan(priced: SelfCheck, chen_officer: User) -> Plan:
    """A classroom of the special school is being built."""
    set_condition(
        district=priced.district,
        school_code=codes_of(priced)[3],
        kind="for_A7",
        least=Decimal(1),
        reason="在建",
        by=chen_officer,
    )
    return planning.make(self_check=priced, kind="cheapest", by=chen_officer)


@pytest.fixture
def page(plan: Plan, chen_officer: User, signed_in: SignedIn) -> str:
    return text_of(signed_in(chen_officer).get(f"{PLANS}{plan.number}/"))


def test_a_school_that_is_not_counted_has_its_name_and_says_so(plan: Plan, page: str) -> None:
    code = codes_of(plan.self_check)[3]
    name = plan.self_check.school_records.get(school_code=code).school_name
    table = page.split('id="schools"')[1].split("</section>")[0]
    assert name in table
    assert f">{code}<" not in table
    assert "按增配条件做；特殊教育学校不参加七项资源配置指标测算" in table


def test_the_first_strip_is_the_one_that_moves_and_its_title_is_true(page: str) -> None:
    """The primary school's ground, 100 ㎡ now, comes to the threshold or the floor."""
    title = page.split('id="strips-title">')[1].split("</h2>")[0]
    assert "A5" in title
    assert "小学" in title
    assert "从 1 个到 0 个，差异系数" in title


def test_why_not_less_is_said_where_no_coefficient_asks_for_more(page: str) -> None:
    assert "差异系数没有要求多补" in page


def test_the_search_field_of_a_plan_is_empty(page: str) -> None:
    field = page.split('id="find"')[1].split(">")[0]
    assert 'value=""' in field


@pytest.mark.parametrize(
    ("locked", "alone", "said"),
    [
        ("0", "0", ""),
        ("0", "60000", "钱少于 6 万元 时，差异系数本身就补不齐，任何方案都不能全部达标。"),
        ("60000", "60000", "锁定的措施就要 6 万元，钱不能少于这个数。"),
        ("60000", "90000", "钱少于 9 万元 时，做完锁定的措施，差异系数就补不齐。"),
    ],
)
def test_what_is_locked_is_not_laid_on_the_coefficients(locked: str, alone: str, said: str) -> None:
    found = MoneyBuys({"of": 3, "points": [], "locked": locked, "alone": alone})
    assert found.least.replace("\N{NO-BREAK SPACE}", " ") == said


def test_too_little_money_names_what_is_locked(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    assert "做完锁定的措施，差异系数就补不齐。" in text_of(client.get(f"{PLANS}budgets/"))
    there = client.post(PLANS, {"kind": "budget", "budget": "1"})["Location"]
    page = text_of(client.get(there))
    assert "1 万元不够：锁定的措施和差异系数就要" in page
    assert "可以分几年做" in page


def test_the_last_point_of_the_curve_is_enough_for_everything(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    """Ground at 400.37 yuan a ㎡ makes a sum that is not whole yuan."""
    set_prices(chen_officer, A5=Decimal("400.37"))
    client = signed_in(chen_officer)
    page = text_of(client.get(f"{PLANS}budgets/"))
    last = page.split('name="budget" value="')[-1].split('"')[0]
    there = client.post(PLANS, {"kind": "budget", "budget": last})["Location"]
    assert "这笔钱顾不到的" not in text_of(client.get(there))


def test_the_task_page_leads_to_plans(plan: Plan, chen_officer: User, signed_in: SignedIn) -> None:
    page = text_of(signed_in(chen_officer).get("/self-checks/500106-2026/"))
    assert f'href="{PLANS}"' in page


def test_no_curve_is_drawn_where_more_money_lets_nobody_else_pass(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    """A budget above the cheapest plan buys the same."""
    client = signed_in(chen_officer)
    there = client.post(PLANS, {"kind": "budget", "budget": "99999"})["Location"]
    assert "要再花" not in text_of(client.get(there))


def test_the_workbook_says_what_was_decided_by_the_clock_on_the_wall(
    plan: Plan, zhao_signatory: User, signed_in: SignedIn
) -> None:
    """08:01 in the database is 16:01 in Chongqing."""
    there, client = f"{PLANS}{plan.number}/", signed_in(zhao_signatory)
    client.post(there, {"act": "adopt"})
    at = datetime(2026, 11, 29, 8, 1, tzinfo=UTC)
    Plan.objects.filter(pk=plan.pk).update(made_at=at, adopted_at=at)
    answer = client.get(f"{there}?format=xlsx")
    book = load_workbook(BytesIO(b"".join(answer)) if answer.streaming else BytesIO(answer.content))
    about = dict(list(book["说明"].values))
    assert about["制作"] == "陈静 2026-11-29 16:01"
    assert about["采用"] == "赵明 2026-11-29 16:01"
    assert about["方案后的整体结论"] == "达标"
    assert "个评估单元和 14 项差异系数全部达标" in about["结论"]
    assert 0 < about["已证明的下限（元）"] <= plan.cost
    school = plan.self_check.school_records.get(school_code=codes_of(plan.self_check)[3])
    locked = (school.school_code, school.school_name, "提高 A7", 1, None, "间")
    assert [*book["增配条件"].values][1:] == [locked]


def test_the_list_says_that_what_was_adopted_is_of_other_prices(
    plan: Plan, zhao_signatory: User, signed_in: SignedIn
) -> None:
    client = signed_in(zhao_signatory)
    client.post(f"{PLANS}{plan.number}/", {"act": "adopt"})
    assert "采用的是第 1 号方案" not in text_of(client.get(PLANS))
    set_prices(zhao_signatory, A5=800)
    client.post(PLANS, {"kind": "everyone"})
    page = text_of(client.get(PLANS))
    assert "采用的是第 1 号方案" in page
    assert "比最省的" not in page  # no cheapest plan was made at the new prices


def test_a_refusal_is_said_once(plan: Plan, zhao_signatory: User, signed_in: SignedIn) -> None:
    set_prices(zhao_signatory, A5=800)
    page = text_of(signed_in(zhao_signatory).post(f"{PLANS}{plan.number}/", {"act": "adopt"}))
    assert page.count("制作之后，数据、单价或增配条件有了变化") == 1


@pytest.mark.parametrize("page", ["1/conditions/2100001001/for_A5/", "2/"])
def test_headings_keep_narrow_marks_in_english(
    plan: Plan, page: str, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    client.post(PLANS, {"kind": "budget", "budget": "0.0001"})
    heading = text_of(client.get(f"/en{PLANS}{page}")).split("<h1")[1].split("</h1>")[0]
    assert ": " in heading
    assert "：" not in heading


def test_all_or_nothing_is_no_curve() -> None:
    one = {"budget": "60000", "met": 3, "at_most": 3}
    assert not MoneyBuys({"of": 3, "points": [one], "alone": "60000"}).has_curve


def test_english_counts_agree(plan: Plan, chen_officer: User, signed_in: SignedIn) -> None:
    page = text_of(signed_in(chen_officer).get(f"/en{PLANS}{plan.number}/"))
    assert "1 kinds" not in page
    assert "kinds of measure: " in page


def test_whoever_adopts_reads_the_whole_verdict(
    plan: Plan, zhao_signatory: User, signed_in: SignedIn
) -> None:
    client = signed_in(zhao_signatory)
    sheet = text_of(client.get(f"{PLANS}{plan.number}/")).split('class="sheet"')[1]
    assert "<dt>方案后的整体结论</dt>" in sheet
    english = text_of(client.get(f"/en{PLANS}{plan.number}/")).split('class="sheet"')[1]
    assert "，" not in english.split("</form>")[0]


def test_lines_add_up_to_the_sum_that_is_shown(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """Prices that leave parts of a hundred yuan in every line."""
    short = {
        (code, field): 11 + number
        for number, code in enumerate(codes_of(priced)[:3])
        for field in ("sports_ground_area", "equipment_value")
    }
    keep_clean(priced, chen_officer, changes=short)
    set_prices(chen_officer, A5="400.57", A6="1.01")
    made = planning.make(self_check=priced, kind="everyone", by=chen_officer)
    page = PlanPage(made, build(priced))
    for lines in (page.measures, page.schools):
        assert len(lines) > 1
        told = sum(
            Decimal(line.cost.split("\N{NO-BREAK SPACE}")[0].replace(",", "")) for line in lines
        )
        assert money(told * 10_000) == page.cost
    assert "加起来等于合计" in text_of(signed_in(chen_officer).get(f"{PLANS}{made.number}/"))


def test_each_condition_says_what_releasing_it_saves(
    priced: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in: SignedIn
) -> None:
    """10 rooms nobody needs, at 60,000 yuan, cost 60 万元; a cap of what is not bought nothing."""
    school, district = codes_of(priced)[1], priced.district
    about = {"district": district, "school_code": school, "by": chen_officer, "reason": "在建"}
    set_condition(kind="for_A7", least=Decimal(10), **about)
    set_condition(kind="for_A4", most=Decimal(5_000), **about)
    made = planning.make(self_check=priced, kind="cheapest", by=chen_officer)
    free = f"{(made.cost - 600_000) / 10_000:,.2f}".rstrip("0").rstrip(".")
    page = text_of(signed_in(zhou_inspector).get(f"{PLANS}{made.number}/"))
    rows = page.split('id="conditions"')[1]
    assert f"放开能省 60 万元（变为 {free} 万元）" in rows
    assert rows.count("放开也不省钱") == 1
    there = f"{PLANS}{made.number}/conditions/{school}/for_A7/"
    assert "放开能省 60 万元" in text_of(signed_in(chen_officer).get(there))


def test_settling_what_is_settled_says_that_nothing_changed(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    there = f"{PLANS}{plan.number}/conditions/{codes_of(plan.self_check)[3]}/for_A7/"
    client, told = signed_in(chen_officer), {"choice": "least", "amount": "1", "reason": "在建"}
    assert "没有改动" in text_of(client.post(there, told, follow=True))
    told["amount"] = "2"
    assert "重新制作方案后生效" in text_of(client.post(there, told, follow=True))


def test_what_releasing_saves_is_worked_out_when_it_is_asked_for(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = codes_of(priced)[1]
    about = {"district": priced.district, "school_code": school, "by": chen_officer}
    set_condition(kind="for_A7", least=Decimal(11), reason="在建", **about)
    made = planning.make(self_check=priced, kind="cheapest", by=chen_officer)
    monkeypatch.setattr(plans, "AT_ONCE", 0)
    client, there = signed_in(chen_officer), f"{PLANS}{made.number}/conditions/{school}/for_A7/"
    assert f"{there}?saving=" in text_of(client.get(f"{PLANS}{made.number}/"))
    assert "放开能省 66 万元" not in text_of(client.get(there))
    assert "放开能省 66 万元" in text_of(client.get(f"{there}?saving="))
    assert "放开能省 66 万元" in text_of(client.get(f"{PLANS}{made.number}/"))


def test_numbers_lead_to_the_figure_its_cell_and_its_formula(
    plan: Plan, page: str, chen_officer: User, signed_in: SignedIn
) -> None:
    """From plan and shortfall alike; the row of the figure names its sheet and cell."""
    client, school = signed_in(chen_officer), codes_of(plan.self_check)[0]
    there = f"/self-checks/500106-2026/schools/{school}/"
    lacking = text_of(client.get("/self-checks/500106-2026/shortfalls/"))
    for told in (page, lacking):
        assert f'href="{there}#figure-sports_ground_area"' in told
    row = text_of(client.get(there)).split('id="figure-sports_ground_area"')[1].split("</tr>")[0]
    assert "运动场地面积" in row
    assert 'class="cell-name"' in row


def test_a_budget_too_small_for_all_coefficients_says_what_stays_open(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """Four classrooms let another school pass; the ground of the first costs far more."""
    first, second = codes_of(priced)[:2]
    changes = {(first, "sports_ground_area"): 100, (second, "multimedia_classrooms"): 1}
    keep_clean(priced, chen_officer, changes=changes)
    client = signed_in(chen_officer)
    there = client.post(PLANS, {"kind": "budget", "budget": "40"})["Location"]
    page = text_of(client.get(there))
    assert "这笔钱先让 13 / 14 项差异系数达标；还没有达标的：小学 A5" in page
    assert "40 万元不够：只让差异系数全部达标就要 64.18 万元" in page
    assert "3 / 4 个评估单元达标、13 / 14 项差异系数达标" in text_of(client.get(PLANS))
    book = load_workbook(BytesIO(b"".join(client.get(f"{there}?format=xlsx"))))
    told = [value for name, value in book["说明"].values if name == "差异系数"]
    assert told[0].startswith("这笔钱先让 13 / 14 项差异系数达标")
