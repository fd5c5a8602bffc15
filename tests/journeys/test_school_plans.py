"""From the verdict to approved school plans; a department answers, progress has a document."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.portal import Portal, running_portal
from tests.journeys.test_planning import DISTRICT, PRICES, look
from tests.journeys.visitor import Visitor, markup_only, visitor

REFERENCE = f"{DISTRICT}-2026"
PLANS = f"/self-checks/{REFERENCE}/school-plans/"
DEPARTMENT = f"""
from districts.models import District
from districts.services.people import create_user
district = District.objects.get(code="{DISTRICT}")
user, _password = create_user(username="personnel", display_name="任洁", role="department",
    reach="district", district=district, office="personnel", by=None)
user.set_password(%r)
user.save()
"""


@pytest.fixture(params=[(1366, True), (390, False)], ids=["wide", "phone without scripts"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Portal, int, bool]]:
    with running_portal(tmp_path_factory.mktemp("plans"), (DISTRICT,), schools=24) as running:
        running.manage("shell", "-c", PRICES)
        running.manage("shell", "-c", DEPARTMENT % running.password)
        yield running, *request.param


@markup_only
def test_from_the_verdict_to_progress_with_a_document(
    place: tuple[Portal, int, bool], browser: Browser, tmp_path: Path
) -> None:
    portal, width, scripts = place
    people = [visitor(portal, browser, width=width, scripts=scripts) for _who in range(3)]
    with people[0] as chief, people[1] as officer, people[2] as department:
        chief.visit(f"/accounts/login/?next=/self-checks/{REFERENCE}/plans/")
        chief.sign_in(f"signatory_{DISTRICT}")
        chief.click("button", "制作方案")
        chief.page.locator("details.decide summary").first.click()
        chief.click("button", "确认采用")
        officer.visit(f"/accounts/login/?next={PLANS}")
        officer.sign_in(f"officer_{DISTRICT}")
        officer.click("button", "所学校建立")
        look(officer, scripts, "0 所已批准")
        write(officer, scripts)
        officer.visit(PLANS)
        officer.page.locator("details.decide > summary").first.click()
        officer.click("button", "确认送审批")
        chief.visit(PLANS)
        look(chief, scripts, "待审批")
        chief.page.locator("details.decide > summary").first.click()
        chief.click("button", "确认批准")
        look(chief, scripts, "所已批准")
        answer(department, scripts)
        progress(officer, scripts, tmp_path)
        assert chief.complaints + officer.complaints + department.complaints == []


def write(officer: Visitor, scripts: bool, year: int = 2026) -> None:
    """Every measure says who, when (in the year of its self-check or after) and from what money;
    the first is with the personnel office."""
    schools = addresses(officer, "tbody th a[href*='/school-plans/']")
    assert schools
    found = [each for school in schools for each in measures_of(officer, school)]
    for place, address in enumerate(found):
        officer.visit(address)
        page = officer.page
        page.get_by_label("责任人").fill("王校长")
        page.get_by_label("经费来源").select_option("district")
        page.get_by_label("责任部门").select_option("personnel" if place == 0 else "bureau")
        page.get_by_label("开始日期").fill(f"{year}-01-10")
        page.get_by_label("完成期限").fill(f"{year}-02-10" if place == 0 else f"{year + 1}-06-30")
        officer.click("button", "保存")
    look(officer, scripts, "改动记录")


def measures_of(officer: Visitor, school: str) -> list[str]:
    officer.visit(school)
    return addresses(officer, "tbody th a[href*='/measures/']")


def addresses(visitor: Visitor, where: str) -> list[str]:
    links = visitor.page.locator(where).all()
    return [str(link.get_attribute("href")) for link in links]


def answer(department: Visitor, scripts: bool) -> None:
    department.visit("/accounts/login/")
    department.sign_in("personnel")
    look(department, scripts, "1 项已逾期")
    department.press(department.page.locator("tbody a").first)
    department.page.get_by_label("说明").fill("名额已报市里")
    department.click("button", "报告进展")
    look(department, scripts, "名额已报市里")


def progress(officer: Visitor, scripts: bool, folder: Path) -> None:
    """The bureau reads the answer and adds what is done, with a document."""
    document = folder / "acceptance.pdf"
    document.write_bytes(b"%PDF-1.7\n% a journey\n")
    officer.visit(f"{PLANS}?state=late")
    officer.press(officer.page.locator("tbody th a").first)
    officer.press(officer.page.locator("tbody th a").first)
    assert "名额已报市里" in officer.text
    officer.page.get_by_label("累计完成").fill("1")
    officer.page.get_by_label("佐证文件").set_input_files(document)
    officer.click("button", "报告进展")
    look(officer, scripts, "acceptance.pdf")
