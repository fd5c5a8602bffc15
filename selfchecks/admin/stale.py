"""The page that meets a decision on figures which are no longer the newest: what changed since."""

from typing import Any

from selfchecks.models import Evaluation
from selfchecks.services.earlier import Changes

from . import changes
from .review_form import Typed

TEMPLATE = "admin/selfchecks/review_stale.html"


def context(seen: Evaluation | None, newest: Evaluation, said: Typed) -> dict[str, Any]:
    """The differences between what was read and what is there now, and what was typed."""
    found = Changes(seen, newest) if seen else None
    return {"seen": seen, "newest": newest, "typed": said, **changes.context(found)}
