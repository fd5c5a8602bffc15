"""Grants over REST: read by the unit's own people and the city, issued and decided by a manager."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitField, UnitFilter
from districts.roles import Role
from rest.filters import day_range
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer
from rest.views import ApiView, TaggedResource, seen_tag, with_tag
from schedule.api.look_backs import EVERYONE, TAG
from schedule.models import Decision, Grant, GrantDecision
from schedule.services import grants

WRITING = allow(read=EVERYONE, write=[Role.MANAGER], scope="write:plan", citywide=True)
MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
ISSUED = OpenApiExample(
    "issued",
    value={
        "district": "500103",
        "amount": "300000.00",
        "issued_on": "2026-03-31",
        "purpose": "演示：购置实验仪器",
        "document_number": "〔演示〕第 21 号",
    },
    request_only=True,
)
DECIDED = OpenApiExample(
    "void",
    value={"kind": "void", "day": "2026-11-02", "reason": "演示：同一笔资金录了两次"},
    request_only=True,
)


class GrantDecisionSerializer(serializers.ModelSerializer):
    class Meta:
        model = GrantDecision
        fields = ("kind", "day", "document_number", "reason", "due_on", "amount", "recorded_at")


class GrantSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code")
    due_on = serializers.DateField(
        source="standing.due_on", help_text=_("完成创建的期限，延期后的。")
    )
    state = serializers.ChoiceField(
        source="standing.state",
        choices=grants.STATES,
        help_text=_("今天的状态。"),
    )
    recovered = serializers.DecimalField(
        **MONEY, source="standing.recovered", help_text=_("已追回的金额（元）。")
    )
    decisions = GrantDecisionSerializer(many=True, help_text=_("作出的决定，最早的在前。"))

    class Meta:
        model = Grant
        fields = (
            *("id", "district", "amount", "issued_on", "purpose", "document_number", "source"),
            *("due_on", "state", "recovered", "decisions", "recorded_at", "is_demo"),
        )


class NewGrantSerializer(StrictSerializer):
    district = UnitField()
    amount = serializers.DecimalField(**MONEY, help_text=_("金额（元）"))
    issued_on = serializers.DateField(help_text=_("下达日，不能是以后。"))
    purpose = serializers.CharField(max_length=200, help_text=_("用途"))
    document_number = serializers.CharField(max_length=60, help_text=_("下达资金的文号。"))
    source = serializers.URLField(
        required=False, allow_blank=True, max_length=300, help_text=_("来源网址。")
    )


class NewDecisionSerializer(StrictSerializer):
    kind = OneOfField(
        choices=Decision.choices, help_text=_("extend 延期，recover 追回，void 录错作废。")
    )
    day = serializers.DateField(help_text=_("决定日，不能是以后。"))
    document_number = serializers.CharField(
        required=False, max_length=60, help_text=_("决定的文号；延期和追回必填。")
    )
    reason = serializers.CharField(max_length=1000, help_text=_("理由"))
    due_on = serializers.DateField(required=False, help_text=_("延期到哪一天；只有延期写。"))
    amount = serializers.DecimalField(
        **MONEY, required=False, help_text=_("追回多少（元）；只有追回写。")
    )


class GrantFilter(day_range("issued_on")):  # type: ignore[misc]
    district = UnitFilter("district__code")


class GrantResource(TaggedResource):
    permission_classes = [WRITING]
    serializer_class = GrantSerializer
    queryset = Grant.objects.select_related("district").prefetch_related("decisions")
    filterset_class = GrantFilter
    tag_of = staticmethod(grants.tag_of)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    table_name = "grants"
    tag = TAG
    texts = {
        "list": _("市级奖补资金，最近录入的在前；限本区县和市级。"),
        "retrieve": _("一笔奖补资金：期限、状态、作出的决定和已追回的金额。"),
        "create": _("录入一笔已经下达的奖补资金。"),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        rows = super().paginate_queryset(queryset)
        for found in grants.standings(rows):
            found.grant.standing = found  # type: ignore[attr-defined]
        return rows

    def get_object(self) -> Any:
        return _standing(super().get_object())

    @extend_schema(examples=[ISSUED], request=NewGrantSerializer, responses={201: GrantSerializer})
    def create(self, request: Request) -> Response:
        said = self.body(NewGrantSerializer)
        return self.answer(_standing(grants.issue(by=request.user, **said)), status=201)


class GrantDecisionView(ApiView):
    permission_classes = [WRITING]
    serializer_class = GrantSerializer
    needs_if_match = True
    samples = {"id": "1"}
    tag = TAG
    texts = {"post": _("延期、追回或作废一笔奖补资金；If-Match 里写取回它时的 ETag。")}

    @extend_schema(
        examples=[DECIDED], request=NewDecisionSerializer, responses={201: GrantSerializer}
    )
    def post(self, request: Request, pk: str) -> Response:
        rows = Grant.objects.select_related("district")
        grant = rows.get_visible(request.user, pk=int(pk))
        seen = seen_tag(request, grants.tag_of(grant))
        said = self.body(NewDecisionSerializer)
        grants.decide(grant=grant, by=request.user, expected=seen, **said)
        data = GrantSerializer(_standing(grant)).data
        return with_tag(grants.tag_of(grant), data, status=201)


def _standing(grant: Grant) -> Grant:
    """The row with how it stands today."""
    grant.standing = grants.standing_of(grant)  # type: ignore[attr-defined]
    return grant
