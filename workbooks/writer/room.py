"""How much room texts need on a sheet."""

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

MARGIN = 2


def lines_of(texts: Sequence[Any], widths: Sequence[int]) -> int:
    """How many lines the longest of some texts side by side takes when each wraps in its column."""
    pairs = zip(texts, widths, strict=True)
    return max(1, *(math.ceil(width_of(text) / (width - MARGIN)) for text, width in pairs))


def width_of(value: Any) -> int:
    """How many digits wide a text is; a Chinese character takes two."""
    text = "" if value is None else str(value)
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
