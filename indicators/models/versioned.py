"""What rows of a version share: who sees which version, and texts in two languages."""

from typing import Any, Self

from django.utils.translation import get_language

from districts.scope import CITY, ScopedQuerySet, Viewer


class VersionedQuerySet(ScopedQuerySet):
    """Rows of a version; the model's ``status_path`` leads to the version's status."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Everything for the city's people, for all others what is or was in force."""
        if viewer.is_authenticated and viewer.is_active and viewer.reach == CITY:
            return self.all()
        return self.exclude(**{self.model.status_path: "draft"})


def bilingual(name: str) -> property:
    """The English text on English pages when there is one; the Chinese text is the valid one.

    Published versions stay as they are: their English has a gap before per cent, readers see none.
    """

    def shown(row: Any) -> str:
        english = getattr(row, f"english_{name}") if get_language() == "en" else ""
        return str(english.replace(" %", "%") or getattr(row, name))

    return property(shown)
