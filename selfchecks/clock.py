"""When things happen: now, except while the demonstration tells of earlier days.

The audit record never asks here: it always says when something was really written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    return _pretended.get() or timezone.now()


def today() -> date:
    """The day of ``now`` in the portal's time zone."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the block happen at ``moment``; for demonstration data only."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
