"""The units of the plan over REST: who they are and where each one stands on a day."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.filters import regions
from districts.models import District
from rest.filters import one_of
from rest.permissions import PUBLIC_READ
from rest.serializers import OneOfField
from rest.views import Resource
from schedule import progress
from schedule.progress import Standing
from schedule.services.reading import Position

from .asking import PositionParameters, asked_position, phase_names

TIMINGS = ("early", "on_time", "late", "pending", "unresolved")


class UnitSerializer(serializers.Serializer):
    code = serializers.CharField(help_text=_("代码:行政区划代码,功能区用字母。"))
    name = serializers.CharField()
    full_name = serializers.CharField()
    english_name = serializers.CharField()
    kind = serializers.CharField()
    region = serializers.CharField()
    subregion = serializers.CharField()
    valid_from = serializers.DateField(
        allow_null=True, help_text=_("存在的第一天;空表示早于规划。")
    )
    valid_to = serializers.DateField(allow_null=True, help_text=_("存在的最后一天;空表示仍在。"))
    planned_year = serializers.IntegerField(allow_null=True)
    phase = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=progress.STATUSES)
    certified_on = serializers.DateField(allow_null=True, help_text=_("认定结果公布的日期。"))
    successors = serializers.ListField(
        child=serializers.CharField(), help_text=_("承接单位的代码;仅在区划调整之后有。")
    )
    days_late = serializers.IntegerField(help_text=_("比规划年份晚的天数;早于规划年份为负数。"))
    timing = serializers.ChoiceField(choices=TIMINGS)


class UnitParameters(PositionParameters):
    region = serializers.CharField(
        required=False, validators=[one_of(regions)], help_text=_("区域,如 主城都市区。")
    )
    status = OneOfField(required=False, choices=progress.STATUSES)
    phase = serializers.CharField(
        required=False, validators=[one_of(phase_names)], help_text=_("阶段名称,如 整体推进阶段。")
    )
    year = serializers.IntegerField(
        required=False, min_value=2000, max_value=2100, help_text=_("规划年份。")
    )


class DistrictResource(Resource):
    permission_classes = [PUBLIC_READ]
    serializer_class = UnitSerializer
    queryset = District.objects.none()  # units are counted, not selected
    cursor_key = "code"
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Z]{1,12}"
    samples = {"code": "500106"}
    table_name = "districts"
    tag = _("区县")
    texts = {
        "list": _("规划的各单位:规划年份、阶段、状态和认定日期。"),
        "retrieve": _("一个单位。"),
    }

    @property
    def parameters_class(self) -> type[serializers.Serializer]:
        return UnitParameters if self.action == "list" else PositionParameters

    def list(self, request: Request) -> Response:
        asked = self.parameters()
        position = asked_position(asked)
        rows = (unit_row(position, standing) for standing in position.progress.standings)
        return self.listed(row for row in rows if _matches(row, asked))

    def retrieve(self, request: Request, code: str) -> Response:
        position = asked_position(self.parameters())
        for standing in position.progress.standings:
            if standing.code == code:
                return Response(self.get_serializer(unit_row(position, standing)).data)
        raise Http404


def unit_row(position: Position, standing: Standing) -> dict[str, Any]:
    district = position.districts[standing.code]
    names = ("code", "name", "full_name", "english_name", "kind", "region", "subregion")
    return {
        **{name: getattr(district, name) for name in (*names, "valid_from", "valid_to")},
        "planned_year": standing.planned_year,
        "phase": _phase_of(position, standing.planned_year),
        "status": standing.status,
        "certified_on": standing.certified_on,
        "successors": list(standing.successors),
        "days_late": standing.days_late,
        "timing": standing.timing,
    }


def _phase_of(position: Position, year: int | None) -> str | None:
    for phase in position.progress.phases:
        if year is not None and phase.start_year <= year <= phase.end_year:
            return phase.name
    return None


def _matches(row: dict[str, Any], asked: dict[str, Any]) -> bool:
    wanted = {"region": "region", "status": "status", "phase": "phase", "planned_year": "year"}
    return all(
        row[column] == asked[parameter]
        for column, parameter in wanted.items()
        if parameter in asked
    )
