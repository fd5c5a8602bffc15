"""What one cell of a worksheet part holds: a value, an error, a formula without a result."""

import re
from typing import Any, NamedTuple

from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel, from_ISO8601

from ..values import Cell

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Look(NamedTuple):
    """What a style says of a number: is it a percentage, does it only look like one, a date?"""

    is_percent: bool = False
    shows_percent: bool = False
    is_date: bool = False
    is_duration: bool = False
    is_coloured: bool = False


PLAIN = Look()


class Setting(NamedTuple):
    """What the workbook says to all of its sheets."""

    strings: list[str]
    looks: list[Look]
    epoch: Any
    is_uncalculated: bool  # it asks to be calculated when opened: zeros are no results


class Contents:
    """Reads cells as one workbook means them; one odd value is one finding, no damaged file."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.is_1904 = setting.epoch == CALENDAR_MAC_1904

    def look(self, style: str | None) -> Look:
        if style and style != "0" and style.isdigit() and int(style) < len(self.setting.looks):
            return self.setting.looks[int(style)]
        return PLAIN

    def read(self, kind: str, text: str | None, formula: str | None, look: Look) -> Cell | None:
        """``text`` is the value as written, or the joined inline text."""
        if formula is not None and self._is_uncached(kind, text):
            return Cell(None, is_uncached=True)
        if not text:
            return None
        if kind == "n":
            return self._number(text, look)
        if kind == "s":
            known = text.isdigit() and int(text) < len(self.setting.strings)
            if not known:
                return Cell("#REF!", is_error=True)
            return text_cell(self.setting.strings[int(text)])
        if kind == "b":
            truth = {"1": True, "true": True, "0": False, "false": False}.get(text)
            return text_cell(text) if truth is None else Cell(truth)
        if kind == "d":
            return self._iso(text)
        return Cell(text, is_error=True) if kind == "e" else text_cell(unescaped(text))

    def _is_uncached(self, kind: str, text: str | None) -> bool:
        """A text formula may have an empty result; any other without one was not calculated."""
        if not text:
            return kind != "str" or text is None
        return self.setting.is_uncalculated and text == "0"

    def _number(self, text: str, look: Look) -> Cell:
        try:
            number: Any = int(text) if text.isdigit() else _number(text)
        except ValueError:
            return Cell(text)
        if look is PLAIN:
            return Cell(number)
        if look.is_date:
            try:
                number = from_excel(number, self.setting.epoch, timedelta=look.is_duration)
            except (OverflowError, ValueError):
                return Cell("#VALUE!", is_error=True)
        return Cell(
            number, look.is_percent, epoch_1904=self.is_1904, shows_percent=look.shows_percent
        )

    def _iso(self, text: str) -> Cell | None:
        try:
            return Cell(from_ISO8601(text))
        except ValueError:
            return text_cell(text)


def text_cell(text: str) -> Cell | None:
    """A cell of blanks is no content: some programs fill whole rows with it."""
    return Cell(text) if text and not text.isspace() else None


def unescaped(text: str) -> str:
    """Excel writes what XML cannot hold as _x000D_, and a true _x as _x005F_x."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _number(text: str) -> int | float:
    number = float(text)
    if number != number or number in (float("inf"), float("-inf")) or "_" in text:
        raise ValueError(text)
    return number if any(c in text for c in ".eE") else int(text)
