"""Keeps what somebody tried and may not do: who, what, where and when, never what was sent."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import Entry
from .services import record

REFUSED = "access.refuse"
QUIET = timedelta(minutes=5)
MOST = 20  # entries of one person within QUIET: who tries everything fills no trail
LONGEST = 200


def note_refused(*, method: str, path: str, why: str, by: Any) -> Entry | None:
    """One entry for an attempt; None when it was noted within the last minutes.

    ``path`` is the address without its query, which says on which object; ``why`` the sentence of
    the refusal, which says what for.
    """
    district = getattr(by, "district", None)
    attempt = {"method": method, "path": path[:LONGEST]}
    since = timezone.now() - QUIET
    with transaction.atomic():
        before = Entry.objects.filter(action=REFUSED, actor=by.username, at__gte=since)
        lately = list(before.values_list("changes", "reason")[:MOST])
        if len(lately) == MOST or (attempt, why[:LONGEST]) in lately:
            return None
        return record(
            action=REFUSED,
            by=by,
            district_code=district.code if district else "",
            changes=attempt,
            reason=why[:LONGEST],
        )
