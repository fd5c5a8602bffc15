"""Pages of plans: made by the district's people, read by the city, adopted by the signatory."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from districts.models import User
from improvement.models import Condition, Plan
from improvement.services import planning
from selfchecks.models import SelfCheck
from tests.english import chinese_left, stored_texts
from tests.improvement.conftest import codes_of, set_prices

PLANS = "/self-checks/500106-2026/plans/"
SignedIn = Callable[[User], Client]


@pytest.fixture
def plan(priced: SelfCheck, chen_officer: User) -> Plan:
    return planning.make(self_check=priced, kind="cheapest", by=chen_officer)


@pytest.fixture
def address(plan: Plan) -> str:
    return f"{PLANS}{plan.number}/"


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_an_officer_makes_a_plan_and_reads_what_to_do(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    assert "按现在的数据还没有做过方案。" in text_of(client.get(PLANS))
    answer = client.post(PLANS, {"kind": "cheapest"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PLANS}1/")
    page = text_of(client.get(answer["Location"]))
    assert 'name="q" value=""' in page  # the search of the frame
    school = priced.school_records.get(school_code=codes_of(priced)[0])
    assert "个评估单元和 14 项差异系数全部达标" in page
    assert school.school_name in page
    assert "提高 A5" in page
    assert "已证明" in page
    assert "按求解器的说法" in page


def test_variants_stand_side_by_side_with_what_they_cost_more(
    plan: Plan, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    for kind in ("everyone", "greedy"):
        client.post(PLANS, {"kind": kind})
    page = text_of(client.get(PLANS))
    assert page.index("最省") < page.index("全部补到达标值") < page.index("逐校补齐")
    assert "比最省的多" in page or "和最省的一样" in page
    assert "以前做的" not in page


def test_each_says_how_much_it_costs_beside_the_others(
    plan: Plan, address: str, priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    dear, greedy = (
        planning.make(self_check=priced, kind=kind, by=chen_officer)
        for kind in ("everyone", "greedy")
    )
    client = signed_in(chen_officer)
    more = f"{(dear.cost - plan.cost) / 10_000:,.2f}".rstrip("0").rstrip(".")
    assert dear.cost > plan.cost
    assert greedy.cost == plan.cost
    same = "同样的数据、单价和条件，"
    assert f"{same}比全部补到达标值少 {more} 万元。" in text_of(client.get(address))
    assert f"{same}比最省的多 {more} 万元" in text_of(client.get(f"{PLANS}{dear.number}/"))
    assert f"{same}和最省的一样。" in text_of(client.get(f"{PLANS}{greedy.number}/"))
    set_prices(chen_officer, A5=450)
    newer = client.post(PLANS, {"kind": "cheapest"})["Location"]
    assert same not in text_of(client.get(newer))


def test_without_prices_the_page_says_which_are_lacking(
    self_check: SelfCheck, chen_officer: User, reach: Any, signed_in: SignedIn
) -> None:
    reach("submitted")
    client = signed_in(chen_officer)
    page = text_of(client.get(PLANS))
    assert "还没有单价：提高 A1、A2、A3、A4、A5、A6、A7 的措施。" in page
    assert "制作方案</button>" not in page


def test_the_city_reads_and_does_nothing(
    address: str, zhou_inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(zhou_inspector)
    page = text_of(client.get(address))
    assert "个评估单元" in page
    assert "<button" not in page.split("<main")[1].split("</main>")[0]
    assert "锁定或限制" not in page
    assert client.post(PLANS, {"kind": "cheapest"}).status_code == 403
    assert client.post(address, {"act": "adopt"}).status_code == 403


def test_the_signatory_adopts_and_the_page_says_so(
    plan: Plan, address: str, zhao_signatory: User, chen_officer: User, signed_in: SignedIn
) -> None:
    assert "确认采用" not in text_of(signed_in(chen_officer).get(address))
    client = signed_in(zhao_signatory)
    assert "确认采用沙坪坝区第 1 号方案" in text_of(client.get(address))
    assert client.post(address, {"act": "adopt"}).status_code == 302
    plan.refresh_from_db()
    assert plan.adopted_by == zhao_signatory
    assert "采用这个方案。" in text_of(client.get(address))


def test_an_adoption_is_taken_back_with_a_reason_that_stands_on_the_page(
    plan: Plan, address: str, zhao_signatory: User, chen_officer: User, signed_in: SignedIn
) -> None:
    planning.adopt(plan=plan, by=zhao_signatory)
    client = signed_in(zhao_signatory)
    assert "收回以后，本区县没有采用的方案。" in text_of(client.get(address))
    empty = client.post(address, {"act": "take_back", "reason": ""})
    assert (empty.status_code, "请写明收回采用的原因。" in text_of(empty)) == (422, True)
    done = client.post(address, {"act": "take_back", "reason": "校舍另行安排"}, follow=True)
    assert "已收回采用第 1 号增配方案。" in text_of(done)
    page = text_of(signed_in(chen_officer).get(address))
    assert "收回采用这个方案：校舍另行安排" in page
    assert "确认采用" in text_of(signed_in(zhao_signatory).get(address))


def test_a_plan_of_figures_that_have_changed_is_refused_and_says_so(
    plan: Plan, address: str, zhao_signatory: User, signed_in: SignedIn
) -> None:
    set_prices(zhao_signatory, A5=450)
    client = signed_in(zhao_signatory)
    page = text_of(client.get(address))
    assert "制作之后，数据、单价或增配条件有了变化" in page
    assert "确认采用" not in page
    answer = client.post(address, {"act": "adopt"})
    assert answer.status_code == 409
    assert "请重新制作后再采用。" in text_of(answer)


def test_a_choice_is_locked_from_its_row_and_released(
    plan: Plan, address: str, priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client, school = signed_in(chen_officer), codes_of(priced)[0]
    there = f"{address}conditions/{school}/for_A5/"
    assert there in text_of(client.get(address))
    assert "第 1 号方案在这里做" in text_of(client.get(there))
    assert client.post(there, {"choice": "least", "reason": "在建"}).status_code == 422
    sent = {"choice": "least", "amount": "9000", "reason": "在建"}
    assert client.post(there, sent)["Location"] == address
    row = Condition.objects.get(ended_at=None)
    assert (row.school_code, row.kind, row.least, row.reason) == (school, "for_A5", 9000, "在建")
    assert "至少 9,000 ㎡" in text_of(client.get(address))
    new = client.post(PLANS, {"kind": "cheapest"})["Location"]
    assert f"{9000}" in str(Plan.objects.get(number=2).result["additions"])
    assert (
        client.post(f"{new}conditions/{school}/for_A5/", {"choice": "release"}).status_code == 302
    )
    assert not Condition.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(
    ("sent", "least", "most"),
    [({"choice": "none"}, None, 0), ({"choice": "most", "amount": "120.5"}, None, 120.5)],
)
def test_a_choice_is_forbidden_or_capped(
    sent: dict[str, str],
    least: float | None,
    most: float,
    address: str,
    priced: SelfCheck,
    chen_officer: User,
    signed_in: SignedIn,
) -> None:
    there = f"{address}conditions/{codes_of(priced)[1]}/for_A4/"
    signed_in(chen_officer).post(there, {**sent, "reason": "用地不够"})
    row = Condition.objects.get()
    assert (row.least, row.most) == (least, most)


def test_unknown_schools_and_measures_are_not_found(
    address: str, priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client, school = signed_in(chen_officer), codes_of(priced)[0]
    there = client.get(f"{address}conditions/?line={school}&kind=for_A5")
    assert there["Location"] == f"{address}conditions/{school}/for_A5/"
    assert client.get(f"{address}conditions/?line=1&kind=for_A5").status_code == 404
    assert client.get(f"{address}conditions/2100009999/for_A5/").status_code == 404
    assert client.get(f"{address}conditions/{school}/magic/").status_code == 404
    assert client.get(f"{PLANS}99/").status_code == 404


def test_why_there_is_no_plan_names_indicator_and_school(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client, school = signed_in(chen_officer), codes_of(priced)[0]
    first = client.post(PLANS, {"kind": "cheapest"})["Location"]
    there = f"{first}conditions/{school}/for_A5/"
    client.post(there, {"choice": "none", "reason": "没有用地"})
    page = text_of(client.get(client.post(PLANS, {"kind": "cheapest"})["Location"]))
    name = priced.school_records.get(school_code=school).school_name
    assert "没有方案" in page
    assert "A5" in page
    assert f"受上限约束的学校：{name}。" in page
    assert "没有用地" in page
    assert "修改或放开" in page


def test_the_workbook_has_numbers(
    plan: Plan, address: str, zhou_inspector: User, signed_in: SignedIn
) -> None:
    answer = signed_in(zhou_inspector).get(f"{address}?format=xlsx")
    book = load_workbook(BytesIO(b"".join(answer)) if answer.streaming else BytesIO(answer.content))
    rows = [*book["各校措施"].values]
    assert rows[0][:2] == ("学校标识码", "学校名称")
    assert sum(row[6] for row in rows[1:]) == plan.cost
    assert [*book["差异系数"].values][0][2:4] == ("现在", "方案后")


def test_the_strips_have_their_table(
    address: str, zhou_inspector: User, signed_in: SignedIn
) -> None:
    page = text_of(signed_in(zhou_inspector).get(f"{address}?part=strips"))
    assert 'id="before-A5-' in page
    assert 'id="after-A5-' in page
    assert "现在低于达标值" in page


def test_pages_of_plans_are_english(
    plan: Plan, address: str, priced: SelfCheck, zhao_signatory: User, signed_in: SignedIn
) -> None:
    client, school = signed_in(zhao_signatory), codes_of(priced)[0]
    there = f"/en{address}conditions/{school}/for_A5/"
    client.post(there, {"choice": "least", "amount": "200", "reason": "planned"})
    parts = (f"{address}?part=strips", f"{PLANS}budgets/", there.removeprefix("/en"))
    for path in (PLANS, address, *parts):
        html = client.get(f"/en{path}").content.decode()
        assert chinese_left(html, stored_texts()) == [], path
