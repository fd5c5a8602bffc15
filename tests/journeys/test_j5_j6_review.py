"""J5, J6: an inspector's morning, without a mouse, and the review of one self-check."""

from collections.abc import Callable

import pytest

from tests.journeys.portal import Portal
from tests.journeys.visitor import UNFOLD, Visitor, markup_only

Come = Callable[..., Visitor]
Within = Callable[[str, Visitor], None]
FOCUSED = "[...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)"
PRESSABLE = """([x, y]) => document.elementFromPoint(x, y)
    ?.closest("a, button, input, label, summary")?.outerHTML ?? \"\""""
WORK, BOARD = "/admin/selfchecks/selfcheck/work/", "/admin/selfchecks/selfcheck/board/"
# Two districts were due yesterday; one has submitted, by the same steps people take.
SUBMIT = """
from datetime import timedelta
from django.utils import timezone
from districts.models import District, User
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import keep_clean
today = timezone.localdate()
open_year(
    year={year},
    due_on=today - timedelta(days=1),
    fill_from=today - timedelta(days=30),
    by=User.objects.get(username="manager"),
    districts=District.objects.filter(code__in=["500106", "500151"]),
)
self_check = SelfCheck.objects.get(district__code="500106", year={year})
officer = User.objects.get(username="officer_500106")
keep_clean(self_check, officer)
take_step(self_check=self_check, step="send_for_signature", by=officer)
signatory = User.objects.get(username="signatory_500106")
take_step(self_check=self_check, step="submit", by=signatory)
"""


@pytest.fixture
def submitted(portal: Portal) -> Callable[[int], None]:
    """A function: 沙坪坝区 has submitted the year, 铜梁区 is overdue."""
    return lambda year: portal.manage("shell", "-c", SUBMIT.format(year=year)) and None


def inspector(visit: Come, username: str = "inspector", **habits: object) -> Visitor:
    reader = visit(**habits)
    reader.visit(WORK)
    reader.sign_in(username)
    return reader


def row_of(reader: Visitor, section: str, unit: str, year: int) -> object:
    region = reader.page.get_by_role("region", name=section)
    return region.get_by_role("row").filter(has_text=unit).filter(has_text=str(year))


def take_up(reader: Visitor, year: int) -> None:
    reader.click("button", f"开始复核 沙坪坝区 {year}")


def test_j5_the_oldest_overdue_is_reminded_once(typist: Come, submitted, within: Within) -> None:
    submitted(2021)
    reader = inspector(typist, scripts=False)
    for _time in range(2):
        reader.visit(WORK)
        reader.count_from()
        reader.click("button", "催办 铜梁区 2021")
        assert "提醒：铜梁区 2021 年度自查尚未报送" in reader.text
        send = reader.page.get_by_role("button", name="发送催办")
        if send.count():
            reader.click("button", "发送催办")
            assert "已催办 1 个区县" in reader.text
        within("J5", reader)
    assert "今天已催办过" in reader.text
    assert reader.complaints == []


def test_j5_rows_are_walked_by_keyboard(typist: Come, submitted) -> None:
    submitted(2035)
    reader = inspector(typist)
    keyboard, rows = reader.page.keyboard, reader.page.locator("[data-row]")
    assert rows.count() > 1
    places = []
    for key in ("j", "k"):
        keyboard.press(key)
        places.append(reader.page.evaluate(FOCUSED))
    assert places == [1, 0]
    with reader.page.expect_navigation():
        keyboard.press("Enter")
    assert "复核：" in reader.page.locator("h1").inner_text()
    reader.visit(f"{WORK}?year=2035")
    reader.page.locator("select[name=year]").press("j")
    assert reader.page.evaluate(FOCUSED) == -1  # typing is left alone
    assert reader.complaints == []


def test_j6_approving_takes_three_clicks_at_most(visit: Come, submitted, within: Within) -> None:
    submitted(2022)
    reader = inspector(visit, scripts=False)
    take_up(reader, 2022)
    assert "测算指纹" in reader.text
    second = inspector(visit, "inspector2", scripts=False)
    second.visit(reader.page.url.removeprefix(reader.portal.origin))
    assert "正在复核这份自查" in second.text
    assert second.page.get_by_role("button", name="通过").count() == 0
    reader.click("button", "通过沙坪坝区…")
    assert "2 人会收到通知" in reader.text
    reader.press(reader.page.get_by_role("button", name="通过沙坪坝区", exact=True))
    within("J6 approve", reader)
    assert "已办理「复核通过」" in reader.text
    assert reader.complaints == []


def test_j6_returning_with_a_remark_on_a_cell_takes_four_clicks_at_most(
    visit: Come, submitted, portal: Portal, within: Within
) -> None:
    submitted(2023)
    reader = inspector(visit, scripts=False)
    take_up(reader, 2023)
    assert "需留意" in reader.text
    reader.page.get_by_label("意见（沙坪坝区会在同一处看到）").fill("请附骨干教师名单")
    reader.click("button", "退回沙坪坝区…")
    assert reader.page.locator("[name=reason]:checked").count() == 0
    reader.page.get_by_label("补充说明", exact=True).fill("请附骨干教师名单,核对后重新报送")
    reader.press(reader.page.get_by_role("button", name="退回沙坪坝区", exact=True))
    within("J6 return", reader)
    assert "已办理「退回修改」" in reader.text
    officer = visit(width=390, scripts=False)
    officer.visit("/accounts/login/?next=/self-checks/500106-2023/comments/")
    officer.sign_in("officer_500106")
    assert "请附骨干教师名单" in officer.text
    assert "审计链完整" in portal.manage("audit_verify")


@markup_only
@pytest.mark.parametrize("width", [390, 1366])
def test_j6_a_slow_second_click_meets_nothing(visit: Come, submitted, width: int) -> None:
    """Where a decision was pressed, the page after has nothing to press, and no other county."""
    year = 2031 if width == 390 else 2032
    submitted(year)
    reader = inspector(visit, width=width)
    take_up(reader, year)
    for name in ("通过沙坪坝区…", "通过沙坪坝区"):
        button = reader.page.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        reader.press(button)
        place = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert reader.page.evaluate(PRESSABLE, place) == "", name
        reader.page.mouse.click(*place)
        assert str(year) in reader.page.locator("h1").inner_text()
    assert "已办理：通过沙坪坝区" in reader.page.locator("h1").inner_text()
    assert not reader.scrolls_sideways()
    assert reader.axe() == []
    assert reader.complaints == []


@markup_only
@pytest.mark.parametrize("width", [390, 1366])
def test_the_inspectors_pages_have_no_barriers(visit: Come, submitted, width: int) -> None:
    year = 2019 if width == 390 else 2020
    submitted(year)
    reader = inspector(visit, width=width)
    pages = [WORK, f"{BOARD}?year={year}"]
    take_up(reader, year)
    review = reader.page.url.removeprefix(reader.portal.origin)
    sheets = [f"{review}decide/{step}/" for step in ("approve", "send_back", "take_back_return")]
    parts = ("indicators", "units-primary", "strips", "changes", "threads", "trail", "near")
    shown = [f"{review}?part={part}" for part in parts]
    for path in (*pages, review, f"{review}?on=A2||", *shown, *sheets):
        assert reader.visit(path) == (409 if "take_back" in path else 200)
        reader.page.evaluate(UNFOLD)
        assert reader.axe() == [], path
        assert not reader.scrolls_sideways(), path
        assert reader.complaints == [], path
