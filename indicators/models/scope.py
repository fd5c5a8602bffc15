"""Who sees which version: published ones are public, a draft is the city's own work."""

from typing import Self

from districts.scope import CITY, ScopedQuerySet, Viewer


class VersionedQuerySet(ScopedQuerySet):
    """Rows of a version; the model's ``status_path`` leads to the version's status."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Everything for the city's people, for all others what is or was in force."""
        if viewer.is_authenticated and viewer.is_active and viewer.reach == CITY:
            return self.all()
        return self.exclude(**{self.model.status_path: "draft"})
