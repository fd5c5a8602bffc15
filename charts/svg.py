"""SVG and small HTML in which every text and every attribute is escaped: elements and scales."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, NotRequired, TypedDict

# Characters that no XML document may hold, whatever the escaping.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Text that is safe in a page as it stands; joined with other text it is plain text again."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def element(tag: str, *children: Any, **attributes: Any) -> Markup:
    """An element; children that are not Markup are text. ``None`` children and values drop out.

    ``class_`` becomes ``class`` and ``aria_label`` becomes ``aria-label``.
    """
    opened = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_safe(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(_safe(child) for child in children if child is not None)
    return Markup(f"<{tag}{opened}>{inside}</{tag}>")


class Words(TypedDict):
    """What a drawing is called. ``name`` is its id and the beginning of the ids inside it;
    ``style`` the rules it takes along as a file."""

    name: str
    title: str
    description: str
    style: NotRequired[str]


def drawing(
    *marks: Any,
    name: str,
    title: str,
    description: str,
    width: float,
    height: float,
    class_: str = "",
    has_links: bool = False,
    style: str = "",
) -> Markup:
    """A whole ``<svg>``.

    A drawing with links is a group: as an image its links would be hidden from screen readers.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-description"),
        element("style", Markup(style)) if style else None,
        *marks,
        id=name,
        class_=f"chart {class_}".strip(),
        role="group" if has_links else "img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-description",
        viewBox=f"0 0 {number(width)} {number(height)}",
        xmlns="http://www.w3.org/2000/svg",
    )


def hatch(pattern_id: str, *, size: float = 8) -> Markup:
    """Diagonal lines as a fill, for what must be told apart without colour."""
    line = element("path", d=f"M0 {number(size)}L{number(size)} 0", class_="chart__hatch-line")
    box = {"width": size, "height": size, "patternUnits": "userSpaceOnUse"}
    return element("defs", element("pattern", line, id=pattern_id, **box))


def number(value: float) -> str:
    """A coordinate, with at most two decimals and nothing superfluous."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _safe(value: Any) -> str:
    if isinstance(value, Markup):
        return value
    text = number(value) if isinstance(value, float) else str(value)
    return escape(_FORBIDDEN.sub("", text))


@dataclass(frozen=True, slots=True)
class Linear:
    """Maps the values between ``low`` and ``high`` onto the stretch from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, step: int) -> range:
        """Whole multiples of ``step`` inside the scale."""
        first = -(-int(self.low) // step) * step
        return range(first, int(self.high) + 1, step)


def bottom_labels(columns: Iterable[tuple[float, str]], *, y: float) -> Markup:
    """Labels centred under their places."""
    style = {"y": y, "text_anchor": "middle", "class_": "chart__tick"}
    return element("g", *(element("text", label, x=x, **style) for x, label in columns))


def side_labels(scale: Linear, left: float, right: float) -> Markup:
    """One thin line and its label for every ten, from bottom to top."""
    style = {"x": left - 6, "dy": "0.35em", "text_anchor": "end", "class_": "chart__tick"}
    marks = []
    for value in scale.ticks(10):
        line = {"x1": left, "x2": right, "y1": scale(value), "y2": scale(value)}
        marks.append(element("line", **line, class_="chart__grid"))
        marks.append(element("text", value, y=scale(value), **style))
    return element("g", *marks)
