"""What has changed and where to read it, in the order it was committed: for systems that keep a
copy of their own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter
from typing import Any

from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from audit.models import Entry
from audit.words import action_name
from rest.pagination import MOST
from rest.permissions import allow
from rest.views import ApiView, Resource
from selfchecks.models import SelfCheck, Upload

REFUSED = "access."  # was tried, so nothing has changed; what people read names no object
_SELF_CHECK, _UPLOAD = SelfCheck._meta.label_lower, Upload._meta.label_lower


class ChangeSerializer(serializers.Serializer):
    """One change: read what it says at ``url``; here stands only that it happened."""

    number = serializers.IntegerField(
        help_text=_("序号，先提交的在前；空着的序号，是不归您看或接口里没有的改动。")
    )
    at = serializers.DateTimeField(help_text=_("改动的时间。"))
    action = serializers.CharField(help_text=_("动作的代码。"))
    action_name = serializers.CharField(help_text=_("动作的名称。"))
    district = serializers.CharField(help_text=_("区县代码；不属于哪个区县，为空。"))
    resource = serializers.CharField(help_text=_("在接口的哪个列表里，例如 self-checks。"))
    key = serializers.CharField(help_text=_("在这个列表里的编号。"))
    url = serializers.URLField(
        allow_null=True, help_text=_("现在的内容在哪里；只能在列表里看的，为 null。")
    )


class ChangesSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True, help_text=_("改动，先提交的在前。"))
    after = serializers.IntegerField(help_text=_("看到了哪里：下一次写在 after 里。"))
    more = serializers.BooleanField(help_text=_("后面还有，可以马上再取。"))


class ChangesParameters(serializers.Serializer):
    after = serializers.IntegerField(
        min_value=0, max_value=10**15, default=0, help_text=_("上一次应答里的 after；从头取写 0。")
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=100, help_text=_("一次最多看多少条改动，1 到 500。")
    )


class ChangesView(ApiView):
    """Numbers are given under a lock that is held until the commit: once a number is seen, no
    smaller one can still appear, so whoever goes on ``after`` the last misses nothing.

    A change is shown to whom its object is shown today, by the rules of the object's own list;
    ``after`` goes on over all others.
    """

    permission_classes = [allow(read="signed-in")]
    serializer_class = ChangesSerializer
    parameters_class = ChangesParameters
    tag = _("改动")
    texts = {
        "get": _(
            "after 之后改了什么、在哪里看，先提交的在前，不漏不重；只有您看得到的内容。"
            "过一会儿再来取，写上一次应答里的 after。"
        )
    }

    def get(self, request: Request) -> Response:
        asked = self.parameters()
        later = Entry.objects.filter(number__gt=asked["after"]).order_by("number")
        entries = list(later[: asked["limit"] + 1])
        looked_at = entries[: asked["limit"]]
        answer = {
            "results": list(self._shown(looked_at)),
            "after": looked_at[-1].number if looked_at else asked["after"],
            "more": len(entries) > len(looked_at),
        }
        return Response(ChangesSerializer(answer).data)

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
            return reverse(f"{name}-detail", [key], request=self.request)
        except NoReverseMatch:
            return None
