"""Explains marks in words: an HTML list, so that it keeps its size on a phone."""

from collections.abc import Iterable
from dataclasses import dataclass

from .svg import Markup, element


@dataclass(frozen=True, slots=True)
class Key:
    """One entry: the CSS class of its swatch, the glyph in it, what it means, and how many."""

    swatch: str
    label: str
    glyph: str = ""
    count: int | None = None


def legend(keys: Iterable[Key]) -> Markup:
    return element("ul", *(_entry(key) for key in keys), class_="legend", role="list")


def _entry(key: Key) -> Markup:
    return element(
        "li",
        element("span", key.glyph, class_=f"legend__swatch {key.swatch}", aria_hidden="true"),
        element("span", key.label, class_="legend__label"),
        None if key.count is None else element("strong", key.count, class_="legend__count"),
    )
