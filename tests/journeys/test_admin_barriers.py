"""The admin without barriers: every page an inspector, manager or auditor reaches from the desk."""

import os
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


@pytest.mark.skipif(ON_POSTGRESQL, reason="markup does not depend on the database")
@pytest.mark.parametrize("username", ["inspector", "manager", "auditor"])
def test_admin_pages_have_no_barriers(visit: Come, username: str) -> None:
    reader = visit()
    reader.visit("/admin/")
    reader.sign_in(username)
    barriers: dict[str, list[str]] = {}
    for path in pages_from_the_desk(reader):
        assert reader.visit(path) == 200, path
        if found := reader.axe() + reader.complaints:
            barriers[path] = found
            reader.complaints.clear()
    assert barriers == {}


def pages_from_the_desk(reader: Visitor) -> list[str]:
    """The desk, the pages it links to, and one object of each list."""
    first = admin_links(reader)
    lists = [path for path in first if path.count("/") == 4]
    objects = []
    for path in lists:
        reader.visit(path)
        objects += admin_links(reader, "#result_list tbody a")[:1]
        objects += admin_links(reader, ".object-tools a")
    one_of_each = {re.sub(r"\d+", "#", path): path for path in ["/admin/", *first, *objects]}
    return list(one_of_each.values())


def admin_links(reader: Visitor, selector: str = "a") -> list[str]:
    """Addresses of the admin on the page, without queries, exports and what signs out."""
    links = [link.get_attribute("href") or "" for link in reader.page.locator(selector).all()]
    paths = [urlsplit(urljoined(reader, link)).path for link in links]
    return list(dict.fromkeys(path for path in paths if path.startswith("/admin/")))


def urljoined(reader: Visitor, link: str) -> str:
    return str(reader.page.evaluate("link => new URL(link, location.href).href", link))


@pytest.mark.parametrize("width", [390, 768])
def test_the_desk_fits_small_screens(visit: Come, width: int) -> None:
    reader = visit(width=width)
    reader.visit("/admin/")
    reader.sign_in("inspector")
    assert not reader.scrolls_sideways()
    assert reader.complaints == []
