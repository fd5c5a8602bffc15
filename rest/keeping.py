"""Sentences that are kept and put into words when somebody reads them, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext


def worded(sentence: str, values: Any = None) -> str:
    """``sentence`` is one of the catalogue, marked with ``N_`` where it stands, and so are words
    among its ``values``; one that has none is taken as it stands."""
    if not sentence or values is None:
        return sentence and gettext(sentence)
    if isinstance(values, Mapping):
        values = {name: _told(value) for name, value in values.items()}
    return gettext(sentence) % values


def _told(value: Any) -> Any:
    return gettext(value) if value and isinstance(value, str) else value
