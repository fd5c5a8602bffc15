"""Pages of scenarios: begun, changed in plain forms, compared, exported; read by chief and city."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from districts.models import User
from improvement.models import Plan, Scenario
from improvement.services import scenarios
from improvement.services.ground import ground_of
from selfchecks.models import SelfCheck
from tests.english import api_words, chinese_left, stored_texts
from tests.reader import tables, words

LIST = "/self-checks/500106-2026/scenarios/"
PRIMARY, JUNIOR, NINE = "2100001001", "2100001002", "2100001003"
MERGE = {"change": "merge", "school_code": PRIMARY, "into": NINE}
SignedIn = Callable[[User], Client]


@pytest.fixture
def scenario(priced: SelfCheck, chen_officer: User) -> Scenario:
    return scenarios.create(self_check=priced, name="合并", changes=[MERGE], by=chen_officer)


def add(client: Client, kind: str, **said: Any) -> Any:
    return client.post(f"{LIST}1/?add={kind}", {"act": "add", "kind": kind, **said}, follow=True)


def test_from_an_empty_list_to_changes_and_their_result(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    assert "还没有假设方案" in words(client.get(LIST))
    page = client.post(LIST, {"name": "学生多了", "note": "教委会议"}, follow=True)
    assert "还没有改动，和填报的数据一样" in words(page)
    assert "没有学校的结论不同" in words(page)
    form = words(client.get(f"{LIST}1/?add=growth"))
    assert "增减比例（%）" in form
    page = add(client, "growth", stage="primary", percent="5")
    assert "1. 全区县小学在校生数变化 5%" in words(page)
    page = add(client, "pupils", school_code=PRIMARY, stage="primary", pupils="10")
    assert "2 项改动，按次序做" in words(page)
    assert "沙坪坝区第1学校的小学在校生数改为 10 人" in words(page)
    assert Scenario.objects.get().note == "教委会议"


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("pupils", {"stage": "primary", "pupils": "-1"}, "请填写学校。"),
        (
            "pupils",
            {"school_code": NINE, "stage": "primary", "pupils": "1.5"},
            "第 2 项改动：在校生数为 1.5，应为整数；应为：整数。",
        ),
        (
            "merge",
            {"school_code": NINE, "into": NINE},
            "第 2 项改动：沙坪坝区第3学校不能并入或转入自己；应为：另一所学校。",
        ),
        ("merge", {"school_code": PRIMARY, "into": NINE}, "请在列出的里面选择。"),
        (
            "move_staff",
            {"school_code": NINE, "into": JUNIOR, "stage": "primary", "teachers": "1"},
            "第 2 项改动：沙坪坝区第2学校没有小学学段；应为：有这个学段的学校。",
        ),
        ("add_school", {"school_code": "12"}, "请填写学校名称。"),
    ],
)
def test_what_is_wrong_stands_at_its_input(
    scenario: Scenario,
    chen_officer: User,
    signed_in: SignedIn,
    kind: str,
    said: dict[str, str],
    sentence: str,
) -> None:
    answer = add(signed_in(chen_officer), kind, **said)
    assert answer.status_code == 422
    assert sentence in words(answer)
    scenario.refresh_from_db()
    assert scenario.changes == [MERGE]


def test_changes_are_taken_away_and_put_first(
    scenario: Scenario, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    add(client, "growth", stage="junior", percent="-3")
    client.post(f"{LIST}1/", {"act": "earlier", "at": "1"})
    scenario.refresh_from_db()
    assert [row["change"] for row in scenario.changes] == ["growth", "merge"]
    client.post(f"{LIST}1/", {"act": "remove", "at": "0"})
    scenario.refresh_from_db()
    assert scenario.changes == [MERGE]
    assert client.post(f"{LIST}1/", {"act": "remove", "at": "7"}).status_code == 409


def test_a_second_window_is_told_that_the_first_changed_it(
    scenario: Scenario, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)
    (seen,) = set(re.findall(r'name="seen" value="(\w+)"', client.get(f"{LIST}1/").text))
    sent = {"act": "remove", "at": "0", "seen": seen}
    assert (
        client.post(f"{LIST}1/", {"act": "rename", "name": "新名", "seen": seen}).status_code == 302
    )
    answer = client.post(f"{LIST}1/", sent)
    assert answer.status_code == 412
    assert "又有了改动" in words(answer)


def test_copy_archive_and_plan(scenario: Scenario, chen_officer: User, signed_in: SignedIn) -> None:
    client = signed_in(chen_officer)
    page = client.post(f"{LIST}1/", {"act": "duplicate"}, follow=True)
    assert "合并（副本 1）" in words(page)
    page = client.post(f"{LIST}2/", {"act": "archive"}, follow=True)
    assert "已归档 1 个" in words(page)
    assert "恢复使用" in words(client.get(f"{LIST}2/"))
    assert "恢复使用。" in words(client.post(f"{LIST}2/", {"act": "restore"}, follow=True))
    client.post(f"{LIST}2/", {"act": "archive"})
    assert "不再改" in words(client.get(f"{LIST}2/"))
    page = client.post(f"{LIST}1/", {"act": "plan"}, follow=True)
    assert "这是按假设方案「合并」做的，只供比较，不能采用" in words(page)
    assert Plan.objects.get().scenario == scenario
    assert "按这个假设做过的增配方案：第 1 号" in words(client.get(f"{LIST}1/"))


def test_four_side_by_side_and_in_numbers(
    scenario: Scenario, chen_officer: User, signed_in: SignedIn
) -> None:
    scenarios.create(self_check=scenario.self_check, name="空", by=chen_officer)
    client = signed_in(chen_officer)
    page = client.get(f"{LIST}compare/?s=1&s=2")
    head, *rows = tables(page)[0]
    assert head == ["项目", "填报的数据", "合并", "空"]
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["总的结论"] == ["不达标"] * 3
    assert by_name["达标的评估单元"] == ["3 / 4", "2 / 3", "3 / 4"]
    assert by_name["达标的差异系数"] == ["13 / 14", "14 / 14", "13 / 14"]
    assert by_name["至少的费用"] == ["91.02 万元", "61.26 万元", "91.02 万元"]
    book = load_workbook(BytesIO(client.get(f"{LIST}compare/?s=1&s=2&format=xlsx").content))
    sheet = {row[0]: row[1:] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert sheet["项目"] == ("计量单位", "填报的数据", "合并", "空")
    assert sheet["达标的评估单元"][1:] == (3, 2, 3)
    assert sheet["至少的费用"] == ("万元", 91.02, 61.252, 91.02)


def test_chief_and_inspector_read(
    scenario: Scenario, zhou_inspector: User, liu_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(zhou_inspector)
    for page in (LIST, f"{LIST}1/", f"{LIST}1/?add=merge", f"{LIST}compare/?s=1"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "加上这项改动" not in answer.text
    assert client.post(f"{LIST}1/", {"act": "remove", "at": "0"}).status_code == 403
    other = signed_in(liu_officer)
    for page in (LIST, f"{LIST}1/", f"{LIST}compare/?s=1"):
        assert other.get(page).status_code == 404


def test_without_figures_the_page_says_so(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    scenarios.create(self_check=self_check, name="空", by=chen_officer)
    client = signed_in(chen_officer)
    assert "还没有数据" in words(client.get(f"{LIST}1/"))
    assert client.get(f"{LIST}compare/?s=1").status_code == 409


@pytest.mark.parametrize(
    "page", ["", "1/", "1/?add=add_school", "1/?add=move_staff", "compare/?s=1"]
)
def test_pages_are_english(
    scenario: Scenario, chen_officer: User, signed_in: SignedIn, page: str
) -> None:
    data = re.compile(f"{stored_texts().pattern}|{api_words().pattern}")
    answer = signed_in(chen_officer).get(f"/en{LIST}{page}")
    assert (answer.status_code, chinese_left(answer.text, data)) == (200, [])


def test_what_is_judged_otherwise_outside_part_a_is_named(
    scenario: Scenario, chen_officer: User, signed_in: SignedIn
) -> None:
    """A primary school has 2,000 pupils at most (B4)."""
    client = signed_in(chen_officer)
    add(client, "pupils", school_code=NINE, stage="primary", pupils="3000")
    rows = {row[0]: row[1:] for row in tables(client.get(f"{LIST}1/"))[0]}
    assert rows["B4 学校规模"] == ["达标", "不达标"]
    assert not any(name.startswith("B1 ") for name in rows)


def test_a_fifth_is_not_dropped_in_silence(
    scenario: Scenario, chen_officer: User, signed_in: SignedIn
) -> None:
    for name in "甲乙丙丁":
        scenarios.create(self_check=scenario.self_check, name=name, by=chen_officer)
    client = signed_in(chen_officer)
    assert " checked" not in client.get(LIST).text  # whoever compares chooses
    page = client.get(f"{LIST}compare/?s=5&s=4&s=3&s=2&s=1")
    assert "一次最多比较 4 个，没有比较的：合并" in words(page)
    assert "没有比较的" not in words(client.get(f"{LIST}compare/?s=5&s=4&s=3&s=2"))


def test_a_plan_of_a_scenario_settles_nothing_and_leads_to_no_school_that_is_not(
    priced: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    """A new school like the first one, with as little ground; it has no page."""
    first = ground_of(priced).figures["schools"][0]
    reported = {key: str(value) for key, value in first.items() if value is not None}
    new = {**reported, "change": "add_school", "school_code": "2100001999", "school_name": "新校"}
    scenarios.create(self_check=priced, name="又一所", changes=[new], by=chen_officer)
    client = signed_in(chen_officer)
    text = client.post(f"{LIST}1/", {"act": "plan"}, follow=True).text
    assert "新校" in text.split('id="schools"')[1]
    assert "/schools/2100001999/" not in text
    assert "锁定或限制" not in text
