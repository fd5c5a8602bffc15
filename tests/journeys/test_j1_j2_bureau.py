"""J1, J2, J4: a clerk fills the workbook offline and sends it; her chief signs on a phone."""

import io
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from selfchecks.workbook.layout import DISTRICT, FIRST_DATA_ROW, QUALITATIVE, SCHOOLS, VETO
from tests.journeys.portal import Portal
from tests.journeys.visitor import Visitor
from tests.selfchecks.workbook_files import DISTRICT_VALUES, figures_of

Come = Callable[..., Visitor]
OPEN = """
from datetime import timedelta
from django.utils import timezone
from districts.models import District, User
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
today = timezone.localdate()
year = {year}
open_year(
    year=year,
    due_on=today + timedelta(days=30),
    fill_from=today - timedelta(days=30),
    by=User.objects.get(username="manager"),
    districts=District.objects.filter(code="{code}"),
)
"""


@pytest.fixture
def task(portal: Portal) -> Callable[[str, int], str]:
    """A function: open a district's self-check of a year and give the address of its tasks."""

    def _task(code: str, year: int) -> str:
        portal.manage("shell", "-c", OPEN.format(code=code, year=year))
        return f"/self-checks/{code}-{year}/"

    return _task


def fill(template: bytes, spoil: Callable[[Any], None] = lambda book: None) -> bytes:
    """The template filled in the way people do: sheet by sheet, row by row."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book[SCHOOLS.name]
    row = FIRST_DATA_ROW
    while sheet.cell(row, SCHOOLS.position("school_code")).value:
        kind = sheet.cell(row, SCHOOLS.position("school_type")).value
        for field, value in varied(kind, row).items():
            sheet.cell(row, SCHOOLS.position(field)).value = number(value)
        row += 1
    _fill(book[DISTRICT.name], DISTRICT, "value", DISTRICT_VALUES)
    _fill(book[QUALITATIVE.name], QUALITATIVE, "conclusion", {}, "达标")
    _fill(book[VETO.name], VETO, "answer", {}, "否")
    spoil(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


KINDS = {"特殊教育学校": "九年一贯制", "十二年一贯制": "九年一贯制", "完全中学": "初中"}


SENIOR = ("完全中学", "十二年一贯制")
DIFFERING = ("qualified_teachers", "nearby_intake", "intake", "largest_class", "pe_arts_teachers")


def varied(kind: str, row: int) -> dict[str, Any]:
    """The figures of a school; no column looks as if it had been copied down."""
    figures = figures_of(KINDS.get(kind, kind), row)
    for name in figures:
        if name.rpartition("_")[0] in DIFFERING:
            figures[name] += row % 4
    figures["indoor_sports_area"] = f"{200 + row}.00"
    figures["operating_budget"] = f"{60 + row / 100:.4f}"
    if kind in SENIOR:
        figures["pupils_senior"] = 300 + row
    return figures


def number(value: Any) -> Any:
    is_decimal = isinstance(value, str) and re.fullmatch(r"[0-9]+\.[0-9]+", value)
    return float(value) if is_decimal else value


def _fill(
    sheet: Any, layout: Any, column: str, values: dict[str, Any], default: Any = None
) -> None:
    for row in range(FIRST_DATA_ROW, sheet.max_row + 1):
        key = sheet.cell(row, layout.position(layout.key)).value
        value = values.get(key, default)
        if key and value is not None:
            sheet.cell(row, layout.position(column)).value = number(value)


def download(visitor: Visitor, link: str) -> bytes:
    visitor.clicks += 1
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name=link).first.click()
    path = waiting.value.path()
    visitor.complaints = [it for it in visitor.complaints if it != waiting.value.url]
    return Path(path).read_bytes()


def upload(visitor: Visitor, content: bytes, button: str = "上传并检查") -> None:
    file = {
        "name": "自查.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": content,
    }
    visitor.page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    visitor.click("button", button)


def fits(visitor: Visitor, has_scripts: bool) -> None:
    """No barrier and no sideways scrolling, here and at the narrowest width."""
    if not has_scripts:
        return
    assert visitor.axe() == [], visitor.page.url
    size = visitor.page.viewport_size
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    assert not visitor.scrolls_sideways(), visitor.page.url
    visitor.page.set_viewport_size(size)  # type: ignore[arg-type]


# Years without figures of the year before: made-up ones would jump and ask for reasons.
@pytest.mark.parametrize(("scripts", "year"), [(True, 2030), (False, 2028)])
def test_j1_a_clean_file_from_sign_in_to_receipt(
    visit: Come, task: Callable[[str, int], str], scripts: bool, year: int
) -> None:
    address = task("500106", year)
    clerk = visit(scripts=scripts)
    pages: list[str] = []
    clerk.page.on("framenavigated", lambda frame: pages.append(frame.url))
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
    clerk.click("button", "送负责人审签")
    assert "待审签" in clerk.text
    assert clerk.clicks <= 6
    assert len(pages) <= 5, pages
    _sign(visit, address, scripts)
    assert clerk.complaints == []


def _sign(visit: Come, address: str, scripts: bool) -> None:
    """J4: the chief on a phone."""
    chief = visit(width=390, scripts=scripts)
    chief.visit(f"/accounts/login/?next={address}check/")
    chief.sign_in("signatory_500106")
    chief.clicks += 1
    fits(chief, scripts)
    assert not chief.scrolls_sideways()
    chief.click("button", "审签并报送")
    assert "报送回执" in chief.page.locator("h1").inner_text(), chief.text
    assert re.search(r"500106-20\d\d-00\d", chief.text)
    assert "SHA-256" in chief.text
    assert chief.clicks <= 4
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
    visit: Come, task: Callable[[str, int], str]
) -> None:
    address = task("500151", 2030)
    clerk = visit()
    clerk.visit("/accounts/login/")
    clerk.sign_in("officer_500151")
    assert clerk.page.url.endswith(address)
    template = download(clerk, "1. 下载模板")
    upload(clerk, fill(template, spoil))
    text = clerk.text
    heading = clerk.page.locator("h1").inner_text()
    assert heading.startswith("发现 4 个问题"), text
    assert "3 个必须修改" in heading
    places = [f"学校数据!{cell}" for cell in _spoiled_cells()]
    assert all(place in text for place in places)
    fits(clerk, True)
    clerk.clicks = 0
    marked = download(clerk, "下载标注文件")
    book = openpyxl.load_workbook(io.BytesIO(marked))
    assert all(book[SCHOOLS.name][cell].comment for cell in _spoiled_cells())
    assert book.sheetnames[0] == "问题清单"
    upload(clerk, fill(marked), "再次上传")
    assert clerk.clicks <= 3  # one round
    assert "0 个问题" in clerk.page.locator("h1").inner_text() or "0 个必须修改" in clerk.text
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


def test_others_find_nothing(visit: Come, task: Callable[[str, int], str]) -> None:
    address = task("500106", 2027)
    clerk = visit()
    clerk.visit("/accounts/login/")
    clerk.sign_in("officer_500151")
    assert clerk.visit(address) == 404
    assert clerk.visit(address + secrets.token_hex(3) + "/") == 404
