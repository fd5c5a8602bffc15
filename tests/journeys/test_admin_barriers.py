"""The admin without barriers: every page an inspector, manager or auditor reaches from the desk."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from tests.journeys.visitor import Visitor, markup_only

Come = Callable[..., Visitor]
LIST_DEPTH = 4  # slashes in /admin/app/model/
STAFF = ("manager", "inspector", "auditor")
# What axe judges by: a page put together from parts it has seen needs no second look.
PARTS = """() => {
    const name = e => `${e.localName}.${e.className}#${e.type || e.role || ''}`
    const all = Array.from(document.querySelectorAll('main *'))
    return all.map(e => name(e.parentElement) + '>' + name(e))
}"""


@markup_only
def test_admin_pages_have_no_barriers(visit: Come) -> None:
    barriers: dict[str, list[str]] = {}
    seen: set[str] = set()
    for username in STAFF:
        reader = visit()
        reader.visit("/admin/")
        reader.sign_in(username)
        for path in pages_from_the_desk(reader):
            found = reader.complaints + new_barriers(reader, seen)
            if found:
                barriers[f"{username} {path}"] = found
            reader.complaints.clear()
    assert barriers == {}


def pages_from_the_desk(reader: Visitor) -> Iterator[str]:
    """The desk, the pages it links to, and one object of each list, as the reader opens them."""
    waiting, known = ["/admin/"], set()
    while waiting:
        path = waiting.pop(0)
        pattern = re.sub(r"\d+", "#", path)
        if pattern in known:
            continue
        known.add(pattern)
        assert reader.visit(path) == 200, path
        yield path
        waiting += links_onward(reader, path)


def links_onward(reader: Visitor, path: str) -> list[str]:
    if path == "/admin/":
        return admin_links(reader, "a")
    if path.count("/") == LIST_DEPTH:
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
    return list(dict.fromkeys(path for path in paths if path.startswith("/admin/")))


@markup_only
@pytest.mark.parametrize("width", [390, 768])
def test_the_desk_fits_small_screens(visit: Come, width: int) -> None:
    reader = visit(width=width)
    reader.visit("/admin/")
    reader.sign_in("inspector")
    assert not reader.scrolls_sideways()
    assert reader.complaints == []
