"""Figures of last year and of this year on one scale, a line each, against the limit they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from .svg import Linear, Markup, Words, drawing, element, number

WIDTH, ROW, TOP, BOTTOM = 400, 28, 20, 30
LEFT, RIGHT = 176, 340  # names before the scale, values behind it
NOW, THEN = 6, 4  # the radius of a dot
GLYPHS = {"met": "✓", "not_met": "✕", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """``now`` or ``then`` is None where nothing is known; ``words`` is what a pointer reads out."""

    label: str
    now: float | None
    then: float | None
    shown: str
    verdict: str
    words: str


def dumbbells(
    lines: Sequence[Dumbbell],
    limit: float,
    *,
    limit_label: str,
    years: tuple[str, str],
    **words: Unpack[Words],
) -> Markup:
    """``years`` names this year's dot and last year's; what lies beyond the limit is tinted."""
    known = [value for line in lines for value in (line.now, line.then) if value is not None]
    x = Linear(0, max([limit * 1.2, *known]) * 1.05, LEFT, RIGHT)
    place, end = x(limit), TOP + ROW * len(lines)
    return drawing(
        element("rect", x=place, y=TOP, width=RIGHT - place, height=end - TOP, class_="zone"),
        element("line", x1=place, x2=place, y1=TOP - 6, y2=end, class_="limit"),
        element("text", limit_label, x=place, y=end + 20, text_anchor="middle", class_="b"),
        *(_line(line, TOP + ROW * (at + 0.5), x) for at, line in enumerate(lines)),
        *_legend(years, end + 20),
        width=WIDTH,
        height=end + BOTTOM,
        class_="sp",
        **words,
    )


def _line(line: Dumbbell, y: float, x: Linear) -> Markup:
    fails = " fail-t" if line.verdict == "not_met" else ""
    value = {"x": WIDTH, "y": y + 5, "text_anchor": "end", "class_": f"b{fails}"}
    return element(
        "g",
        element("title", line.words),
        element("text", line.label, x=0, y=y + 5),
        _between(line, y, x),
        _then(line, y, x),
        _mark(line, y, x),
        element("text", f"{GLYPHS[line.verdict]} {line.shown}", **value),
    )


def _between(line: Dumbbell, y: float, x: Linear) -> Markup | None:
    if line.now is None or line.then is None:
        return None
    return element("line", x1=x(line.then), x2=x(line.now), y1=y, y2=y, class_="way")


def _then(line: Dumbbell, y: float, x: Linear) -> Markup | None:
    """A dot, or a ring where this year's dot would lie over it."""
    if line.then is None:
        return None
    is_under = line.now is not None and abs(x(line.now) - x(line.then)) < NOW
    return (
        _dot(x(line.then), y, NOW + 3, "same") if is_under else _dot(x(line.then), y, THEN, "then")
    )


def _mark(line: Dumbbell, y: float, x: Linear) -> Markup | None:
    """A cross beyond the limit, else a dot: told apart without colour."""
    if line.now is None:
        return None
    if line.verdict != "not_met":
        return _dot(x(line.now), y, NOW, "now")
    cross = f"M{number(x(line.now) - 5)} {number(y - 5)}l10 10m0-10l-10 10"
    return element("path", d=cross, class_="cross")


def _dot(x: float, y: float, radius: float, class_: str) -> Markup:
    return element("circle", cx=x, cy=y, r=radius, class_=class_)


def _legend(years: tuple[str, str], y: float) -> list[Markup]:
    """Below the names: what the two dots are."""
    now, then = years
    return [
        _dot(NOW, y - 5, NOW, "now"),
        element("text", now, x=16, y=y, class_="t2"),
        _dot(84, y - 5, THEN, "then"),
        element("text", then, x=92, y=y, class_="t2"),
    ]
