"""Every unit of one stage as a dot on one line, with the threshold and the floor marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from .svg import Linear, Markup, Words, bottom_labels, drawing, element, number

WIDTH, HEIGHT = 560, 132
LEFT, RIGHT, MIDDLE, BOTTOM = 20, 540, 62, 100
RADIUS, LIFT = 6, 9
# The floor has its words before it, the threshold after it, as long as there is room.
ROOM, LATE = 110, 430


@dataclass(frozen=True, slots=True)
class Dot:
    """One unit. ``verdict`` is met, floor or below; ``label`` is what a pointer reads out."""

    value: float
    verdict: str
    label: str


@dataclass(frozen=True, slots=True)
class StripPlot:
    """``threshold`` is the 达标值, ``floor`` the 基本值 below which a unit may never lie."""

    dots: Sequence[Dot]
    threshold: float
    floor: float

    @property
    def highest(self) -> float:
        return max([self.threshold, *(dot.value for dot in self.dots)]) * 1.05 or 1.0


def strip_plot(
    plot: StripPlot, *, threshold_label: str, floor_label: str, **words: Unpack[Words]
) -> Markup:
    """The drawing; the labels are the words at the two lines."""
    x = Linear(0, plot.highest, LEFT, RIGHT)
    floor, threshold = x(plot.floor), x(plot.threshold)
    return drawing(
        element("line", x1=LEFT, x2=RIGHT, y1=BOTTOM, y2=BOTTOM, class_="chart__grid"),
        _mark(floor, floor_label, "strip__floor", 28, is_before=floor > ROOM),
        _mark(threshold, threshold_label, "strip__threshold", 12, is_before=threshold > LATE),
        _dots(plot, x),
        bottom_labels(_ticks(plot, x), y=BOTTOM + 22),
        width=WIDTH,
        height=HEIGHT,
        class_="strip",
        **words,
    )


def _mark(place: float, label: str, kind: str, y: float, *, is_before: bool) -> Markup:
    """A line across the strip with its words before or after it."""
    side, anchor = (-6, "end") if is_before else (6, "start")
    style = {"x": place + side, "y": y, "text_anchor": anchor, "class_": "strip__label"}
    return element(
        "g",
        element("line", x1=place, x2=place, y1=y - 8, y2=BOTTOM, class_=kind),
        element("text", label, **style),
    )


def _dots(plot: StripPlot, x: Linear) -> Markup:
    """Dots that would hide each other are lifted in turns; those that fail lie on top."""
    rows: dict[int, int] = {}
    marks = []
    # Sorted so that what fails is drawn last and lies on top.
    for dot in sorted(plot.dots, key=lambda dot: (dot.verdict != "met", dot.value)):
        place = x(dot.value)
        column = round(place / (2 * RADIUS))
        row = rows[column] = rows.get(column, -1) + 1
        # Around the middle: 0, above, below, further above, at most four rows.
        step = (row % 5 + 1) // 2 * LIFT
        marks.append(_dot(dot, place, MIDDLE + 8 + (step if row % 2 else -step)))
    return element("g", *marks)


def _dot(dot: Dot, x: float, y: float) -> Markup:
    """Round when met, a square turned on its tip when not: told apart without colour."""
    title = element("title", dot.label)
    if dot.verdict == "met":
        mark = element("circle", cx=x, cy=y, r=RADIUS)
    else:
        top, side = number(y - RADIUS - 1), RADIUS + 1
        mark = element(
            "path", d=f"M{number(x)} {top}l{side} {side}l-{side} {side}l-{side} -{side}Z"
        )
    return element("g", title, mark, class_=f"strip__dot strip__dot--{dot.verdict}")


def _ticks(plot: StripPlot, x: Linear) -> list[tuple[float, str]]:
    """Zero and the two round numbers that divide the strip."""
    step = _round_step(plot.highest)
    count = int(plot.highest / step)
    return [(x(step * at), number(float(step * at))) for at in range(count + 1)]


def _round_step(highest: float) -> float:
    """1, 2 or 5 times a power of ten, so that there are three to seven ticks."""
    power = 10.0 ** (len(str(int(highest))) - 1) if highest >= 1 else 0.1
    return next((power * f for f in (0.2, 0.5, 1, 2) if highest / (power * f) <= 7), power * 5)
