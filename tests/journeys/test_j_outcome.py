"""From a failing unit to certification, and for a certified one back again.

Measures are planned where it fails; the ledger follows the figures of later years; the gate turns
green and the unit is certified. Another one falls back, is told so, and loses its certification.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from selfchecks.workbook.reading import FIRST_DATA_ROW, SCHOOLS
from tests.journeys.clerk import OPEN, attach_required, download, fill, upload
from tests.journeys.portal import Portal, running_portal
from tests.journeys.test_j_certification import SOURCE, WORK, certified, certify
from tests.journeys.test_planning import DISTRICT, PRICES
from tests.journeys.test_school_plans import write
from tests.journeys.visitor import Visitor, visitor

UNIT, NAME = "500230", "丰都县"
HOLDER, HOLDER_NAME = "500107", "九龙坡区"  # on the public list of March 2025
YEARS = (2029, 2031, 2033, 2035)  # none has figures of the year before it to explain
WORDS = "演示：逐校核实，年底前补齐"
Come = Callable[..., Visitor]


@pytest.fixture(scope="module", params=[True, False], ids=["scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def place(scripts: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One for both ways, which belong to two units."""
    folder = tmp_path_factory.mktemp("outcome")
    with running_portal(folder, (UNIT, HOLDER), schools=4) as running:
        running.manage("shell", "-c", PRICES.replace(DISTRICT, UNIT))
        yield running


@pytest.fixture
def come(place: Portal, browser: Browser, scripts: bool) -> Iterator[Come]:
    """A function: somebody signed in, nobody for an empty name."""
    people: dict[str, Visitor] = {}
    with ExitStack() as stack:

        def _come(user: str, *, signed_in: bool = True) -> Visitor:
            if user not in people:
                people[user] = stack.enter_context(visitor(place, browser, scripts=scripts))
                if user and signed_in:
                    people[user].visit("/accounts/login/")
                    people[user].sign_in(user)
            return people[user]

        yield _come
        assert [each.complaints for each in people.values()] == [[]] * len(people)


def poor(schools: int) -> Callable[[Any], None]:
    """So many schools have next to no sports ground."""

    def spoil(book: Any) -> None:
        sheet, column = book[SCHOOLS.name], SCHOOLS.position("sports_ground_area")
        for row in range(FIRST_DATA_ROW, FIRST_DATA_ROW + schools):
            sheet.cell(row, column).value = 100 + row

    return spoil


def report(place: Portal, come: Come, unit: tuple[str, str], year: int, schools: int) -> None:
    """A year from the template to the approval, ``schools`` of it without sports ground."""
    code, name = unit
    place.manage("shell", "-c", OPEN.format(code=code, year=year))
    address = f"/self-checks/{code}-{year}/"
    officer, chief, inspector = (
        come(user) for user in (f"officer_{code}", f"signatory_{code}", "inspector")
    )
    officer.visit(address)
    upload(officer, fill(download(officer, "1. 下载模板"), poor(schools)))
    officer.click("button", "确认采用")
    attach_required(officer, address, scripts=False)
    officer.click("button", "送负责人审签")
    chief.visit(address + "check/")
    chief.page.locator("summary", has_text=f"审签并报送：{name}").click()
    chief.click("button", f"确认审签并报送：{name}")
    inspector.visit(WORK)
    inspector.click("button", f"开始复核 {name} {year}")
    inspector.click("button", f"通过{name}…")
    if schools:
        inspector.page.get_by_label("说明").first.fill(WORDS)
    inspector.press(inspector.page.get_by_role("button", name=f"通过{name}", exact=True))
    assert "已办理「复核通过」" in inspector.text


def test_from_a_failing_unit_to_its_certification(place: Portal, come: Come) -> None:
    unit = (UNIT, NAME)
    report(place, come, unit, YEARS[0], schools=2)
    plan(come, YEARS[0])
    assert "待整改" in ledger(come, "A5")
    report(place, come, unit, YEARS[1], schools=0)
    assert "待销号" in ledger(come, "A5")
    close(come)
    report(place, come, unit, YEARS[2], schools=1)
    assert "整改中" in ledger(come, "A5")  # one came back by itself
    report(place, come, unit, YEARS[3], schools=0)
    close(come)
    before = certified(come(""))
    certify(come("manager", signed_in=False), NAME, f"演示函〔{YEARS[3]}〕1号", YEARS[3])
    assert certified(come("")) == before + 1
    assert "审计链完整" in place.manage("audit_verify")


def plan(come: Come, year: int) -> None:
    """The cheapest plan, adopted; school plans from it, approved, and their volume to take away."""
    reference = f"{UNIT}-{year}"
    chief, officer = come(f"signatory_{UNIT}"), come(f"officer_{UNIT}")
    chief.visit(f"/self-checks/{reference}/plans/")
    chief.click("button", "制作方案")
    chief.page.locator("details.decide summary").first.click()
    chief.click("button", "确认采用")
    plans = f"/self-checks/{reference}/school-plans/"
    officer.visit(plans)
    officer.click("button", "所学校建立")
    write(officer, scripts=False, year=year)
    for who, done in ((officer, "确认送审批"), (chief, "确认批准")):
        who.visit(plans)
        who.page.locator("details.decide > summary").first.click()
        who.click("button", done)
    officer.visit("/papers/")
    assert download(officer, "一校一策汇编").startswith(b"PK")  # an archive, as .docx is


def ledger(come: Come, indicator: str) -> str:
    officer = come(f"officer_{UNIT}")
    officer.visit(f"/ledger/?indicator={indicator}")
    return officer.page.locator("tbody").inner_text()


def close(come: Come) -> None:
    """The chief closes what approved figures propose to close, all at once."""
    chief = come(f"signatory_{UNIT}")
    chief.visit("/ledger/?state=proposed")
    chief.page.get_by_label("一次办理多个").select_option("close")
    chief.press(chief.page.locator("button[name=scope][value=all]"))
    chief.press(chief.page.locator("form[method=post]:has([name=seen]) button"))
    assert "已销号" in ledger(come, "A5")


def test_a_unit_that_falls_back_loses_its_certification(place: Portal, come: Come) -> None:
    today = timezone.localdate()
    yesterday = (today - timedelta(days=1)).isoformat()
    before, then = certified(come("")), certified(come(""), yesterday)
    report(place, come, (HOLDER, HOLDER_NAME), YEARS[0], schools=2)
    officer, chief = come(f"officer_{HOLDER}"), come(f"signatory_{HOLDER}")
    officer.visit("/look-backs/")
    officer.click("link", HOLDER_NAME)
    address = officer.page.url.removeprefix(place.origin)
    for who, step in (
        (officer, "报送整改措施"),
        (chief, "报送整改结果"),
        (come("inspector"), "复查未通过，限期整改"),
        (chief, "报送限期整改结果"),
    ):
        take(who, address, step)
    inspector = come("inspector2")
    inspector.visit(address)
    form = inspector.page.locator("form:has(input[value=revoke])")
    form.get_by_label("公布撤销的日期").fill(today.isoformat())
    form.get_by_label("文号").fill("演示函〔2029〕2号")
    form.get_by_label("来源网址").fill(SOURCE)
    take(inspector, "", "记录撤销认定")
    assert certified(come("")) == before - 1
    assert certified(come(""), yesterday) == then
    come("").visit(f"/districts/{HOLDER}/")
    assert "撤销" in come("").text


def take(who: Visitor, address: str, step: str) -> None:
    if address:
        who.visit(address)
    form = who.page.locator("form", has=who.page.get_by_role("button", name=step, exact=True))
    form.locator("textarea").first.fill(WORDS)
    who.press(form.get_by_role("button", name=step, exact=True))
