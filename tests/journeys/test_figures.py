"""Results and schools on paper, on a phone, in both languages and schemes."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.visitor import UNFOLD, Visitor, markup_only

Come = Callable[..., Visitor]
REFERENCE = "/self-checks/500151-2026/"
RESULT, UNITS = f"{REFERENCE}result/", f"{REFERENCE}result/?part=primary"
CELLS = "table.matrix tbody tr"
A4 = {"portrait": 182, "landscape": 277}  # mm between the margins
# What lies beyond the paper, and whether the line below the table lies on its last row.
BEYOND = """width => [...document.querySelectorAll('main th, main td')]
    .filter(cell => cell.getBoundingClientRect().right > width + 1).map(cell => cell.innerText)"""
OVERPRINTED = """() => { const end = table => table.getBoundingClientRect().bottom;
    return [...document.querySelectorAll('main table')].filter(table => {
        const box = table.closest('.wide') || table;
        let next = box.nextElementSibling;
        while (next && !next.getClientRects().length) next = next.nextElementSibling;
        return next && next.getBoundingClientRect().top < end(table) - 1; }).length }"""


@pytest.fixture
def inspector(visit: Come) -> Callable[..., Visitor]:
    """A function: somebody who may read every self-check, signed in."""

    def come(**habits: object) -> Visitor:
        reader = visit(**habits)
        reader.visit("/accounts/login/")
        reader.sign_in("inspector")
        return reader

    return come


def a_school(reader: Visitor) -> str:
    reader.visit(UNITS)
    address = reader.page.locator(f"{CELLS} th a").first.get_attribute("href")
    assert address
    return address


@markup_only
def test_every_column_is_on_the_paper(inspector: Come, tmp_path: Path) -> None:
    """A7 was cut off on A4, and a note was printed over the last row."""
    reader = inspector(width=1366)
    pages = {RESULT: "portrait", a_school(reader): "portrait", UNITS: "landscape"}
    for path, way in pages.items():
        width = round(A4[way] / 25.4 * 96)
        reader.page.set_viewport_size({"width": width, "height": 1000})
        reader.visit(path)
        reader.page.emulate_media(media="print")
        assert reader.page.evaluate(BEYOND, width) == [], path
        assert reader.page.evaluate(OVERPRINTED) == 0, path
        reader.page.emulate_media(media="screen")
    last = [row.locator("td").nth(-2).inner_text() for row in reader.page.locator(CELLS).all()]
    assert len(last) > 3
    text = printed(reader, tmp_path)
    if text is not None:
        assert [value for value in last if value.split()[-1] not in text] == []
        assert "A7" in text


def printed(reader: Visitor, folder: Path) -> str | None:
    """The words on the sheets; None where nothing is installed that reads them."""
    sheets = folder / "sheets.pdf"
    reader.page.pdf(path=sheets, prefer_css_page_size=True)
    tool = shutil.which("pdftotext")
    if tool is None:
        return None
    return subprocess.run([tool, sheets, "-"], capture_output=True, text=True, check=True).stdout


@markup_only
def test_a_phone_hides_no_failing_value(inspector: Come) -> None:
    reader = inspector(width=390)
    for path in (UNITS, a_school(reader), RESULT):
        reader.visit(path)
        reader.page.evaluate(UNFOLD)
        failing = reader.page.locator("td.v:not(.v-met)")
        assert [cell.inner_text() for cell in failing.all() if not cell.is_visible()] == []
        assert not reader.scrolls_sideways()


def test_a_school_is_found_and_read_without_scripts(inspector: Come) -> None:
    reader = inspector(scripts=False)
    reader.visit(REFERENCE)
    reader.page.get_by_role("searchbox").fill("小学")
    reader.page.get_by_role("button", name="查找").click()
    reader.page.locator("main .sl a").first.click()
    assert "/schools/" in reader.page.url
    assert reader.page.get_by_role("heading", level=1).count() == 1
