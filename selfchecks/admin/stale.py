"""The page that meets a decision on figures which are no longer the newest: what changed since."""

from typing import Any

from indicators import wording
from selfchecks.models import Evaluation
from selfchecks.services.differences import VerdictChange, compare, compare_verdicts
from selfchecks.services.reported import from_payload

from .review_form import Typed

TEMPLATE = "admin/selfchecks/review_stale.html"
MOST = 200


def context(seen: Evaluation | None, newest: Evaluation, said: Typed) -> dict[str, Any]:
    """The differences between what was read and what is there now, and what was typed."""
    found = None
    verdicts: list[Any] = []
    if seen is not None:
        found = compare(from_payload(seen.inputs), from_payload(newest.inputs))
        changes = compare_verdicts(seen.outcome, newest.outcome)
        verdicts = [_in_words(change) for change in changes]
    return {
        "seen": seen,
        "newest": newest,
        "differences": found,
        "shown_items": found.items[:MOST] if found else (),
        "verdicts": verdicts,
        "typed": said,
    }


def _in_words(change: VerdictChange) -> tuple[str, str, str]:
    name = f"{change.indicator} {wording.stage_name(change.stage)}".strip()
    before, after = (
        str(wording.VERDICTS[verdict]) if verdict else ""
        for verdict in (change.before, change.after)
    )
    return name, before, after
