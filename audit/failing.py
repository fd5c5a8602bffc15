"""Why work beside the requests failed: kept as a sentence of the catalogue with its values."""

from typing import Any

from django.core.management import CommandError

from rest.keeping import worded


class Failure(CommandError):
    """``sentence`` and ``values`` as ``worded`` takes them."""

    def __init__(self, sentence: str, values: Any = None) -> None:
        self.kept = {"sentence": sentence, "values": values}
        super().__init__(worded(sentence, values))


def why(run: Any) -> str:
    """In the reader's language; other failures in the words of whoever failed."""
    kept = run.figures or {}
    return worded(**kept) if "sentence" in kept else str(run.outcome)
