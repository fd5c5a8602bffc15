"""A bar that stands in a row of a table: how much of the largest amount the row is.

The table says name and number beside it, so the drawing itself is silent.
"""

from .svg import Markup, element

WIDTH, HEIGHT = 600, 18


def bar(share: float, *, limit: float | None = None) -> Markup:
    """``share`` of the full width is solid; up to ``limit`` nothing is possible: a zone, a line.

    Both between 0 and 1; what is more than nothing stays visible.
    """
    full = {"y": 0, "height": HEIGHT}
    solid = max(2.0, share * WIDTH) if share else 0.0
    line = None if limit is None else limit * WIDTH
    return element(
        "svg",
        element("rect", x=0, width=WIDTH, **full, class_="bar__ground"),
        element("rect", x=0, width=solid, y=4, height=HEIGHT - 8, class_="bar__solid"),
        None
        if line is None
        else element("line", x1=line, x2=line, y1=0, y2=HEIGHT, class_="bar__limit"),
        class_="amount",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        preserveAspectRatio="none",
        aria_hidden="true",
        xmlns="http://www.w3.org/2000/svg",
    )
