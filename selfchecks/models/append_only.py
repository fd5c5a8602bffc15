"""Rows that are history: written once, never changed, corrected only by newer rows."""

from typing import Any, NoReturn

from audit.models import AppendOnlyError, AppendOnlyQuerySet
from audit.seals import Sealed
from districts.scope import ScopedQuerySet


class HistoryQuerySet(ScopedQuerySet, AppendOnlyQuerySet):  # type: ignore[misc, override]
    """Scoped like everything else, and refusing to rewrite."""


class HistoryModel(Sealed):
    """``save`` works once; ``update`` and ``delete`` never do."""

    objects = HistoryQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("history is never rewritten")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("history is never deleted")
