"""The page of one school and the search that leads there."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from districts.models import District, School, User
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from selfchecks.services.reviews import Target, comment
from selfchecks.services.steps import take_step
from tests.reader import links, tables, words
from tests.selfchecks.conftest import FILL_FROM, decide, keep_clean, register

REFERENCE = "/self-checks/500106-2026/"
NINE_YEAR = "2100001003"
# 480 and 300 pupils weigh 480 and 330 of 810, so 小学 needs 7.5 × 810 = 6075 ㎡ and
# 初中 10.2 × 810 ÷ 1.1 = 7510.909…; there are 2000 and 200 indoors.
SPLIT = {
    (NINE_YEAR, "pupils_primary"): 480,
    (NINE_YEAR, "pupils_junior"): 300,
    (NINE_YEAR, "classes_primary"): 12,
    (NINE_YEAR, "sports_ground_area"): "2000.00",
}


@pytest.fixture
def filled(self_check: SelfCheck, chen_officer: User) -> SelfCheck:
    keep_clean(self_check, chen_officer, changes=SPLIT)
    return self_check


def get(client: Client, address: str) -> Any:
    return client.get(address)


def find(client: Client, asked: str) -> Any:
    return client.get("/self-checks/find/", {"q": asked})


def page_of(client: Client, code: str = NINE_YEAR, language: str = "") -> Any:
    return get(client, f"{language}{REFERENCE}schools/{code}/")


def test_what_a_school_shares_is_lacking_once(
    filled: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    answer = page_of(signed_in(chen_officer))
    text = words(answer)
    assert "运动场地面积全校差 5310.91 ㎡" in text
    assert text.count("5310.91") == 1
    assert "3875" not in text  # 6075 − 2200: what 小学 alone would need is not said beside it
    assert "小学 59.3%、初中 40.7%" in text  # 480 ÷ 810
    both = [table for table in tables(answer) if table[0][0] == "指标"]
    assert [len(table) for table in both] == [8, 8]
    grounds = [next(row for row in table if row[0].startswith("A5")) for table in both]
    assert [row[5] for row in grounds] == ["见全校", "见全校"]
    assert [row[1:4] for row in grounds] == [
        ["2.72 低于基本值", "≥ 7.5", "6.375"],  # 2200 ÷ 810 = 2.716…
        ["2.99 低于基本值", "≥ 10.2", "8.67"],  # 2.716… × 1.1 = 2.987…
    ]


def test_each_line_says_what_the_school_does_to_the_coefficient(
    filled: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    tables_ = tables(page_of(signed_in(chen_officer)))
    lines = [row for table in tables_ if table[0][0] == "指标" for row in table[1:]]
    assert len(lines) == 14
    assert all("占离差的" in row[6] for row in lines)
    ground = next(row for row in lines if row[0].startswith("A5"))
    assert "再增加会缩小差距" in ground[6]
    assert "补到达标值，系数从" in ground[6]


def test_figures_lead_to_their_cells_and_remarks_stand_below(
    reach: Callable[[str], SelfCheck],
    zhou_inspector: User,
    chen_officer: User,
    signed_in: Callable[[User], Client],
) -> None:
    self_check = reach("in_review")
    target = Target(indicator="A2", school_code=NINE_YEAR, field="backbone_teachers_primary")
    comment(self_check=self_check, text="请附骨干教师名单", by=zhou_inspector, on=target)
    for person in (chen_officer, zhou_inspector):
        answer = page_of(signed_in(person))
        assert "请附骨干教师名单" in words(answer)
        assert f"{REFERENCE}figures/{NINE_YEAR}/backbone_teachers_primary/" in links(answer)
        assert "学校数据!" in words(answer)
        # The address in letters sent before still leads there.
        old = get(signed_in(person), f"{REFERENCE}figures/{NINE_YEAR}/")
        assert old.status_code == 200


def test_last_year_stands_beside_this_year(
    reach: Callable[[str], SelfCheck],
    shapingba: District,
    chen_officer: User,
    wu_manager: User,
    signed_in: Callable[[User], Client],
) -> None:
    """By hand, 404 pupils: 6 backbone teachers are 1.485, twice as many a year later 2.970."""
    reach("approved")
    (following,) = open_year(
        year=2027,
        due_on=date(2027, 12, 15),
        fill_from=FILL_FROM,
        by=wu_manager,
        districts=[shapingba],
    ).new
    code = "2100001001"
    keep_clean(following, chen_officer, changes={(code, "backbone_teachers_primary"): 12})
    answer = get(signed_in(chen_officer), f"/self-checks/500106-2027/schools/{code}/")
    lines = [table for table in tables(answer) if table[0][0] == "指标"][0]
    backbone = next(row for row in lines if row[0].startswith("A2"))
    assert (backbone[1], backbone[4]) == ("2.97 达标", "1.49")


def test_a_school_of_others_is_not_found(
    filled: SelfCheck,
    liu_officer: User,
    chen_officer: User,
    client: Client,
    signed_in: Callable[[User], Client],
) -> None:
    assert page_of(signed_in(liu_officer)).status_code == 404
    assert page_of(signed_in(chen_officer), "2100009999").status_code == 404
    assert page_of(client).status_code == 302


def test_a_school_before_anything_can_be_computed(
    self_check: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    """Without figures there is no page; with a blank it says what is not known."""
    assert page_of(signed_in(chen_officer)).status_code == 404
    keep_clean(self_check, chen_officer, changes={(NINE_YEAR, "teaching_area"): None})
    text = words(page_of(signed_in(chen_officer)))
    assert "无法判定" in text
    assert "教学及辅助用房面积 未填报" in text
    assert "None" not in text


@pytest.mark.parametrize("asked", ["第3", "2100001003", "九龙坡", "学校"])
def test_schools_are_found_in_reach_only(
    filled: SelfCheck,
    chen_officer: User,
    liu_officer: User,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
    asked: str,
) -> None:
    own = find(signed_in(chen_officer), asked)
    assert own.status_code == 200
    address = f"{REFERENCE}schools/{NINE_YEAR}/"
    assert (address in links(own)) is (asked != "九龙坡")
    assert address not in links(find(signed_in(liu_officer), asked))
    city = find(signed_in(zhou_inspector), asked)
    assert (address in links(city)) is (asked != "九龙坡")


def test_a_search_says_how_many_there_are_in_all(
    shapingba: District, chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    register(shapingba, ("小学",) * 30)
    text = words(get(signed_in(chen_officer), "/self-checks/find/?q=学校"))
    assert "的学校有 30 所" in text
    assert "列出前 20 所" in text


def test_the_last_result_stands_in_the_line(
    filled: SelfCheck,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
) -> None:
    assert "还没有报送的结果" in words(find(signed_in(zhou_inspector), NINE_YEAR))
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step(self_check=filled, step=step, by=by)
    text = words(find(signed_in(zhou_inspector), NINE_YEAR))
    assert "运动场地面积全校差 5310.91 ㎡" in text
    assert text.count("A5 低于基本值") == 2
    take_step(self_check=filled, step="take_up", by=zhou_inspector)
    decide(filled, "send_back", zhou_inspector)
    keep_clean(filled, chen_officer)
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step(self_check=filled, step=step, by=by)
    assert "5310.91" not in words(find(signed_in(zhou_inspector), NINE_YEAR))


@pytest.mark.parametrize("asked", ["<b>x</b>", "%", "_", "' OR 1=1 --", "长" * 300, " "])
def test_odd_questions_find_nothing_and_stay_text(
    schools: list[School], chen_officer: User, signed_in: Callable[[User], Client], asked: str
) -> None:
    answer = find(signed_in(chen_officer), asked)
    assert answer.status_code == 200
    assert not [link for link in links(answer) if "/schools/" in link]
    assert "<b>x" not in answer.content.decode()


def test_both_pages_are_in_english_too(
    filled: SelfCheck, chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(chen_officer)
    assert "the school is 5310.91 ㎡ short" in words(page_of(client, language="/en"))
    nothing = "No school, unit or indicator with “zzz”"
    assert nothing in words(get(client, "/en/self-checks/find/?q=zzz"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("多媒体", {"/indicators/A7/"}),
        ("a5", {"/indicators/A5/"}),
        ("shapingba", {"/districts/500106/"}),
        ("沙坪坝", {"/districts/500106/"}),
        ("zzz", set()),
    ],
)
def test_indicators_and_units_are_found_by_name_code_and_pinyin(
    schools: list[School],
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
    asked: str,
    found: set[str],
) -> None:
    linked = links(find(signed_in(zhou_inspector), asked))
    assert {link for link in linked if re.match(r"/(indicators|districts)/\w", link)} == found
