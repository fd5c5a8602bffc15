"""An inspector with a phone: draws, goes to the schools, loses the line, loses nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.visitor import Visitor, markup_only

Come = Callable[..., Visitor]
WORDS = "多媒体教室只有九间"


def draw(inspector: Visitor, unit: str) -> str:
    """Two schools of the unit; the address of the visit."""
    inspector.visit(f"/visits/draw/?district={unit}&count=2")
    inspector.sign_in("inspector")
    assert "12 所里抽 2 所" in inspector.page.locator("h1").inner_text()
    inspector.press(inspector.page.locator("form.sheet [type=submit]"))
    return inspector.page.url


def record(page: Page, day: str = "") -> None:
    form = page.locator("#record")
    if day:
        form.locator("[name=visited_on]").fill(day)
    form.locator("[name=words]").fill("看了专用教室")
    with page.expect_navigation():
        form.locator("[type=submit]").click()


def finish(inspector: Visitor, address: str) -> None:
    inspector.visit(address)
    page = inspector.page
    page.get_by_text("结束查看", exact=True).first.click()
    page.locator("#words-finish").fill("总体真实，个别台账不全")
    inspector.press(page.get_by_role("button", name="结束查看"))


def test_what_was_typed_outlives_a_line_that_dropped(visit: Come) -> None:
    inspector = visit(width=390)
    address = draw(inspector, "500151")
    page = inspector.page
    schools = [link.get_attribute("href") for link in page.locator("tbody th a").all()]
    inspector.visit(schools[0] or "")
    assert not inspector.scrolls_sideways()
    finding = page.locator("#finding")
    finding.locator("[name=words]").fill(WORDS)
    finding.get_by_label("材料缺失或不实").check()
    page.reload()
    assert finding.locator("[name=words]").input_value() == WORDS
    assert finding.get_by_label("材料缺失或不实").is_checked()
    assert finding.locator("[data-restored]").is_visible()
    page.context.set_offline(True)
    finding.locator("[type=submit]").click()
    assert finding.locator("[data-offline]").is_visible()
    page.context.set_offline(False)
    with page.expect_navigation():
        finding.locator("[type=submit]").click()
    assert finding.locator("[name=words]").input_value() == ""
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('keep/'))") == []
    assert WORDS in page.locator("#remove").inner_text()
    record(page)
    inspector.press(page.get_by_role("link", name="下一所"))
    record(page)
    finish(inspector, address.removeprefix(inspector.portal.origin))
    assert "查看结束" in inspector.text
    assert inspector.complaints == []
    officer = visit(width=390)
    officer.visit(f"/accounts/login/?next={address.removeprefix(officer.portal.origin)}")
    officer.sign_in("officer_500151")
    assert WORDS in officer.text


def test_a_visit_needs_no_scripts(visit: Come) -> None:
    inspector = visit(width=390, scripts=False)
    address = draw(inspector, "500106").removeprefix(inspector.portal.origin)
    page = inspector.page
    for place in range(2):
        inspector.visit(address)
        inspector.press(page.locator("tbody th a").nth(place))
        record(page)
    inspector.visit(address)
    page.locator("summary", has_text="取消查看").click()
    page.locator("#words-cancel").fill("两个区县合并查看")
    inspector.press(page.get_by_role("button", name="取消查看"))
    assert "已取消" in inspector.text


@markup_only
@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_of_visits_have_no_barriers(visit: Come, language: str) -> None:
    for width in (390, 1366):
        inspector = visit(width=width)
        inspector.visit(f"{language}/visits/draw/?district=500106&count=3")
        inspector.sign_in("inspector")
        assert inspector.axe() == []
        assert not inspector.scrolls_sideways()
        inspector.visit(f"{language}/visits/")
        assert inspector.axe() == []
        for link in [
            row.get_attribute("href") for row in inspector.page.locator("tbody th a").all()
        ]:
            for path in (link or "", f"{link}protocol/"):
                inspector.visit(path)
                assert inspector.axe() == []
                assert not inspector.scrolls_sideways()
        assert inspector.complaints == []
