"""The hand in which pages are drawn: its components, and every page at every width and ground."""

from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import pytest

from tests.journeys.visitor import HEIGHT, SCHEMES, Visitor, markup_only
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
REFERENCE = "/self-checks/500151-2026/"
BUREAU = ("/self-checks/", "/self-checks/notices/", REFERENCE)
BUREAU += tuple(f"{REFERENCE}{name}/" for name in ("result", "explanations", "check", "trail"))


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
def test_public_pages_have_no_barriers_on_a_dark_ground(visit: Come) -> None:
    for width in (1366, 390):
        reader = visit(width=width, scheme="dark")
        for path in PUBLIC:
            reader.visit(path)
            assert reader.axe() == [], path


def wide(reader: Visitor, paths: Iterable[str]) -> list[tuple[str, int]]:
    """Pages that scroll sideways, with the width they do it at."""
    found = []
    for path in (f"{language}{path}" for path in paths for language in ("", "/en")):
        reader.visit(path)
        for width in WIDTHS:
            reader.page.set_viewport_size({"width": width, "height": HEIGHT})
            if reader.scrolls_sideways():
                found.append((path, width))
    return found


@markup_only
def test_no_page_scrolls_sideways(visit: Come) -> None:
    reader = visit()
    assert wide(reader, PUBLIC) == []
    reader.visit("/accounts/login/")
    reader.sign_in("officer_500151")
    assert wide(reader, BUREAU) == []


@markup_only
def test_a_narrow_table_hides_what_passes_and_nothing_else(visit: Come) -> None:
    reader = visit(width=390)
    reader.visit("/styleguide/")
    cells = reader.page.locator("table.few td.v")
    shown = [cell.inner_text().split()[-1] for cell in cells.all() if cell.is_visible()]
    assert shown == ["临界", "不达标", "不达标", "无法判定"]
    assert visit(width=1366).visit("/styleguide/") == 200
