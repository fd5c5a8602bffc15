"""Urging and guidance over REST: begun, noted and voided by the city."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitField, UnitFilter
from districts.roles import MUNICIPAL_ROLES, Role
from rest.filters import FlagFilter, OneOfFilter, day_range
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer
from rest.views import Resource
from schedule import progress
from schedule.api.consequences import (
    SLIP,
    TAG,
    VOIDED,
    FollowingResource,
    RowView,
    VoidSerializer,
    VoidView,
    acting,
)
from schedule.models import Guidance, GuidanceEntry, GuidanceKind, GuidanceStep
from schedule.services import consequences, urging, voiding
from schedule.services.reading import today

BEGUN = OpenApiExample(
    "guided",
    value={
        "district": "500103",
        "kind": "guided",
        "group": "演示：差异系数偏高",
        "reason": "演示：小学教学及辅助用房差异系数连续两年不达标",
        "begun_on": "2026-11-02",
    },
    request_only=True,
)
NOTED = OpenApiExample(
    "agreed",
    value={
        "kind": "agreed",
        "day": "2026-11-02",
        "words": "演示：商定明年六月前完成两所学校的改扩建",
        "due_on": "2027-06-30",
    },
    request_only=True,
)


class GuidanceEntrySerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(choices=GuidanceStep.choices, help_text=_("种类"))

    class Meta:
        model = GuidanceEntry
        fields = ("kind", "day", "words", "due_on", "recorded_at")


class GuidanceSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code", help_text=_("区县代码。"))
    kind = serializers.ChoiceField(choices=GuidanceKind.choices, help_text=_("方式"))
    entries = GuidanceEntrySerializer(many=True, help_text=_("做了什么，最早的在前。"))

    class Meta:
        model = Guidance
        fields = (
            *("id", "district", "kind", "group", "reason", "begun_on", "ended_on", "entries"),
            *(*VOIDED, "is_demo"),
        )


class NewGuidanceSerializer(StrictSerializer):
    district = UnitField()
    kind = OneOfField(
        choices=GuidanceKind.choices, help_text=_("urged 重点督促，guided 分类指导。")
    )
    group = serializers.CharField(max_length=40, help_text=_("归入哪一类。"))
    reason = serializers.CharField(max_length=1000, help_text=_("归入的理由"))
    begun_on = serializers.DateField(help_text=_("开始日，不能是以后。"))


class NewEntrySerializer(StrictSerializer):
    kind = OneOfField(
        choices=GuidanceStep.choices,
        help_text=_("visit 现场指导，agreed 商定的措施，result 结果（记了就结束）。"),
    )
    day = serializers.DateField(help_text=_("日期，不能是以后。"))
    words = serializers.CharField(max_length=2000, help_text=_("内容"))
    due_on = serializers.DateField(required=False, help_text=_("期限"))


class OpenFilter(day_range("begun_on")):  # type: ignore[misc]
    district = UnitFilter("district__code")
    kind = OneOfFilter(field_name="kind", choices=GuidanceKind.choices)
    open = FlagFilter(method="by_open", label=_("还在进行的"))

    def by_open(self, rows: Any, _name: str, value: bool) -> Any:
        under_way = {"ended_on": None, "voided_at": None}
        return rows.filter(**under_way) if value else rows.exclude(**under_way)


class GuidanceResource(FollowingResource):
    permission_classes = [acting(*voiding.MAY_GUIDE)]
    serializer_class = GuidanceSerializer
    queryset = Guidance.objects.select_related("district").prefetch_related("entries")
    filterset_class = OpenFilter
    table_name = "guidance"
    texts = {
        "list": _("督促和指导，最近录入的在前；限本区县和市级。"),
        "retrieve": _("一次督促或指导和它的记录。"),
        "create": _("开始重点督促或分类指导一个还没有通过认定的单位。"),
    }

    @extend_schema(
        examples=[BEGUN], request=NewGuidanceSerializer, responses={201: GuidanceSerializer}
    )
    def create(self, request: Request) -> Response:
        said = self.body(NewGuidanceSerializer)
        return self.answer(consequences.begin_guidance(by=request.user, **said), status=201)


class ReasonSerializer(serializers.Serializer):
    code = serializers.ChoiceField(choices=urging.Behind.choices, help_text=_("理由的代码。"))
    words = serializers.CharField(help_text=_("理由"))


class UrgingSerializer(serializers.Serializer):
    district = serializers.CharField(source="code", help_text=_("区县代码。"))
    planned_year = serializers.IntegerField(
        source="standing.planned_year", help_text=_("规划年份。")
    )
    status = serializers.ChoiceField(
        source="standing.status", choices=progress.STATUSES, help_text=_("状态")
    )
    reasons = ReasonSerializer(many=True, help_text=_("为什么建议，最重的在前。"))
    since = serializers.DateField(allow_null=True, help_text=_("已在督促的，从哪天起；没有为空。"))


class UrgingResource(Resource):
    """Counted for the day, not kept: a person begins to urge."""

    permission_classes = [allow(read=[*MUNICIPAL_ROLES, Role.CLIENT], citywide=True)]
    serializer_class = UrgingSerializer
    queryset = Guidance.objects.none()
    cursor_key = "code"
    table_name = "urging"
    table_title = _("建议重点督促的单位")
    tag = TAG
    texts = {"list": _("建议重点督促的单位和理由，按规划年份、评估环节和自查结果算出；限市级。")}

    def list(self, request: Request) -> Response:
        return self.listed(urging.proposals(today()))


class GuidanceEntryView(RowView):
    permission_classes = [acting(*voiding.MAY_GUIDE)]
    serializer_class = GuidanceSerializer
    resource = GuidanceResource
    texts = {"post": _("记一次现场指导、商定的措施或结果；If-Match 里写取回它时的 ETag。")}

    @extend_schema(
        examples=[NOTED], request=NewEntrySerializer, responses={201: GuidanceSerializer}
    )
    def post(self, request: Request, pk: str) -> Response:
        row, seen = self.found(pk)
        said = self.body(NewEntrySerializer)
        consequences.note_guidance(guidance=row, by=request.user, expected=seen, **said)
        return self.shown(pk, status=201)


class GuidanceVoidView(VoidView):
    permission_classes = [acting(*voiding.MAY_GUIDE)]
    serializer_class = GuidanceSerializer
    resource = GuidanceResource

    @extend_schema(examples=[SLIP], request=VoidSerializer, responses={200: GuidanceSerializer})
    def post(self, request: Request, pk: str) -> Response:
        return self.void(request, pk)
