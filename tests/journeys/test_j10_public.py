"""J10: a parent on a phone, perhaps with a screen reader, asks where a district stands."""

from collections.abc import Callable

import pytest

from tests.journeys.speed import LARGEST
from tests.journeys.speed import PAGES as PUBLIC
from tests.journeys.speed import visit as look
from tests.journeys.visitor import HEIGHT, Visitor, markup_only

Come = Callable[..., Visitor]
Within = Callable[[str, Visitor], None]
ANNEX = ["4", "6", "11", "18", "22", "27", "36", "38", "41"]


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_j10_a_district_is_found_in_two_clicks_without_scripts(
    visit: Come, within: Within, width: int
) -> None:
    reader = visit(width=width, scripts=False)
    assert reader.visit("/") == 200
    assert reader.page.locator("html").get_attribute("lang") == "zh-hans"
    reader.page.get_by_role("searchbox", name="找区县").fill("铜梁")
    reader.click("button", "查找")
    assert reader.page.url.endswith("/districts/500151/")
    within("J10", reader)
    assert "铜梁区" in reader.page.locator("h1").inner_text()
    assert "2026 年" in reader.text


def test_j10_the_home_page_says_where_the_units_stand(visit: Come) -> None:
    reader = visit(scripts=False)
    reader.visit("/?as_of=2026-11-23")
    assert "截至2026年11月23日" in reader.text
    assert "41 个规划单位中" in reader.text
    tables = reader.page.locator("table")
    cells = [cell for table in tables.all() for cell in table.locator("td").all_text_contents()]
    remaining = iter(cell.strip() for cell in cells)
    assert all(number in remaining for number in ANNEX)  # in this order


def test_j10_the_answer_and_the_search_are_in_the_first_screen_of_a_phone(visit: Come) -> None:
    """Number, sentence, search, a square for every unit and what their colours mean."""
    reader = visit(width=390, scripts=False)
    reader.visit("/")
    for piece in (".hero__number", "h1", "#q", ".years", ".key"):
        box = reader.page.locator(piece).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= HEIGHT, f"{piece} is below the first screen"
    assert not reader.page.locator(".tiles").is_visible()
    assert reader.page.locator(".by-state a:visible").count() >= 1
    assert reader.page.locator("#stairs-small").is_visible()
    assert not reader.page.locator("#stairs").is_visible()


@markup_only
@pytest.mark.parametrize(("width", "language"), [(1366, ""), (1024, ""), (1366, "/en"), (600, "")])
def test_names_on_tiles_are_whole(visit: Come, width: int, language: str) -> None:
    reader = visit(width=width)
    reader.visit(f"{language}/")
    cut = """tiles => tiles.filter(tile => [...tile.children].some(
        part => !part.matches(".sr") && (part.scrollWidth > part.clientWidth + 1
            || part.getBoundingClientRect().right > tile.getBoundingClientRect().right))
    ).map(tile => tile.textContent)"""
    assert reader.page.locator(".tiles a:visible").count() == 41
    assert reader.page.locator(".tiles a").evaluate_all(cut) == []


@markup_only
@pytest.mark.parametrize(("width", "name"), [(390, "#stairs-small"), (1366, "#stairs")])
def test_text_of_the_stairs_is_large_enough_and_does_not_run_over(
    visit: Come, width: int, name: str
) -> None:
    reader = visit(width=width)
    for path in ("/", "/en/"):
        reader.visit(path)
        sizes = """(drawing) => { const scale = drawing.getScreenCTM().a;
            const edge = drawing.getBoundingClientRect().right + 1;
            return [...drawing.querySelectorAll("text")].map(text => [text.textContent,
                parseFloat(getComputedStyle(text).fontSize) * scale,
                text.getBoundingClientRect().right - edge]) }"""
        for text, size, beyond in reader.page.locator(name).evaluate(sizes):
            assert size >= 13, text
            assert beyond <= 0, text


@markup_only
def test_on_paper_nothing_stays_folded_away(visit: Come) -> None:
    reader = visit()
    reader.visit("/")
    tables = reader.page.locator("details caption")
    assert tables.count() == 2
    assert not any(table.is_visible() for table in tables.all())
    reader.page.emulate_media(media="print")
    assert all(table.is_visible() for table in tables.all())
    assert reader.sheets_of_paper() <= 6


@markup_only
def test_j10_tiles_are_reached_by_keyboard_in_reading_order(visit: Come) -> None:
    reader = visit()
    reader.visit("/")
    links = reader.page.locator(".tiles a")
    assert links.count() == 41
    places = [link.bounding_box() for link in links.all()]
    rows = [(round(place["y"] / 10), place["x"]) for place in places if place]
    assert rows == sorted(rows)
    yongchuan = reader.page.get_by_role("link", name="永川区")
    assert "规划 2026 年" in (yongchuan.first.text_content() or "")


def test_j10_english_is_chosen_by_the_reader_and_stays(visit: Come) -> None:
    reader = visit(scripts=False)
    reader.visit("/districts/500151/")
    reader.click("link", "English")
    assert reader.page.url.endswith("/en/districts/500151/")
    assert reader.page.locator("html").get_attribute("lang") == "en"
    reader.page.locator(".brand").click()
    assert reader.page.url.endswith("/en/")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?as_of=tomorrow-ish", 400),
        ("/?as_of=2999-01-01", 400),
        ("/?basis=both", 400),
        ("/districts/999999/", 404),
        ("/nowhere/", 404),
    ],
)
def test_bad_addresses_get_a_sentence_and_no_stack_trace(
    visit: Come, path: str, status: int
) -> None:
    reader = visit(width=390)
    assert reader.visit(path) == status
    assert "Traceback" not in reader.page.content()
    assert "DEBUG" not in reader.page.content()
    assert len(reader.page.locator("main").inner_text()) > 20
    assert reader.axe() == []


@markup_only
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_small_and_nothing_moves(visit: Come, path: str) -> None:
    """Compressed, with their styles; how fast they show is told by ``tests.journeys.speed``."""
    reader = visit(width=390)
    found = look(reader.page.context.browser, reader.portal.origin + path, slowly=False)
    assert found.bytes <= LARGEST * 1024
    assert found.cls == 0
