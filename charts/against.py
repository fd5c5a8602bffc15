"""Figures as bars one below the other, each against a limit of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from .svg import Linear, Markup, Words, drawing, element

WIDTH, ROW, TOP, BOTTOM = 600, 20, 6, 6
LEFT, RIGHT = 80, 490
THICK = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """``value`` is None where nothing is known, ``shown`` how it is written beside the bar."""

    label: str
    value: float | None
    limit: float
    shown: str

    @property
    def is_over(self) -> bool:
        return self.value is not None and self.value > self.limit


def against(bars: Sequence[Bar], **words: Unpack[Words]) -> Markup:
    """What goes beyond its limit is drawn full, what keeps it lighter; the limit is a line."""
    highest = max([bar.limit for bar in bars] + [bar.value or 0 for bar in bars], default=1.0)
    x = Linear(0, highest * 1.05 or 1.0, LEFT, RIGHT)
    return drawing(
        *(_row(bar, x, TOP + at * ROW) for at, bar in enumerate(bars)),
        width=WIDTH,
        height=TOP + len(bars) * ROW + BOTTOM,
        class_="against",
        **words,
    )


def _row(bar: Bar, x: Linear, y: float) -> Markup:
    middle, limit = y + ROW / 2, x(bar.limit)
    end = x(bar.value or 0)
    box = {"y": middle - THICK / 2, "height": THICK}
    return element(
        "g",
        element("text", bar.label, x=LEFT - 8, y=middle, dy="0.35em", text_anchor="end"),
        element("rect", x=LEFT, width=RIGHT - LEFT, class_="rail", **box),
        element("rect", x=LEFT, width=end - LEFT, class_="over" if bar.is_over else "dot", **box),
        element("line", x1=limit, x2=limit, y1=y + 2, y2=y + ROW - 2, class_="limit"),
        element("text", bar.shown, x=RIGHT + 6, y=middle, dy="0.35em"),
    )
