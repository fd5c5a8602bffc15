"""J1, J2, J4: a clerk fills the workbook offline and sends it; her chief signs on a phone."""

import io
import re
import secrets
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from selfchecks.workbook.reading import FIRST_DATA_ROW, SCHOOLS
from tests.journeys.clerk import attach_required, download, fill, fits, upload
from tests.journeys.visitor import Visitor, markup_only

PHONE = 844
Come = Callable[..., Visitor]
Task = Callable[[str, int], str]
Within = Callable[[str, Visitor], None]


# Years without figures of the year before: made-up ones would jump and ask for reasons.
@pytest.mark.parametrize(
    ("scripts", "year"), [pytest.param(True, 2030, marks=markup_only), (False, 2028)]
)
def test_j1_a_clean_file_from_sign_in_to_receipt(
    visit: Come, task: Task, within: Within, scripts: bool, year: int
) -> None:
    address = task("500106", year)
    clerk = visit(scripts=scripts)
    clerk.visit(f"/accounts/login/?next={address}")
    clerk.sign_in("officer_500106")
    clerk.clicks += 1
    assert f"{year} 年度自查" in clerk.text
    assert "还有 30 天" in clerk.text
    fits(clerk, scripts)
    template = download(clerk, "1. 下载模板")
    upload(clerk, fill(template))
    assert "0 个问题" in clerk.page.locator("h1").inner_text(), clerk.text
    fits(clerk, scripts)
    clerk.click("button", "确认采用")
    assert "核对并报送" in clerk.page.locator("h1").inner_text(), clerk.text
    fits(clerk, scripts)
    assert "还有 8 项没有附佐证材料" in clerk.text
    attach_required(clerk, address, scripts=scripts)
    clerk.click("button", "送负责人审签")
    assert "待审签" in clerk.text
    within("J1", clerk)
    _sign(visit, within, address, scripts)
    assert clerk.complaints == []


def _sign(visit: Come, within: Within, address: str, scripts: bool) -> None:
    """J4: the chief on a phone, two screens high: what needs eyes, then the signature."""
    chief = visit(width=390, scripts=scripts)
    chief.page.set_viewport_size({"width": 390, "height": PHONE})
    chief.visit(f"/accounts/login/?next={address}check/")
    chief.sign_in("signatory_500106")
    chief.clicks += 1
    fits(chief, scripts)
    assert not chief.scrolls_sideways()
    assert "需留意" in chief.text
    summary = chief.page.locator("summary", has_text="审签并报送：沙坪坝区")
    assert summary.is_visible()
    # Two decisions beside one another leave the most of a phone to what is decided on.
    assert chief.page.locator(".bar").bounding_box()["height"] <= PHONE / 6
    height = chief.page.locator("main").bounding_box()["height"]
    assert height <= 2 * PHONE, height
    chief.clicks += 1
    summary.click()
    chief.click("button", "确认审签并报送：沙坪坝区")
    assert "报送回执" in chief.page.locator("h1").inner_text(), chief.text
    assert re.search(r"500106-20\d\d-00\d", chief.text)
    assert "SHA-256" in chief.text
    within("J4", chief)
    assert chief.sheets_of_paper() == 1
    fits(chief, scripts)
    for place in ("result/", "trail/", "figures/", "explanations/"):
        chief.visit(address + place)
        fits(chief, scripts)
    assert chief.complaints == []


def spoil(book: Any) -> None:
    """Two unreadable figures, a part beyond its whole, and a blank that needs a word."""
    sheet, row = book[SCHOOLS.name], FIRST_DATA_ROW
    for field, value in (("teachers", "约32"), ("operating_budget", "见备注")):
        sheet.cell(row, SCHOOLS.position(field)).value = value
    sheet.cell(row + 1, SCHOOLS.position("teachers_certified")).value = 9_999
    sheet.cell(row + 2, SCHOOLS.position("teaching_area")).value = None


def test_j2_problems_come_back_in_ones_own_workbook(
    visit: Come, task: Task, within: Within
) -> None:
    address = task("500151", 2030)
    clerk = visit()
    clerk.visit(f"/accounts/login/?next={address}")
    clerk.sign_in("officer_500151")
    template = download(clerk, "1. 下载模板")
    upload(clerk, fill(template, spoil))
    text = clerk.text
    heading = clerk.page.locator("h1").inner_text()
    assert heading == "3 个问题必须修改、1 个问题需要确认", text
    places = [f"学校数据!{cell}" for cell in _spoiled_cells()]
    assert all(place in text for place in places)
    fits(clerk, True)
    clerk.count_from()
    marked = download(clerk, "下载标注文件")
    book = openpyxl.load_workbook(io.BytesIO(marked))
    assert all(book[SCHOOLS.name][cell].comment for cell in _spoiled_cells())
    assert book.sheetnames[0] == "问题清单"
    upload(clerk, fill(marked), "再次上传")
    within("J2", clerk)  # one round
    assert "必须修改" not in clerk.page.locator("h1").inner_text()
    clerk.click("button", "确认采用")
    assert "核对并报送" in clerk.page.locator("h1").inner_text()
    clerk.visit(address + "trail/")
    assert "第 2 版" in clerk.text
    assert "第 3 版" not in clerk.text
    assert clerk.complaints == []


def _spoiled_cells() -> list[str]:
    places = ((0, "teachers"), (0, "operating_budget"), (1, "teachers_certified"))
    return [
        openpyxl.utils.get_column_letter(SCHOOLS.position(field)) + str(FIRST_DATA_ROW + down)
        for down, field in places
    ]


def test_others_find_nothing(visit: Come, task: Task) -> None:
    address = task("500106", 2027)
    clerk = visit()
    clerk.visit("/accounts/login/")
    clerk.sign_in("officer_500151")
    assert clerk.visit(address) == 404
    assert clerk.visit(address + secrets.token_hex(3) + "/") == 404
