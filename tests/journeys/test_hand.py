"""The hand in which pages are drawn: its components, and every page at every width and ground."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tests.journeys.visitor import SCHEMES, Visitor, markup_only
from tests.routes import routes

Come = Callable[..., Visitor]
GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 20, 25)"}
PUBLIC = sorted(
    {
        route.path.removeprefix("/en")
        for route in routes()
        if route.is_public and not route.is_api and not route.parameters and not route.namespace
    }
    - {"/healthz", "/api/", "/api/v1/schema/"}
)
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


@markup_only
@pytest.mark.parametrize("width", [320, 390, 640, 768, 900, 1180, 1366])
def test_no_page_scrolls_sideways(visit: Come, width: int) -> None:
    reader = visit(width=width)
    wide = [
        path
        for path in PUBLIC
        for lang in ("", "/en")
        if reader.visit(lang + path) and reader.scrolls_sideways()
    ]
    reader.visit("/accounts/login/")
    reader.sign_in("officer_500151")
    wide += [
        path
        for path in BUREAU
        for lang in ("", "/en")
        if reader.visit(lang + path) and reader.scrolls_sideways()
    ]
    assert wide == []


@markup_only
def test_a_narrow_table_hides_what_passes_and_nothing_else(visit: Come) -> None:
    reader = visit(width=390)
    reader.visit("/styleguide/")
    cells = reader.page.locator("table.few td.v")
    shown = [cell.inner_text().split()[-1] for cell in cells.all() if cell.is_visible()]
    assert shown == ["临界", "不达标", "不达标", "无法判定"]
    assert visit(width=1366).visit("/styleguide/") == 200
