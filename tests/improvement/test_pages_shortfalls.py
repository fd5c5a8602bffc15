"""The page 还差什么: finding, sums, prices it used, schools, drivers, forecast, Excel, readers.

沙坪坝区's first school has 404 pupils and 300 ㎡ of ground: 7.5 × 404 = 3,030, floor 2,575.5.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from districts.models import User
from improvement.services.prices import set_price
from selfchecks.models import SelfCheck
from tests.english import chinese_left, stored_texts
from tests.improvement.conftest import codes_of, keep_clean
from tests.reader import links, tables, words

ROOMS = "multimedia_classrooms"
PAGE = "/self-checks/500106-2026/shortfalls/"
SignedIn = Callable[[User], Client]


def get(client: Client, **asked: str) -> Any:
    return client.get(PAGE, asked)


def test_the_headline_is_the_finding_and_sums_say_their_prices(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    answer = get(signed_in(chen_officer))
    text = words(answer)
    assert "要让每所学校达标，至少还差 2,276 ㎡" in text
    assert "按现行单价，至少 91.02 万元，七项全部补到达标值 109.2 万元。" in text  # at 400 a ㎡
    indicators, measures, schools, drivers = tables(answer)
    assert indicators[1][1:5] == ["1 所", "2,276 ㎡", "2,730 ㎡", "2,276 ㎡"]
    assert measures[1][4] == "2026年1月1日起，2026 年采购价"
    assert measures[1][5:] == ["91.02 万元", "109.2 万元"]
    assert schools[1] == ["沙坪坝区第1学校", "2,276", "91.02", "小学 A5"]
    assert [row[2] for row in drivers[1:]] == ["再增加会缩小差距", "再增加会拉大差距"]
    assert "另有 1 项校际差异系数超过限值" in text


def test_how_far_to_go_is_chosen_in_the_address(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    schools = tables(get(signed_in(chen_officer), aim="full", sort="-money"))[2]
    assert schools[1][:3] == ["沙坪坝区第1学校", "2,730", "109.2"]
    assert schools[0] == ["学校", "运动场地 ㎡", "费用 万元"]


@pytest.mark.parametrize("asked", [{"aim": "most"}, {"sort": "names"}])
def test_what_cannot_be_asked_is_explained_and_the_usual_shown(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn, asked: dict[str, str]
) -> None:
    answer = get(signed_in(chen_officer), **asked)
    ((name, value),) = asked.items()
    assert answer.status_code == 422
    assert f"「{name}」不能是「{value}」；可用：" in words(answer)
    assert tables(answer)[2][1][:2] == ["沙坪坝区第1学校", "2,276"]


def test_what_was_chosen_can_be_kept_and_is_there_on_the_page(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    assert "存下这个视图" not in words(get(client))
    shown = get(client, aim="full").content.decode()
    names = ("page", "argument", "query")
    sent = {each: re.findall(f'name="{each}" value="([^"]+)"', shown)[0] for each in names}
    assert sent == {"page": "shortfalls", "argument": "500106-2026", "query": "aim=full"}
    client.post("/accounts/views/", {**sent, "name": "补到达标值"})
    assert f"{PAGE}?aim=full" in links(get(client))
    assert "存下这个视图" not in words(get(client, aim="full"))
    assert "存下这个视图" not in words(get(client, aim="full", primary="很多"))


def test_without_prices_quantities_stand_and_the_page_asks_once(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    changes = {(codes_of(self_check)[0], "multimedia_classrooms"): 8}  # 2.3 × 4.04 = 9.292
    keep_clean(self_check, chen_officer, changes=changes)
    answer = get(signed_in(chen_officer))
    text = words(answer)
    assert "各校都有六项达标；七项都要达标，还差 2 间" in text
    assert text.count("填写单价") == 1
    assert "万元" not in text
    assert "/self-checks/500106-2026/prices/" in links(answer)


def test_costs_that_leave_something_out_say_so(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """Of 9.292 rooms there are 7: three more; the ground has no price any more."""
    changes = {(codes_of(priced)[0], f): n for f, n in (("sports_ground_area", 100), (ROOMS, 7))}
    keep_clean(priced, chen_officer, changes=changes)
    set_price(
        district=priced.district, kind="for_A5", name="提高 A5", raises=["A5"], price=None,
        valid_from=date(2026, 2, 1), source="不再采用", by=chen_officer,
    )  # fmt: skip
    answer = get(signed_in(chen_officer), aim="full")
    assert "没有单价、没有计入的：建运动场地。" in words(answer)
    assert "有单价的措施至少要" in words(answer)
    assert tables(answer)[2][1][1:] == ["2,730", "3", "≥ 18"]  # three rooms at 60,000


def test_next_years_pupils_ask_more(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """404 × 1.05 = 424.2: 424 pupils ask 3,180 ㎡, at the floor 2,703."""
    answer = get(signed_in(chen_officer), primary="5")
    assert "按预测的学生数（小学 5.00%）测算" in words(answer)
    assert tables(answer)[0][1][2:4] == ["2,403 ㎡", "2,880 ㎡"]


def test_costs_that_are_shown_add_up_to_the_sum_that_is_shown(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """And the same amount costs the same in both columns."""
    for kind, price in (("hire", "95033.33"), ("hire_pe_arts", "98001"), ("equipment", "1.03")):
        about = {"district": priced.district, "source": "采购价", "by": chen_officer}
        set_price(kind=kind, price=Decimal(price), valid_from=date(2026, 1, 1), **about)
    answer = get(signed_in(chen_officer), primary="60", junior="60")
    _head, *lines, last = tables(answer)[1]
    for column in (-2, -1):
        told = [Decimal(line[column].split()[0].replace(",", "")) for line in lines]
        assert len(told) > 3
        assert sum(told) == Decimal(last[column].split()[0].replace(",", ""))


def test_what_is_expected_of_one_school_goes_before_the_rate(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """424 pupils of the first school ask 3,180 ㎡, whatever the rate of the others."""
    client, first = signed_in(chen_officer), codes_of(priced)[0]
    asked = {"primary": "-1", "pupils": f"{first}\t424"}
    answer = get(client, **asked)
    assert "按预测的学生数（小学 -1.00%、1 所学校按各自的预测）测算" in words(answer)
    assert tables(answer)[0][1][2:4] == ["2,403 ㎡", "2,880 ㎡"]
    book = openpyxl.load_workbook(BytesIO(get(client, **asked, format="xlsx").content))
    told = list(book["预测的学生数"].iter_rows(values_only=True))
    assert (first, "小学", 424, "这所学校的预测") in [(r[0], *r[2:]) for r in told]
    assert "变化率" in [row[4] for row in told]
    assert "预测的学生数" not in openpyxl.load_workbook(BytesIO(get(client, format="xlsx").content))


@pytest.mark.parametrize(
    ("pupils", "sentence"),
    [
        ("2100001001 四百", "第 1 行「2100001001 四百」读不懂"),
        ("2109999999 400", "填报的数据里没有学校标识码为 2109999999 的学校。"),
        ("2100001001 400 200", "第1学校没有初中在校生，不能预测。"),
    ],
)
def test_pupils_of_no_school_are_refused_at_their_place(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn, pupils: str, sentence: str
) -> None:
    answer = get(signed_in(chen_officer), pupils=pupils)
    assert answer.status_code == 422
    assert sentence in words(answer)


@pytest.mark.parametrize("rate", ["x", "101", "-51", "1.234"])
def test_a_rate_that_is_none_is_refused_at_its_place(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn, rate: str
) -> None:
    answer = get(signed_in(chen_officer), primary=rate)
    assert answer.status_code == 422
    assert "请填 -50 到 100 之间的百分数，例如 3 或 -2.5。" in words(answer)
    assert "<title>错误：还差什么" in answer.text


def test_what_is_unknown_is_said(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    changes = {(codes_of(self_check)[0], "multimedia_classrooms"): None}
    keep_clean(self_check, chen_officer, changes=changes)
    text = words(get(signed_in(chen_officer)))
    assert "已填报的各项都不差；没有填报的还判定不了" in text
    assert "1 处因为没有填报，判定不了，没有计入。" in text
    assert "小学 A7 未填报，判定不了" in text


def test_limits_beyond_part_a_stand_in_the_same_table(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    changes = {(codes_of(self_check)[0], "largest_class_primary"): 52}
    keep_clean(self_check, chen_officer, changes=changes)
    answer = get(signed_in(chen_officer))
    row = tables(answer)[0][1]
    assert row[0].startswith("B5")
    assert row[1:3] == ["1 所", "7 人"]
    assert row[5].startswith("把超额的班拆开")
    assert "各校七项资源配置指标都不差；B5 还有学校没有做到" in words(answer)
    assert "B5 小学最大班额 52 人，要求 45 人" in words(answer)


def test_there_is_nothing_to_say_before_a_workbook(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    assert "还没有采用工作簿" in words(get(signed_in(chen_officer)))


def test_the_workbook_has_numbers_and_names_its_prices(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    answer = get(signed_in(chen_officer), format="xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    rows = {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    assert rows["按指标"][1][:3] == ("A5", "生均体育运动场馆面积", "㎡")
    assert rows["按指标"][1][4:7] == (2275.5, 2730, 2275.5)
    assert rows["措施和费用"][1][2:5] == (2275.5, 2730, 400)
    assert rows["措施和费用"][1][6:] == ("2026 年采购价", 910_200, 1_092_000)
    assert rows["各校措施"][1][2:4] == (2275.5, 910_200)
    assert rows["各校明细"][1][7:10] == (2275.5, 2730, 2275.5)
    assert len(rows["对差异系数"]) > 10


def test_people_of_the_city_and_the_chief_read_it_others_do_not_find_it(
    priced: SelfCheck,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: SignedIn,
    liu_officer: User,
) -> None:
    for person in (zhao_signatory, zhou_inspector):
        assert get(signed_in(person)).status_code == 200
    assert get(signed_in(liu_officer)).status_code == 404


def test_it_is_a_step_from_result_tasks_and_school(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    school = f"schools/{codes_of(priced)[0]}/"
    for page in ("", "result/", school):
        assert PAGE in links(client.get(f"/self-checks/500106-2026/{page}")), page


def test_where_only_a_coefficient_fails_nothing_is_said_to_cost_nothing(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """One school has far more ground than the others; every one of them passes."""
    keep_clean(priced, chen_officer, changes={(codes_of(priced)[0], "sports_ground_area"): 40_000})
    answer = get(signed_in(chen_officer))
    text = words(answer)
    assert "各校资源配置都达标，但 1 项校际差异系数超过限值" in text
    assert "要缩小差距，还得给一些学校补到达标值以上" in text
    assert "至少要 0 万元" not in text
    assert "0 所学校还差" not in text
    assert "/self-checks/500106-2026/plans/" in links(answer)


def test_how_to_write_pupils_and_what_is_wrong_is_said_in_english(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    answer = signed_in(chen_officer).get(f"/en{PAGE}", {"primary": "101"})
    assert "One school per line" in words(answer)
    assert chinese_left(answer.text, stored_texts()) == []
