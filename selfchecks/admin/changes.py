"""What differs between two versions of a self-check, in the words of the review pages."""

from typing import Any

from indicators import wording
from selfchecks.services.differences import VerdictChange
from selfchecks.services.earlier import Changes

MOST = 200


def context(changes: Changes | None) -> dict[str, Any]:
    """For ``review_changes.html``; empty without an earlier version."""
    if changes is None:
        return {}
    return {
        "differences": changes.figures,
        "shown_items": changes.figures.items[:MOST],
        "verdicts": [_in_words(change) for change in changes.verdicts],
    }


def _in_words(change: VerdictChange) -> tuple[str, str, str]:
    name = f"{change.indicator} {wording.stage_name(change.stage)}".strip()
    before, after = (
        str(wording.VERDICTS[verdict]) if verdict else ""
        for verdict in (change.before, change.after)
    )
    return name, before, after
