"""Draws the lines and labels that let a reader tell values from places."""

from collections.abc import Iterable

from .svg import Markup, element


def horizontal_grid(rows: Iterable[tuple[float, str]], *, left: float, right: float) -> Markup:
    """One thin line and its label for each (place, label), from bottom to top."""
    lines = []
    for y, label in rows:
        lines.append(element("line", x1=left, x2=right, y1=y, y2=y, class_="chart__grid"))
        lines.append(
            element(
                "text", label, x=left - 8, y=y, dy="0.35em", text_anchor="end", class_="chart__tick"
            )
        )
    return element("g", *lines)


def bottom_labels(columns: Iterable[tuple[float, str]], *, y: float) -> Markup:
    """Labels centred under their places."""
    return element(
        "g",
        *(
            element("text", label, x=x, y=y, text_anchor="middle", class_="chart__tick")
            for x, label in columns
        ),
    )
