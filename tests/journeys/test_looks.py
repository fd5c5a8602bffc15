"""How pages look: every one in both languages, light and dark, wide and on a phone.

The suite draws two looks a page, so that every two of language, ground and width meet, and what
everybody is shown dark and as narrow as can be, too; a drill (``--times=2`` and more) takes all.
"""

import re
from collections.abc import Callable
from itertools import product
from urllib.parse import unquote

import pytest

from drills.looks import PEOPLE
from tests.journeys.test_figures import BEYOND, OVERPRINTED
from tests.journeys.test_hand import PUBLIC
from tests.journeys.visitor import HEIGHT, SCHEMES, Scheme, Visitor, markup_only
from tests.source import ROOT

Come = Callable[..., Visitor]
Look = tuple[str, Scheme, int]  # language, ground, width
NARROWEST: list[Look] = [("", "dark", 320), ("/en", "dark", 320)]  # of each public page
OWN = "/self-checks/500151-2026/"
REVIEW = "/admin/selfchecks/selfcheck/board/ > /review/"
# Where a separator begins a line: at the left edge of the block it stands in.
BEGINS_A_LINE = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  const dot = document.createRange();
  while (texts.nextNode()) for (const at of texts.currentNode.data.matchAll(/·/g)) {
    dot.setStart(texts.currentNode, at.index);
    dot.setEnd(texts.currentNode, at.index + 1);
    let block = texts.currentNode.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const [box, look] = [block.getBoundingClientRect(), getComputedStyle(block)];
    const edge = box.left + parseFloat(look.borderLeftWidth) + parseFloat(look.paddingLeft);
    const drawn = dot.getBoundingClientRect();
    if (drawn.width && drawn.left < edge + 2) found.push("begins a line: " + block.innerText);
  }
  return found;
}"""
WIDTH = "document.documentElement.scrollWidth"
PARTS = ("indicators", "units-primary", "strips", "changes", "threads", "trail", "near")
MOVES = {"/self-checks/", "/accounts/code/"}  # to the one at hand, to where a code is asked
# Whose page; "A > B" is where the first link of A leads that has B in its address.
STATES: dict[str, tuple[str, ...]] = {
    "": (
        *PUBLIC,
        *(f"/districts/{code}/" for code in ("500151", "500112", "500157")),
        *("/?q=区", "/roadmap/?basis=current", "/indicators/A3/", "/indicators/B4/", "/nowhere/"),
        *("/atlas/indicators/A3/", "/atlas/indicators/B4/", "/atlas/alike/500106/"),
        *("/about/privacy/", "/atlas/table/?unit=500106&indicator=A3.primary"),
    ),
    "officer_500151": (
        *(OWN, f"{OWN}upload/", f"{OWN}explanations/", f"{OWN}check/", f"{OWN}comments/"),
        *(f"{OWN}figures/", f"{OWN}figures/ > /schools/", f"{OWN}trail/", f"{OWN}plans/"),
        *(f"{OWN}result/", f"{OWN}result/?part=primary", f"{OWN}result/?part=strips"),
        *(f"{OWN}shortfalls/", f"{OWN}scenarios/", f"{OWN}school-plans/", "/ledger/", "/papers/"),
        *("/self-checks/", "/self-checks/notices/", "/self-checks/find/?q=小学", "/look-backs/"),
        *("/accounts/password/", "/accounts/tokens/", "/accounts/views/", "/visits/"),
        "/accounts/sessions/",
    ),
    "inspector": (
        *("/admin/", "/admin/selfchecks/selfcheck/work/", "/admin/selfchecks/selfcheck/board/"),
        *(REVIEW, *(f"{REVIEW}?part={part}" for part in PARTS)),
        *("/admin/schedule/planversion/atlas/?show=all&compare=1", "/monitoring/", "/papers/"),
        *("/admin/schedule/planversion/atlas/table/", "/ledger/", "/visits/", "/papers/batches/"),
        *("/admin/schedule/planversion/outlook/", "/admin/schedule/planversion/replan/"),
    ),
}


def looks(place: int, everything: bool) -> list[Look]:
    """Of the page at this place: one in each language, or all."""
    each = list(product(SCHEMES, (1366, 390)))
    drawn = [("", *each[place % 4]), ("/en", *each[(place + 1) % 4])]
    return list(product(("", "/en"), SCHEMES, (1366, 390))) if everything else drawn


def open_page(reader: Visitor, language: str, page: str) -> str:
    """The address it stands at, which is the one that was meant."""
    start, _, onward = page.partition(" > ")
    path, (part, _, query) = f"{language}{start}", onward.partition("?")
    if onward:
        reader.visit(path)
        link = reader.page.locator(f"main a[href*='{part}']").first.get_attribute("href") or ""
        path = link.partition("?")[0] + (f"?{query}" if query else "")
    assert reader.visit(path) == (404 if page == "/nowhere/" else 200), path
    address = unquote(reader.page.url.removeprefix(reader.portal.origin))
    assert page in MOVES or address == path
    return address


def wrong_with(reader: Visitor, scheme: Scheme, width: int) -> list[str]:
    """On the page that is open, as it is drawn on such a ground and this wide."""
    reader.page.set_viewport_size({"width": width, "height": HEIGHT})
    reader.page.emulate_media(color_scheme=scheme)
    found = reader.axe() + reader.complaints + ["too wide"] * reader.scrolls_sideways()
    found += reader.page.evaluate(BEGINS_A_LINE)
    reader.complaints.clear()
    return found


def signed_in(visit: Come, who: str) -> Visitor:
    reader = visit()
    if who:
        reader.visit("/accounts/login/")
        reader.sign_in(who)
    return reader


@markup_only
@pytest.mark.parametrize("who", STATES)
def test_no_page_has_barriers_in_any_look(visit: Come, who: str, times: int) -> None:
    reader, found = signed_in(visit, who), {}
    for place, page in enumerate(STATES[who]):
        opened, address = None, ""
        more = () if who else NARROWEST
        for language, scheme, width in sorted((*looks(place, times > 1), *more)):
            if language != opened:  # ground and width are the style sheet's alone
                opened, address = language, open_page(reader, language, page)
                kinds = reader.page.locator("body").get_attribute("class") or ""
                assert ("pub" in kinds.split()) is (not who), "what is public has heads of its own"
            if wrong := wrong_with(reader, scheme, width):
                found[f"{address} {scheme} {width}"] = wrong
    assert found == {}


def test_separators_hang_on_the_word_before() -> None:
    """So no line begins with one, however narrow the page is."""
    pages = list((ROOT / "templates").rglob("*.html"))
    loose = [page.name for page in pages if re.search(r"(?<!&nbsp;)·", page.read_text("utf-8"))]
    assert loose == []
    assert len(pages) > 100


def test_no_script_asks_for_ground_or_width() -> None:
    """So a page that is open takes another look without being opened again."""
    asking = re.compile(r"matchMedia|(inner|client|offset|scroll)Width|resize")
    scripts = [path for path in (ROOT / "static").rglob("*.js") if ".min." not in path.name]
    assert [path.name for path in scripts if asking.search(path.read_text("utf-8"))] == []
    assert scripts


def test_states_are_sixty_and_every_two_traits_meet() -> None:
    assert sum(map(len, STATES.values())) >= 60
    drawn = {look for place in range(4) for look in looks(place, False)}
    assert drawn == set(looks(0, True))
    assert tuple(STATES) == PEOPLE, "whose pages the drill looks at"


@markup_only
@pytest.mark.parametrize("who", STATES)
def test_narrow_or_twice_as_large_nothing_needs_a_second_way(visit: Come, who: str) -> None:
    """Also where readers choose the colours themselves."""
    reader, found = signed_in(visit, who), {}
    reader.page.emulate_media(forced_colors="active")
    for page in STATES[who]:
        address = open_page(reader, "", page)
        for width, size in ((320, "100%"), (640, "200%"), (1366, "200%")):
            reader.page.set_viewport_size({"width": width, "height": HEIGHT})
            reader.page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
            if reader.scrolls_sideways():
                found[f"{address} {size}"] = reader.page.evaluate(WIDTH)
    assert found == {}


PORTRAIT, LANDSCAPE = 182, 277  # mm between the margins of A4
PAPER = {
    **dict.fromkeys(("/", "/districts/", "/roadmap/", "/districts/500151/"), PORTRAIT),
    **dict.fromkeys(("/indicators/A3/", "/atlas/indicators/A3/", "/ledger/"), PORTRAIT),
    **dict.fromkeys((f"{OWN}check/", f"{OWN}trail/", REVIEW), PORTRAIT),
    **dict.fromkeys(("/changes/", "/admin/selfchecks/selfcheck/board/"), PORTRAIT),
    "/admin/schedule/grant/": PORTRAIT,
    **dict.fromkeys(("/admin/schedule/planversion/atlas/", "/atlas/alike/500106/"), LANDSCAPE),
}


@markup_only
@pytest.mark.parametrize("language", ["", "/en"])
def test_ten_pages_on_paper_lose_no_column_and_print_over_nothing(
    visit: Come, language: str
) -> None:
    reader, found = signed_in(visit, "inspector"), {}
    for page, millimetres in PAPER.items():
        width = round(millimetres / 25.4 * 96)
        reader.page.set_viewport_size({"width": width, "height": 1000})
        address = open_page(reader, language, page)
        reader.page.emulate_media(media="print")
        beyond, over = reader.page.evaluate(BEYOND, width), reader.page.evaluate(OVERPRINTED)
        over += reader.page.locator(".me, .rail, #changelist-filter").filter(visible=True).count()
        reader.page.emulate_media(media="screen")
        if beyond or over:
            found[address] = (beyond[:5], over)
    assert len(PAPER) > 10
    assert found == {}
