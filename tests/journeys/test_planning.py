"""A chief goes from the verdict to an adopted plan with a locked choice in at most eight clicks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.portal import Portal, running_portal
from tests.journeys.visitor import Visitor, markup_only, visitor

MOST_CLICKS = 8
DISTRICT = "500118"  # demonstration data in which two coefficients are above their limit
UNEVEN = "500243"  # nothing else fails there; its demonstration is priced and has plans
SCHOOLS = 24
PRICES = f"""
from datetime import date
from decimal import Decimal
from districts.models import User
from improvement.planner.measures import KINDS
from improvement.services.prices import set_price
officer = User.objects.get(username="officer_{DISTRICT}")
for kind in KINDS:
    set_price(district=officer.district, kind=kind, price=Decimal(2000),
              valid_from=date(2026, 1, 1), source="演示数据", by=officer)
"""


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("priced")
    with running_portal(folder, (DISTRICT, UNEVEN), schools=SCHOOLS) as running:
        running.manage("shell", "-c", PRICES)
        yield running


@markup_only
@pytest.mark.parametrize(
    ("district", "width", "scripts"),
    [
        # Two of each: what the third would lock stands under a lock already.
        *((DISTRICT, 1366, True), (DISTRICT, 390, True)),
        *((UNEVEN, 1366, True), (UNEVEN, 390, False)),
    ],
)
def test_from_the_verdict_to_an_adopted_plan_with_a_locked_choice(
    priced: Portal, browser: Browser, district: str, width: int, scripts: bool
) -> None:
    with visitor(priced, browser, width=width, scripts=scripts) as chief:
        chief.visit(f"/accounts/login/?next=/self-checks/{district}-2026/result/")
        chief.sign_in(f"signatory_{district}")
        look(chief, scripts, "差异系数")
        chief.click("link", "增配方案")
        look(chief, scripts, "做一个方案")
        chief.click("button", "制作方案")
        look(chief, scripts, "全部达标")
        chief.press(chief.page.get_by_role("link", name="锁定或限制").last)  # not settled yet
        chief.page.get_by_label("原因").fill("已经列入今年的培训计划")
        look(chief, scripts, "锁定：至少做这么多")
        chief.click("button", "定下这个条件")
        look(chief, scripts, "制作之后，数据、单价或增配条件有了变化")
        assert "采用第" not in chief.text
        chief.click("button", "重新制作")
        look(chief, scripts, "增配条件：")
        chief.page.locator("details.decide summary").click()
        chief.clicks += 1
        assert "已经列入今年的培训计划" in chief.text
        chief.click("button", "确认采用")
        look(chief, scripts, "采用这个方案。")
        assert chief.clicks <= MOST_CLICKS
        assert chief.complaints == []


def look(chief: Visitor, scripts: bool, words: str) -> None:
    """The page says it, fits, and has no barriers."""
    assert words in chief.text
    if scripts:
        assert not chief.scrolls_sideways(), chief.page.url
        assert chief.axe() == [], chief.page.url
