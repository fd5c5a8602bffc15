"""Every unit of one stage as a dot on one line, with the threshold and the floor marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from .svg import Linear, Markup, Words, bottom_labels, drawing, element, number

WIDTH, HEIGHT = 380, 128
LEFT, RIGHT, TOP, MIDDLE, BOTTOM = 8, 372, 34, 66, 100
RADIUS, LIFT, ROWS = 3, 7, 9
# The floor has its words before it, the threshold after it, as long as there is room.
ROOM, LATE = 90, 280


@dataclass(frozen=True, slots=True)
class Dot:
    """One unit. ``verdict`` is met, floor or below; ``label`` is what a pointer reads out."""

    value: float
    verdict: str
    label: str


@dataclass(frozen=True, slots=True)
class StripPlot:
    """``threshold`` is the 达标值, ``floor`` the 基本值 below which a unit may never lie.

    The scale goes to ``reach`` at least, so that two strips can be compared.
    """

    dots: Sequence[Dot]
    threshold: float
    floor: float
    reach: float = 0.0

    @property
    def highest(self) -> float:
        return max([self.threshold, self.reach, *(dot.value for dot in self.dots)]) * 1.05 or 1.0


def strip_plot(
    plot: StripPlot, *, threshold_label: str, floor_label: str, **words: Unpack[Words]
) -> Markup:
    """The drawing; the labels are the words at the two lines."""
    x = Linear(0, plot.highest, LEFT, RIGHT)
    floor, threshold = x(plot.floor), x(plot.threshold)
    return drawing(
        # What lies below the threshold is short of it.
        element("rect", x=LEFT, y=TOP, width=threshold - LEFT, height=BOTTOM - TOP, class_="zone"),
        element("line", x1=LEFT, x2=RIGHT, y1=BOTTOM, y2=BOTTOM, class_="axis"),
        element("line", x1=floor, x2=floor, y1=21, y2=BOTTOM, class_="floor"),
        element("line", x1=threshold, x2=threshold, y1=4, y2=BOTTOM, class_="limit"),
        # Words after both lines: their halo cuts a line that would run through them.
        _label(floor, floor_label, 29, is_before=floor > ROOM),
        _label(threshold, threshold_label, 12, is_before=threshold > LATE),
        swarm(plot.dots, x, MIDDLE),
        bottom_labels(_ticks(plot, x), y=BOTTOM + 20),
        width=WIDTH,
        height=HEIGHT,
        class_="sp",
        **words,
    )


def _label(place: float, words: str, y: float, *, is_before: bool) -> Markup:
    side, anchor = (-6, "end") if is_before else (6, "start")
    return element("text", words, x=place + side, y=y, text_anchor=anchor, class_="halo")


def swarm(dots: Sequence[Dot], x: Linear, middle: float, *, rows: int = ROWS) -> Markup:
    """Dots that would hide each other are lifted in turns; those that fail lie on top."""
    lifted: dict[int, int] = {}
    marks = []
    # Sorted so that what fails is drawn last and lies on top.
    for dot in sorted(dots, key=lambda dot: (dot.verdict != "met", dot.value)):
        place = x(dot.value)
        column = round(place / (2 * RADIUS))
        row = lifted[column] = lifted.get(column, -1) + 1
        # Around the middle: 0, above, below, further above.
        step = (row % rows + 1) // 2 * LIFT
        marks.append(_dot(dot, place, middle + (step if row % 2 else -step)))
    return element("g", *marks)


def _dot(dot: Dot, x: float, y: float) -> Markup:
    """A dot when met, a cross when not: told apart without colour."""
    title = element("title", dot.label)
    if dot.verdict == "met":
        return element("circle", title, cx=x, cy=y, r=RADIUS, class_="dot")
    cross = f"M{number(x - 3.5)} {number(y - 3.5)}l7 7m0-7l-7 7"
    return element("path", title, d=cross, class_="cross")


def _ticks(plot: StripPlot, x: Linear) -> list[tuple[float, str]]:
    """Zero and the two round numbers that divide the strip."""
    step = _round_step(plot.highest)
    count = int(plot.highest / step)
    return [(x(step * at), number(float(step * at))) for at in range(count + 1)]


def _round_step(highest: float) -> float:
    """1, 2 or 5 times a power of ten, so that there are three to seven ticks."""
    power = 10.0 ** (len(str(int(highest))) - 1) if highest >= 1 else 0.1
    return next((power * f for f in (0.2, 0.5, 1, 2) if highest / (power * f) <= 7), power * 5)
