"""A grid of equal tiles, one per unit: where each stands, told by colour, glyph and words."""

from collections.abc import Sequence
from dataclasses import dataclass

from .svg import Markup, drawing, element, hatch

GLYPHS = {
    "certified": "●",
    "recommended": "◐",
    "reviewing": "○",
    "late": "!",
    "not_started": "–",
    "abolished": "→",
}
SIDE, GAP = 72, 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit; ``words`` is the whole sentence a screen reader says, ``note`` the line shown."""

    column: int
    row: int
    name: str
    note: str
    state: str
    words: str
    href: str


def tile_grid(tiles: Sequence[Tile], *, name: str, title: str, description: str) -> Markup:
    """The tiles in reading order, each a link. Raises ValueError when two share a place."""
    places = {(tile.row, tile.column) for tile in tiles}
    if len(places) != len(tiles):
        raise ValueError("two tiles share a place")
    in_order = sorted(tiles, key=lambda tile: (tile.row, tile.column))
    return drawing(
        hatch(f"{name}-hatch"),
        *(_tile(tile, name) for tile in in_order),
        name=name,
        width=SIDE * (1 + max((tile.column for tile in tiles), default=0)),
        height=SIDE * (1 + max((tile.row for tile in tiles), default=0)),
        title=title,
        description=description,
        class_="tile-grid",
        has_links=True,
    )


def _tile(tile: Tile, grid: str) -> Markup:
    x, y = tile.column * SIDE, tile.row * SIDE
    middle = x + SIDE / 2
    box = {"x": x + GAP / 2, "y": y + GAP / 2, "width": SIDE - GAP, "height": SIDE - GAP, "rx": 6}
    is_hatched = tile.state == "abolished"
    return element(
        "a",
        element("title", tile.words),  # names the link; a label beside it would hide its text
        element("rect", **box, class_="tile__box"),
        element("rect", **box, fill=f"url(#{grid}-hatch)") if is_hatched else None,
        element("text", tile.name, x=middle, y=y + 33, text_anchor="middle", class_="tile__name"),
        element(
            "text",
            element("tspan", GLYPHS[tile.state], class_="tile__glyph"),
            f" {tile.note}",
            x=middle,
            y=y + 55,
            text_anchor="middle",
            class_="tile__note",
        ),
        href=tile.href,
        class_=f"tile state--{tile.state}",
    )
