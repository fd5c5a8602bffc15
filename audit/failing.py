"""Why work beside the requests failed: kept as a sentence of the catalogue with its values, and put
into words when somebody reads it."""

from collections.abc import Mapping
from typing import Any

from django.core.management import CommandError
from django.utils.translation import gettext


class Failure(CommandError):
    """``sentence`` is marked with ``N_``, and so are words among its named ``values``."""

    def __init__(self, sentence: str, values: Any = ()) -> None:
        self.kept = {"sentence": sentence, "values": values}
        super().__init__(_worded(self.kept))


def why(run: Any) -> str:
    """In the reader's language; other failures in the words of whoever failed."""
    kept = run.figures or {}
    return _worded(kept) if "sentence" in kept else str(run.outcome)


def _worded(kept: Mapping[str, Any]) -> str:
    values = kept["values"]
    if isinstance(values, dict):
        values = {name: _told(value) for name, value in values.items()}
    return gettext(kept["sentence"]) % values


def _told(value: Any) -> Any:
    return gettext(value) if value and isinstance(value, str) else value
