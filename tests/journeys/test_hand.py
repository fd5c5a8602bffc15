"""The hand in which pages are drawn: its components, and every page at every width and ground."""

from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import resolve

from tests.journeys.visitor import HEIGHT, SCHEMES, UNFOLD, Visitor, markup_only
from tests.routes import routes

Come = Callable[..., Visitor]
WIDTHS = (320, 390, 640, 768, 900, 1180, 1366)
GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 20, 25)"}
PUBLIC = sorted(
    {
        route.path.removeprefix("/en")
        for route in routes()
        if route.is_public and not (route.is_api or route.parameters or route.namespace)
    }
)
PUBLIC = [path for path in PUBLIC if path.endswith("/") and path != "/api/"]  # others are files
PUBLIC += ["/guides/officer/", "/guides/operator/"]  # with pictures and with commands
ADDRESSES = "[...document.links].map(link => link.href)"
FILES = {"template", "marked", "file", "evidence-file"}
# What a bureau meets by following links; who waits for an answer has more.
MET = {"", "upload", "version", "explanations", "figures", "school", "cell"}
MET |= {"comments", "result", "check", "trail", "receipt"}


def every_look(path: str) -> list[tuple[str, str, int]]:
    return [(f"{lang}{path}", *rest) for lang, *rest in product(("", "/en"), SCHEMES, (1366, 390))]


@markup_only
@pytest.mark.parametrize(("path", "scheme", "width"), every_look("/styleguide/"))
def test_the_style_guide_has_no_barriers_in_any_look(
    visit: Come, tmp_path: Path, path: str, scheme: str, width: int
) -> None:
    reader = visit(width=width, scheme=scheme)
    assert reader.visit(path) == 200
    ground = "getComputedStyle(document.body).backgroundColor"
    assert reader.page.evaluate(ground) == GROUND[scheme]
    assert reader.axe() == []
    assert reader.complaints == []
    picture = reader.page.screenshot(path=tmp_path / "styleguide.png", full_page=True)
    assert len(picture) > 20_000


@markup_only
def test_barriers_behind_a_fold_are_found_and_the_fold_stays_shut(visit: Come) -> None:
    reader = visit()
    reader.visit("/styleguide/")
    fold = "<details id=f><summary>更多</summary><button></button></details>"
    reader.page.evaluate("html => document.querySelector('main').innerHTML += html", fold)
    assert [found.partition(":")[0] for found in reader.axe()] == ["button-name"]
    assert reader.page.locator("#f[open]").count() == 0


def kind_of(address: str) -> tuple[str, str]:
    """The route and, where one page has several parts, which: pages of a kind are drawn alike."""
    parts = urlsplit(address)
    return str(resolve(parts.path).url_name), parse_qs(parts.query).get("part", [""])[0]


def is_page(address: str) -> bool:
    parts = urlsplit(address)
    route = kind_of(address)[0] if parts.path.startswith("/self-checks/") else ""
    return (
        bool(route)
        and route.removeprefix("self-check-") not in FILES
        and "format" not in parts.query
    )


def walk(reader: Visitor, start: str) -> dict[tuple[str, str], str]:
    """One page of each kind that can be reached from ``start`` by links."""
    found, ahead = {kind_of(start): start}, [start]
    while ahead:
        reader.visit(ahead.pop(0))
        links = [
            link.removeprefix(reader.portal.origin) for link in reader.page.evaluate(ADDRESSES)
        ]
        for address in (link.partition("#")[0] for link in links if link.startswith("/")):
            if is_page(address) and kind_of(address) not in found:
                found[kind_of(address)] = address
                ahead.append(address)
    return found


def wide(reader: Visitor, paths: Iterable[str]) -> list[tuple[str, int]]:
    """Pages that scroll sideways, with the width they do it at; what is folded away stands open."""
    found = []
    for path in (f"{language}{path}" for path in paths for language in ("", "/en")):
        reader.visit(path)
        reader.page.evaluate(UNFOLD)
        for width in WIDTHS:
            reader.page.set_viewport_size({"width": width, "height": HEIGHT})
            if reader.scrolls_sideways():
                found.append((path, width))
    return found


@markup_only
def test_no_public_page_scrolls_sideways(visit: Come) -> None:
    units = [f"/districts/{code}/" for code in ("500151", "500112", "500157", "500108")]
    more = ["/roadmap/?basis=current", "/?q=区", "/indicators/A5/", "/indicators/B3/", "/nowhere/"]
    assert wide(visit(), [*PUBLIC, *units, *more]) == []


@markup_only
@pytest.mark.parametrize(("who", "code"), [("officer", "500106"), ("signatory", "500151")])
def test_no_page_of_a_bureau_scrolls_sideways(visit: Come, who: str, code: str) -> None:
    reader = visit()
    reader.visit("/accounts/login/")
    reader.sign_in(f"{who}_{code}")
    pages = walk(reader, f"/self-checks/{code}-2026/")
    met = {name.removeprefix("self-check").removeprefix("-") for name, _part in pages}
    assert MET - met == set()
    assert {part for _name, part in pages} >= {"primary", "junior", "strips"}
    assert wide(reader, [*pages.values(), "/self-checks/", "/self-checks/find/?q=小学"]) == []


@markup_only
def test_a_narrow_table_hides_what_passes_and_nothing_else(visit: Come) -> None:
    reader = visit(width=390)
    reader.visit("/styleguide/")
    cells = reader.page.locator("table.few td.v")
    shown = [cell.inner_text().split()[-1] for cell in cells.all() if cell.is_visible()]
    assert shown == ["临界", "不达标", "不达标", "无法判定"]
    assert visit(width=1366).visit("/styleguide/") == 200


@markup_only
def test_on_a_phone_the_atlas_scrolls_in_its_box_and_hides_nothing(visit: Come) -> None:
    """Even without scripts: three screens hold the page, whatever the number of units."""
    reader = visit(width=390)
    reader.visit("/atlas/?show=all")
    box = reader.page.locator(".atlas-box").bounding_box()
    assert box
    assert box["height"] < HEIGHT
    assert reader.page.evaluate("document.documentElement.scrollHeight") < 3.5 * HEIGHT
    cells = reader.page.locator(".atlas tbody td")
    assert cells.count() > 41
    assert cells.evaluate_all("all => all.every(cell => cell.offsetHeight > 0)")
    names = reader.page.locator(".atlas tbody th[scope=row]")
    reader.page.evaluate("document.querySelector('.atlas-box').scrollLeft = 600")
    lefts = names.evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert max(lefts) - box["x"] < 2


@markup_only
def test_paper_names_what_stood_folded_and_wastes_no_sheet(visit: Come) -> None:
    reader = visit()
    reader.visit("/accounts/login/")
    reader.sign_in("officer_500106")
    reader.visit("/self-checks/500106-2026/result/?part=primary")
    assert reader.sheets_of_paper() == 1  # twelve schools, on one sheet with their headline
    reader.visit("/self-checks/500106-2026/check/")
    reader.page.emulate_media(media="print")
    titles = reader.page.locator(".folds > details > summary")
    assert titles.count() >= 5
    assert all(title.is_visible() for title in titles.all())
    assert not reader.page.get_by_role("button").filter(visible=True).count()


@markup_only
def test_a_quotation_mark_in_english_is_as_narrow_as_a_letter(visit: Come) -> None:
    width = """text => { const box = document.createElement("span"); box.textContent = text;
        document.querySelector("main p").append(box);
        return box.getBoundingClientRect().width }"""
    reader = visit()
    reader.visit("/en/indicators/")
    assert reader.page.evaluate(width, "’") < reader.page.evaluate(width, "n")


@markup_only
def test_what_a_school_lacks_never_squeezes_its_name(visit: Come) -> None:
    reader = visit(width=320)
    reader.visit("/styleguide/")
    say = (
        "lines => lines.forEach(line => line.lastElementChild.textContent = '还差很多。'.repeat(9))"
    )
    lines = reader.page.locator(".sl")
    lines.evaluate_all(say)
    widths = lines.evaluate_all("lines => lines.map(line => line.firstElementChild.clientWidth)")
    assert len(widths) == 2
    assert min(widths) > 200


# Words with a rectangle on more than one line.
# Where a soft hyphen stands, a word may part: it shows.
TORN = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode, range = document.createRange();
        const around = text.parentElement;
        const head = around.closest("thead")?.getBoundingClientRect();
        if (around.closest("code, pre, .sr") || head?.width < 2) continue;
        for (const word of text.data.matchAll(/(?<![A-Za-z\u00ad])[A-Za-z]{2,16}/g)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const tops = [...range.getClientRects()].map(box => box.top);
            if (new Set(tops).size > 1) found.push(word[0]);
        }
    }
    return found;
}"""


@markup_only
@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_english_word_is_torn(visit: Come, width: int) -> None:
    reader = visit(width=width)
    torn = {}
    for path in [*PUBLIC, "/districts/500157/", "/indicators/A5/", "/indicators/B3/"]:
        reader.visit(f"/en{path}")
        reader.page.evaluate(UNFOLD)
        torn[path] = reader.page.evaluate(TORN)
    assert {path: words for path, words in torn.items() if words} == {}
