"""J1, J4, J6 and on: one self-check from signing in to the certified unit on the home page."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.journeys.clerk import attach_required, download, fill, upload
from tests.journeys.portal import Portal
from tests.journeys.visitor import Visitor, markup_only

Come = Callable[..., Visitor]
Task = Callable[[str, int], str]
WORK = "/admin/selfchecks/selfcheck/work/"
STEP = "2025 公布认定结果（国家） · 公布结果"
SOURCE = "https://cq.gov.cn/演示"
YEAR = 2033  # nobody else's, and without figures of the year before


@pytest.mark.parametrize(
    ("scripts", "code", "name"),
    [pytest.param(True, "500153", "荣昌区", marks=markup_only), (False, "500230", "丰都县")],
)
def test_from_a_clerks_sign_in_to_the_changed_home_page(
    visit: Come, portal: Portal, task: Task, scripts: bool, code: str, name: str
) -> None:
    portal.manage("load_demo", "--districts", code, "--schools", "4", "--years", "1")
    address = task(code, YEAR)
    before = certified(visit())
    _report(visit(scripts=scripts), address, code, scripts)
    _sign(visit(width=390, scripts=scripts), address, code, name)
    _approve(visit(scripts=scripts), name)
    document = f"演示函〔{YEAR}〕{code}号"
    certify(visit(scripts=scripts), name, document, YEAR)
    reader = visit(width=390, scripts=scripts)
    assert certified(reader) == before + 1
    _read(reader, code, name, document)
    assert "审计链完整" in portal.manage("audit_verify")


def certified(reader: Visitor, as_of: str = "") -> int:
    """How many the home page counts."""
    reader.visit(f"/?as_of={as_of}" if as_of else "/")
    lead = re.search(r"41 个规划单位中已公布 (\d+) 个通过国家认定", reader.text)
    assert lead, reader.text
    return int(lead[1])


def _report(clerk: Visitor, address: str, code: str, scripts: bool) -> None:
    """J1, within its budget; each page of it is looked at more closely there."""
    pages: list[str] = []
    clerk.page.on("framenavigated", lambda frame: pages.append(frame.url))
    clerk.visit(f"/accounts/login/?next={address}")
    clerk.sign_in(f"officer_{code}")
    clerk.clicks += 1
    upload(clerk, fill(download(clerk, "1. 下载模板")))
    clerk.click("button", "确认采用")
    assert len(pages) <= 4, pages
    attach_required(clerk, address, scripts=scripts)
    clerk.click("button", "送负责人审签")
    assert "待审签" in clerk.text
    assert clerk.clicks <= 6
    assert clerk.complaints == []


def _sign(chief: Visitor, address: str, code: str, name: str) -> None:
    """From the notice that told of it to the receipt."""
    chief.visit("/accounts/login/?next=/self-checks/notices/")
    chief.sign_in(f"signatory_{code}")
    chief.click("link", f"{YEAR} 年度自查等待您审签")
    chief.page.locator("summary", has_text=f"审签并报送：{name}").click()
    chief.click("button", f"确认审签并报送：{name}")
    assert "报送回执" in chief.page.locator("h1").inner_text()
    assert chief.complaints == []


def _approve(inspector: Visitor, name: str) -> None:
    inspector.visit(WORK)
    inspector.sign_in("inspector")
    inspector.click("button", f"开始复核 {name} {YEAR}")
    inspector.click("button", f"通过{name}…")
    inspector.press(inspector.page.get_by_role("button", name=f"通过{name}", exact=True))
    assert "已办理「复核通过」" in inspector.text
    assert inspector.clicks <= 3
    assert inspector.complaints == []


def certify(manager: Visitor, name: str, document: str, year: int) -> None:
    """The desk offers it where the approved result stands; both are filled in already."""
    manager.visit("/admin/")
    manager.sign_in("manager")
    manager.click("link", f"录入认定 {name}")
    page = manager.page
    assert page.get_by_label("区县").locator("option:checked").inner_text() == name
    evidence = page.get_by_label("所依据的自查结果").locator("option:checked").inner_text()
    assert evidence.startswith(f"{name} {year} 年度")
    page.get_by_label("环节").select_option(label=STEP)
    page.get_by_label("结果：", exact=True).select_option(label="通过国家认定")
    page.get_by_label("公布日").fill(timezone.localdate().isoformat())
    page.get_by_label("文号").fill(document)
    page.get_by_label("来源：", exact=True).fill(SOURCE)
    manager.press(page.get_by_role("button", name="保存", exact=True))
    assert "已增加" in manager.text
    assert manager.clicks <= 2
    assert manager.complaints == []


def _read(reader: Visitor, code: str, name: str, document: str) -> None:
    """The tile, what changed lately, and the unit's page with what it rests on."""
    tile = reader.page.locator(f".tiles a[href$='/districts/{code}/']")
    assert "通过国家认定" in (tile.text_content() or "")
    changes = reader.page.get_by_role("region", name="最近的变化").inner_text()
    assert document in changes
    reader.click("link", name)
    assert "通过国家认定" in reader.page.locator(".four").inner_text()
    assert f"依据 {YEAR} 年度自查的复核结果，指纹" in reader.text
    assert f"依据 {YEAR} 年度自查，逐项见下" in reader.text
    assert reader.complaints == []
