"""The admin without barriers: every page an inspector, manager or auditor reaches from the desk."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import urlsplit

import pytest

from tests.journeys.visitor import HEIGHT, SCHEMES, Visitor, markup_only

Come = Callable[..., Visitor]
ADMIN = re.compile(r"(/en)?/admin/")
LIST_DEPTH = 4  # slashes in /admin/app/model/
STAFF = [("manager", ""), ("manager", "/en"), ("inspector", ""), ("auditor", "/en"), ("keeper", "")]
# What axe judges by: a page put together from parts it has seen needs no second look.
PARTS = """() => {
    const name = e => `${e.localName}.${e.className}#${e.type || e.role || ''}`
    const all = Array.from(document.querySelectorAll('main *'))
    return all.map(e => name(e.parentElement) + '>' + name(e))
}"""


@pytest.fixture(scope="module")
def seen() -> defaultdict[tuple[str, int, str], set[str]]:
    """The parts that axe has judged, by language, width and scheme: whoever reads them."""
    return defaultdict(set)


@markup_only
@pytest.mark.parametrize(("username", "language"), STAFF)
def test_admin_pages_have_no_barriers(
    visit: Come, seen: dict[tuple[str, int, str], set[str]], username: str, language: str
) -> None:
    """Wide and narrow, light and dark; no page is wider than a phone."""
    found: dict[str, list[str]] = {}
    reader = visit()
    reader.visit(f"{language}/admin/")
    reader.sign_in(username)
    for path in pages_from_the_desk(reader, f"{language}/admin/"):
        for width, scheme in product((1366, 390), SCHEMES):
            reader.page.set_viewport_size({"width": width, "height": HEIGHT})
            reader.page.emulate_media(color_scheme=scheme)
            wrong = new_barriers(reader, seen[language, width, scheme])
            wrong += ["wider than the screen"] * reader.scrolls_sideways()
            if wrong := wrong + reader.complaints:
                found[f"{path} {width} {scheme}"] = wrong
            reader.complaints.clear()
    assert found == {}


def pages_from_the_desk(reader: Visitor, desk: str) -> Iterator[str]:
    """The desk, the pages it links to, and one object of each list, as the reader opens them."""
    waiting, known = [desk], set()
    while waiting:
        path = waiting.pop(0)
        pattern = re.sub(r"\d+", "#", path)
        if pattern in known:
            continue
        known.add(pattern)
        assert reader.visit(path) == 200, path
        yield path
        waiting += links_onward(reader, path, desk)


def links_onward(reader: Visitor, path: str, desk: str) -> list[str]:
    if path == desk:
        return admin_links(reader, "a")
    if path.removeprefix("/en").count("/") == LIST_DEPTH:
        return admin_links(reader, "#result_list tbody a")[:1] + admin_links(
            reader, ".object-tools a"
        )
    return []


def new_barriers(reader: Visitor, seen: set[str]) -> list[str]:
    parts = set(reader.page.evaluate(PARTS))
    if parts <= seen:
        return []
    seen |= parts
    return reader.axe()


def admin_links(reader: Visitor, selector: str) -> list[str]:
    """Addresses of the admin on the page, without queries, exports and what signs out."""
    links = reader.page.locator(selector).evaluate_all("links => links.map(link => link.href)")
    paths = [urlsplit(link).path for link in links]
    return list(dict.fromkeys(path for path in paths if ADMIN.match(path)))


@markup_only
@pytest.mark.parametrize("width", [390, 768])
def test_the_desk_fits_small_screens(visit: Come, width: int) -> None:
    reader = visit(width=width)
    reader.visit("/admin/")
    reader.sign_in("inspector")
    assert not reader.scrolls_sideways()
    assert reader.complaints == []
