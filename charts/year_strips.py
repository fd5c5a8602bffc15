"""Years above each other, every unit a dot: how far apart they are, and whether it gets less."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from .strip_plot import Dot, swarm
from .svg import Linear, Markup, Words, bottom_labels, drawing, element

WIDTH, HIGH, TOP = 400, 44, 26  # a line is as high as five dots
LEFT, RIGHT = 44, 392
ROWS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A year; ``middle`` is the value of which half the units have less."""

    label: str
    dots: Sequence[Dot]
    middle: float


def year_strips(
    lines: Sequence[Line],
    limit: float,
    *,
    limit_label: str,
    **words: Unpack[Words],
) -> Markup:
    """What lies beyond the limit has a ground of its own."""
    values = [dot.value for line in lines for dot in line.dots]
    x = Linear(0, max([limit, *values]) * 1.05 or 1.0, LEFT, RIGHT)
    bottom, place = TOP + HIGH * len(lines), x(limit)
    before = place > (LEFT + RIGHT) / 2
    return drawing(
        element("rect", x=place, y=TOP, width=RIGHT - place, height=bottom - TOP, class_="zone"),
        *(_line(line, TOP + HIGH * (at + 0.5), x) for at, line in enumerate(lines)),
        element("line", x1=place, x2=place, y1=6, y2=bottom, class_="limit"),
        element(
            "text",
            limit_label,
            x=place + (-6 if before else 6),
            y=16,
            text_anchor="end" if before else "start",
            class_="halo",
        ),
        bottom_labels([(x(0), "0"), (place, f"{limit:g}")], y=bottom + 20),
        width=WIDTH,
        height=bottom + 28,
        class_="sp",
        **words,
    )


def _line(line: Line, y: float, x: Linear) -> Markup:
    middle = x(line.middle)
    return element(
        "g",
        element("text", line.label, x=0, y=y + 5),
        element("line", x1=LEFT, x2=RIGHT, y1=y, y2=y, class_="axis"),
        swarm(line.dots, x, y, rows=ROWS),
        element(
            "line", x1=middle, x2=middle, y1=y - HIGH / 2 + 4, y2=y + HIGH / 2 - 4, class_="limit"
        ),
    )
