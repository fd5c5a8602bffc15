"""One small square per unit, in rows of ten: how a group is made up, at a glance."""

from collections.abc import Sequence

from .svg import Markup, drawing, element, hatch

SIDE, GAP, PER_ROW = 20, 4, 10


def square_rows(states: Sequence[str], *, name: str, title: str, description: str) -> Markup:
    """The squares in the given order, coloured by state; the words carry the same facts."""
    rows = -(-len(states) // PER_ROW) or 1
    return drawing(
        hatch(f"{name}-hatch", size=6),
        *(_square(index, state, name) for index, state in enumerate(states)),
        name=name,
        width=PER_ROW * SIDE,
        height=rows * SIDE,
        title=title,
        description=description,
        class_="square-rows",
    )


def _square(index: int, state: str, name: str) -> Markup:
    row, column = divmod(index, PER_ROW)
    box = {
        "x": column * SIDE + GAP / 2,
        "y": row * SIDE + GAP / 2,
        "width": SIDE - GAP,
        "height": SIDE - GAP,
        "rx": 3,
    }
    is_hatched = state == "abolished"
    return element(
        "g",
        element("rect", **box, class_="tile__box"),
        element("rect", **box, fill=f"url(#{name}-hatch)") if is_hatched else None,
        class_=f"state--{state}",
    )
