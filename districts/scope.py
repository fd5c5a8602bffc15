"""The one place that decides which rows a person may see."""

from typing import TYPE_CHECKING, Any, Self, Union

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from audit import seals

if TYPE_CHECKING:
    from .models import User

Viewer = Union["User", AnonymousUser]

CITY, DISTRICT = "city", "district"
ACCOUNTS = "accounts"  # who keeps the accounts reaches them, and nothing they work on

# A scoped model says where its district stands, as a lookup path; PUBLIC rows are for everybody.
PUBLIC = seals.PUBLIC


def reaches(viewer: Viewer, district_id: int) -> bool:
    """Whether what is not public about a unit is this person's to read."""
    if not viewer.is_authenticated or not viewer.is_active:
        return False
    is_own = viewer.reach == DISTRICT and viewer.district_id == district_id
    return viewer.reach == CITY or (is_own and not viewer.office)


class ScopedQuerySet(seals.SealedQuerySet):
    """A queryset that starts from nothing and shows what the viewer's reach includes."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Rows the viewer may see: the city's for reach ``city``, else those of one district; for
        reach ``accounts`` those of models that say so (``is_of_accounts``).

        Anonymous, inactive and undecided viewers see nothing: a missing district is not "all".
        """
        path = self.model.scope
        if path == PUBLIC:
            return self.all()
        if not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        if viewer.reach == CITY:
            return self.of_city()
        if viewer.reach == ACCOUNTS and getattr(self.model, "is_of_accounts", False):
            return self.all()
        if viewer.reach != DISTRICT or viewer.district_id is None:
            return self.none()
        own = self.filter(**{path: viewer.district_id})
        return own.of_office(viewer.office) if viewer.office else own

    def of_city(self) -> Self:
        """What the city may see: all, unless the model says where stands what has to be set first
        (``approval``, a lookup path)."""
        path = getattr(self.model, "approval", None)
        return self.filter(**{f"{path}__isnull": False}) if path else self.all()

    def of_office(self, office: str) -> Self:
        """What a department of the district may see: nothing, unless the model says where the
        office stands (``office_scope``, a lookup path)."""
        path = getattr(self.model, "office_scope", None)
        return self.filter(**{path: office}) if path else self.none()

    def get_visible(self, viewer: Viewer, **lookup: Any) -> Any:
        """One row within the viewer's scope; somebody else's row is simply not found (404)."""
        row = self.visible_to(viewer).filter(**lookup).first()
        if row is None:
            raise Http404
        return row


class PersonalQuerySet(ScopedQuerySet):
    """Only one's own rows, whatever the reach of their reader; ``owner`` names the column."""

    def visible_to(self, viewer: Viewer) -> Self:
        if not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        return self.filter(**{self.model.owner: viewer.pk})
