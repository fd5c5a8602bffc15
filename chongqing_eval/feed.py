"""What has changed and where it is read, in the order it was committed, for one reader."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.text import format_lazy
from rest_framework.request import Request

from audit.models import Entry
from audit.words import SEPARATOR, action_name
from districts.hooks import News
from districts.models import User
from rest.views import Resource
from selfchecks.models import SelfCheck, Upload

REFUSED = "access."  # was tried, so nothing has changed; what people read names no object
_SELF_CHECK, _UPLOAD = SelfCheck._meta.label_lower, Upload._meta.label_lower


def read_by(reader: User, origin: str, after: int, limit: int) -> News:
    """The same for who is not asking now: the account to whose address it is sent."""
    request = Request(HttpRequest())
    request.method, request.user, request.auth = "GET", reader, None
    return Feed(request, lambda path: origin.rstrip("/") + path).after(after, limit)


def kinds() -> dict[str, Any]:
    """The lists whose changes are told, and what each is about; several may be about one thing."""
    from .api import RESOURCES

    return {
        name: format_lazy("{}{}{}", each.tag, SEPARATOR, name) for name, each in RESOURCES.items()
    }


class Feed:
    """Numbers are given under a lock that is held until the commit: once a number is seen, no
    smaller one can still appear, so whoever goes on ``after`` the last misses nothing.

    A change is shown to whom its object is shown today, by the rules of the object's own list;
    ``after`` goes on over all others.
    """

    def __init__(self, request: Request, whole: Callable[[str], str]) -> None:
        self.request, self.whole = request, whole

    def after(self, number: int, limit: int) -> News:
        later = Entry.objects.filter(number__gt=number).order_by("number")
        entries = list(later[: limit + 1])
        looked_at = entries[:limit]
        end = looked_at[-1].number if looked_at else number
        return News(list(self._shown(looked_at)), end, len(entries) > len(looked_at))

    def _shown(self, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
        changes = [entry for entry in entries if not entry.action.startswith(REFUSED)]
        places = self._places(changes) if changes else {}
        for entry in changes:
            if place := places.get((entry.object_type, entry.object_id)):
                yield {
                    "number": entry.number,
                    "at": entry.at,
                    "action": entry.action,
                    "action_name": action_name(entry.action),
                    "district": entry.district_code,
                    **place,
                }

    def _places(self, entries: Iterable[Entry]) -> dict[tuple[str, str], dict[str, Any]]:
        """Kind and primary key → list, key there and address; one query a kind of object."""
        keys: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            keys[entry.object_type].add(entry.object_id)
        uploads = Upload.objects.filter(pk__in=keys.pop(_UPLOAD, ()))
        whole = {str(pk): str(owner) for pk, owner in uploads.values_list("pk", "self_check")}
        keys[_SELF_CHECK] |= set(whole.values())
        places = {
            (kind, pk): place
            for kind, (name, view) in self._lists().items()
            for pk, place in self._placed(name, view, keys[kind])
        }
        for pk, owner in whole.items():
            if place := places.get((_SELF_CHECK, owner)):
                places[_UPLOAD, pk] = place
        return places

    def _lists(self) -> dict[str, tuple[str, Resource]]:
        """Kind of object → name and view of its list, of those that are open to the reader."""
        from .api import RESOURCES  # which has this view among its addresses

        views = {
            name: resource(request=self.request, action="list", kwargs={}, format_kwarg=None)
            for name, resource in RESOURCES.items()
        }
        return {
            view.get_queryset().model._meta.label_lower: (name, view)
            for name, view in views.items()
            if all(policy.has_permission(self.request, view) for policy in view.get_permissions())
        }

    def _placed(
        self, name: str, view: Resource, keys: Collection[str]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        key_of = attrgetter(view.lookup_field.replace("__", "."))
        rows = view.get_queryset().filter(pk__in=keys) if keys else ()
        for row in rows:
            key = str(key_of(row))
            yield str(row.pk), {"resource": name, "key": key, "url": self._address(name, key)}

    def _address(self, name: str, key: str) -> str | None:
        try:
            return self.whole(reverse(f"{name}-detail", args=[key]))
        except NoReverseMatch:
            return None
