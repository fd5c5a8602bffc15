"""The audit trail over REST: read-only, for auditors and managers."""

from datetime import date
from functools import reduce
from operator import or_

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter
from rest_framework import mixins, serializers

from audit import words
from audit.models import FOUND_BY, AppendOnlyQuerySet, Entry
from rest.filters import day_range
from rest.permissions import allow
from rest.views import Resource


class EntrySerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district_code")
    other_district = serializers.CharField(source="other_district_code")

    class Meta:
        model = Entry
        fields = (
            "number",
            "at",
            "actor",
            "actor_name",
            "district",
            "other_district",
            "action",
            "object_type",
            "object_id",
            "object_label",
            "changes",
            "names",
            "layout",
            "reason",
            "request_id",
            "address",
            "previous_hash",
            "hash",
        )


def _known_unit(code: str) -> None:
    if not (words.names_of({code}) or Entry.objects.of_unit(code).exists()):
        raise ValidationError(gettext("没有代码为「%s」的区县。") % code[:20], "unknown")


def _known_account(name: str) -> None:
    users = get_user_model().objects
    if not (users.filter(username=name).exists() or Entry.objects.filter(actor=name).exists()):
        raise ValidationError(gettext("没有「%s」这个账号。") % name[:60], "unknown")


def _known_action(action: str) -> None:
    if action not in words.ACTIONS and not Entry.objects.filter(action=action).exists():
        sentence = gettext("没有「%s」这个动作；请写应答里 action 那样的代码，例如 school.create。")
        raise ValidationError(sentence % action[:60], "unknown")


class EntryFilter(day_range("at__date")):  # type: ignore[misc]
    district = CharFilter(method="of_unit", validators=[_known_unit])
    actor = CharFilter("actor", validators=[_known_account])
    action = CharFilter("action", validators=[_known_action])
    q = CharFilter(method="named", max_length=80)

    def named(self, entries: AppendOnlyQuerySet, name: str, text: str) -> AppendOnlyQuerySet:
        """What the search of the admin finds."""
        lookups = (f if f.endswith("__iexact") else f"{f}__icontains" for f in FOUND_BY)
        return entries.filter(reduce(or_, (Q(**{lookup: text}) for lookup in lookups)))

    def of_unit(self, entries: AppendOnlyQuerySet, name: str, code: str) -> AppendOnlyQuerySet:
        return entries.of_unit(code)


class EntryResource(mixins.ListModelMixin, mixins.RetrieveModelMixin, Resource):
    permission_classes = [allow(read=["auditor"])]
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    cursor_key = "-number"
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"number": "1", "account": "auditor", "author": "auditor"}
    table_name = "audit"
    tag = _("审计")
    texts = {"list": _("审计记录，最近的在前。"), "retrieve": _("一条审计记录。")}

    def past(self, entries: AppendOnlyQuerySet, day: date) -> AppendOnlyQuerySet:
        return entries.filter(at__date__lte=day)

    def get_queryset(self) -> AppendOnlyQuerySet:
        """All entries, or those of one district for a token narrowed to it."""
        district = getattr(self.request.user, "district", None)
        return Entry.objects.of_unit(district.code) if district else Entry.objects.all()
