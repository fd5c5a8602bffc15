"""What each further amount of money buys: a line that climbs from step to step to a goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from .svg import Linear, Markup, Words, bottom_labels, drawing, element, number

WIDTH, HEIGHT = 380, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 366, 24, 186
ROOM = 60  # a label nearer to the edge would run out of the drawing


@dataclass(frozen=True, slots=True)
class Curve:
    """``points``: money and how many units it lets pass, both rising; ``whole``: all there are.

    ``chosen`` is the money of the plan the page is about, None when it is not one of them.
    """

    points: Sequence[tuple[float, int]]
    whole: int
    chosen: float | None = None

    @property
    def lowest(self) -> int:
        """Where the axis of units begins: what little money changes would vanish from zero."""
        least = min(count for _money, count in self.points)
        return max(0, least - max(1, (self.whole - least) // 8))


def curve(found: Curve, *, whole_label: str, **words: Unpack[Words]) -> Markup:
    """The drawing; money may be in any unit, its labels are the numbers as they come."""
    dearest = max(money for money, _count in found.points) or 1.0
    x = Linear(0, dearest * 1.04, LEFT, RIGHT)
    y = Linear(found.lowest, found.whole or 1, BOTTOM, TOP)
    return drawing(
        element("line", x1=LEFT, x2=RIGHT, y1=BOTTOM, y2=BOTTOM, class_="axis"),
        element("line", x1=LEFT, x2=RIGHT, y1=TOP, y2=TOP, class_="limit"),
        element("text", whole_label, x=RIGHT, y=TOP - 8, text_anchor="end", class_="halo"),
        element("path", d=_path(found, x, y), class_="curve__line"),
        *(_dot(found, point, x, y) for point in found.points),
        _side(found, y),
        bottom_labels(_ticks(dearest, x), y=BOTTOM + 20),
        width=WIDTH,
        height=HEIGHT,
        class_="sp",
        **words,
    )


def _path(found: Curve, x: Linear, y: Linear) -> str:
    """A staircase: between two points no more pass than at the first."""
    (first, count), *rest = found.points
    start = f"M{number(float(x(first)))} {number(float(y(count)))}"
    return start + "".join(
        f"H{number(float(x(money)))}V{number(float(y(count)))}" for money, count in rest
    )


def _dot(found: Curve, point: tuple[float, int], x: Linear, y: Linear) -> Markup:
    money, count = point
    kind = "curve__chosen" if money == found.chosen else "curve__dot"
    size = 7 if money == found.chosen else 3.5
    return element("circle", cx=x(money), cy=y(count), r=size, class_=kind)


def _side(found: Curve, y: Linear) -> Markup:
    style = {"x": LEFT - 8, "dy": "0.35em", "text_anchor": "end", "class_": "chart__tick"}
    counts = dict.fromkeys((found.points[0][1], found.whole))
    return element("g", *(element("text", count, y=y(count), **style) for count in counts))


def _ticks(dearest: float, x: Linear) -> list[tuple[float, str]]:
    """Nothing, the half, and all of the dearest, as whole numbers."""
    marks = dict.fromkeys(round(dearest * part) for part in (0, 0.5, 1))
    return [(min(x(mark), RIGHT - ROOM / 3), f"{mark:,}") for mark in marks]
