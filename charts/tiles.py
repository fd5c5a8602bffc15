"""Units as squares: a grid of links told by colour, glyph and words, and small rows of ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Unpack

from .svg import Markup, Words, drawing, element, hatch

GLYPHS = {
    "certified": "●",
    "recommended": "◐",
    "reviewing": "○",
    "late": "!",
    "open": "?",
    "not_started": "–",
    "abolished": "→",
}
SIDE, GAP = 72, 5
SMALL, SMALL_GAP, PER_ROW = 20, 4, 10


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


def tile_grid(tiles: Sequence[Tile], **words: Unpack[Words]) -> Markup:
    """The tiles in reading order, each a link. Raises ValueError when two share a place."""
    places = {(tile.row, tile.column) for tile in tiles}
    if len(places) != len(tiles):
        raise ValueError("two tiles share a place")
    fill = f"{words['name']}-hatch"
    return drawing(
        hatch(fill),
        *(_tile(tile, fill) for tile in sorted(tiles, key=lambda tile: (tile.row, tile.column))),
        width=SIDE * (1 + max((column for _row, column in places), default=0)),
        height=SIDE * (1 + max((row for row, _column in places), default=0)),
        class_="tile-grid",
        has_links=True,
        **words,
    )


def _tile(tile: Tile, fill: str) -> Markup:
    x, y = tile.column * SIDE, tile.row * SIDE
    centred = {"x": x + SIDE / 2, "text_anchor": "middle"}
    glyph = element("tspan", GLYPHS[tile.state], class_="tile__glyph")
    return element(
        "a",
        element("title", tile.words),  # names the link; a label beside it would hide its text
        *_boxes(x, y, SIDE, GAP, 6, fill if tile.state == "abolished" else ""),
        element("text", tile.name, y=y + 33, class_="tile__name", **centred),
        element("text", glyph, f" {tile.note}", y=y + 55, class_="tile__note", **centred),
        href=tile.href,
        class_=f"tile state--{tile.state}",
    )


def square_rows(states: Sequence[str], **words: Unpack[Words]) -> Markup:
    """The squares in the given order, coloured by state; the words carry the same facts."""
    fill = f"{words['name']}-hatch"
    return drawing(
        hatch(fill, size=6),
        *(_square(index, state, fill) for index, state in enumerate(states)),
        width=PER_ROW * SMALL,
        height=(-(-len(states) // PER_ROW) or 1) * SMALL,
        class_="square-rows",
        **words,
    )


def _square(index: int, state: str, fill: str) -> Markup:
    row, column = divmod(index, PER_ROW)
    hatched = fill if state == "abolished" else ""
    boxes = _boxes(column * SMALL, row * SMALL, SMALL, SMALL_GAP, 3, hatched)
    return element("g", *boxes, class_=f"state--{state}")


def _boxes(x: int, y: int, side: int, gap: int, radius: int, fill: str) -> list[Markup]:
    """The square inside its gap, and over it the hatching of what is told apart without colour."""
    inner = side - gap
    box: dict[str, Any] = {"x": x + gap / 2, "y": y + gap / 2, "width": inner, "height": inner}
    boxes = [element("rect", **box, rx=radius, class_="tile__box")]
    return [*boxes, element("rect", **box, rx=radius, fill=f"url(#{fill})")] if fill else boxes
