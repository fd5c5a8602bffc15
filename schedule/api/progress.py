"""Where the units stand on a day, over REST: each of them, and plan against outcome in sums."""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date
from functools import partial
from typing import Any

from django.forms import model_to_dict
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from districts.api import regions
from districts.finding import find_units
from districts.models import District
from rest.filters import one_of
from rest.permissions import PUBLIC_READ
from rest.serializers import InEnglish, OneOfField
from rest.views import ApiView, Resource
from schedule import progress
from schedule.models import Phase
from schedule.progress import PhaseProgress, Standing, YearProgress
from schedule.services.reading import Position, parse_basis, parse_day, position_on, today

FIELDS: dict[Any, Callable[..., serializers.Field]] = {
    int: serializers.IntegerField,
    int | None: partial(serializers.IntegerField, allow_null=True),
    str: serializers.CharField,
    bool: serializers.BooleanField,
}

NAMED = _("其中已知名称的单位数。")
UNNAMED = _("其中名单待核的单位数：名单已公布，还没有来源写明是哪些单位。")
SEARCHED = _("名称、拼音、首字母、代码、英文名或曾用名，如 铜梁、tongliang、tlq。")
CERTAIN = _("false 表示它可能在名称待核的名单上；true 表示没有这种可能。")


def rows_of(kind: type, **stated: serializers.Field) -> serializers.Serializer:
    """A list of plain dataclasses, as they stand; ``stated`` fields say more than their type."""
    columns = {field.name: FIELDS[field.type]() for field in fields(kind)}
    return inline_serializer(kind.__name__, {**columns, **stated}, many=True)


def phase_names() -> list[str]:
    return list(Phase.objects.values_list("name", flat=True))


@extend_schema_field(OpenApiTypes.DATE)
class DayField(serializers.Field):
    def to_internal_value(self, data: Any) -> date:
        return parse_day(str(data))


@extend_schema_field({"type": "string", "enum": list(progress.BASES), "default": progress.PLAN})
class BasisField(serializers.Field):
    def to_internal_value(self, data: Any) -> str:
        return parse_basis(str(data))


class PositionParameters(serializers.Serializer):
    as_of = DayField(
        default=today, help_text=_("查看哪一天的情况，如 2026-11-23；不写就是今天，不能是以后。")
    )
    basis = BasisField(
        default=progress.PLAN,
        help_text=_("口径：plan 是规划的 41 个单位（默认），current 是当天存在的单位。"),
    )


# -- the units -----------------------------------------------------------------------------------


class UnitSerializer(serializers.Serializer):
    code = serializers.CharField(help_text=_("代码：行政区划代码，功能区用字母。"))
    name = serializers.CharField()
    distinction = serializers.CharField(help_text=_("同名单位的区分，如 功能区；没有就是空。"))
    full_name = serializers.CharField()
    english_name = serializers.CharField()
    kind = serializers.CharField()
    region = serializers.CharField()
    english_region = InEnglish("region")
    subregion = serializers.CharField()
    valid_from = serializers.DateField(
        allow_null=True, help_text=_("存在的第一天；空表示早于规划。")
    )
    valid_to = serializers.DateField(allow_null=True, help_text=_("存在的最后一天；空表示仍在。"))
    publication_page = serializers.CharField(
        help_text=_("区县自己公开督导评估结果的网页；空表示还不知道。")
    )
    contact = serializers.CharField(help_text=_("公众该找谁；空表示还不知道。"))
    planned_year = serializers.IntegerField(allow_null=True)
    phase = serializers.CharField(allow_null=True)
    english_phase = InEnglish("phase", allow_null=True)
    status = serializers.ChoiceField(choices=progress.STATUSES)
    certified_on = serializers.DateField(allow_null=True, help_text=_("认定结果公布的日期。"))
    successors = serializers.ListField(
        child=serializers.CharField(), help_text=_("承接单位的代码；仅在区划调整之后有。")
    )
    days_late = serializers.IntegerField(help_text=_("比规划年份晚的天数；早于规划年份为负数。"))
    timing = serializers.ChoiceField(choices=progress.TIMINGS)
    certain = serializers.BooleanField(help_text=CERTAIN)


class UnitParameters(PositionParameters):
    region = serializers.CharField(
        required=False, validators=[one_of(regions)], help_text=_("区域，如 主城都市区。")
    )
    status = OneOfField(required=False, choices=progress.STATUSES)
    phase = serializers.CharField(
        required=False, validators=[one_of(phase_names)], help_text=_("阶段名称，如 整体推进阶段。")
    )
    year = serializers.IntegerField(
        source="planned_year",
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("规划年份。"),
    )
    search = serializers.CharField(required=False, max_length=40, help_text=SEARCHED)


class DistrictResource(Resource):
    permission_classes = [PUBLIC_READ]
    serializer_class = UnitSerializer
    queryset = District.objects.all()  # units are counted, not selected
    cursor_key = "code"
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Z]{1,12}"
    samples = {"code": "500106"}
    table_name = "districts"
    tag = _("区县")
    texts = {
        "list": _("规划的各单位：规划年份、阶段、状态和认定日期。"),
        "retrieve": _("一个单位。"),
    }

    @property
    def parameters_class(self) -> type[serializers.Serializer]:  # type: ignore[override]
        return UnitParameters if self.action == "list" else PositionParameters

    def list(self, request: Request) -> Response:
        asked = self.parameters()
        position = position_on(asked["as_of"], asked["basis"])
        units, standings = position.districts, position.progress.standings
        wanted = find_units(asked.pop("search"), units.values()) if "search" in asked else None
        kept = (row for row in standings if wanted is None or units[row.code] in wanted)
        # Day and basis are no columns of a row: they have been answered already.
        return self.listed(
            row
            for row in (unit_row(position, standing) for standing in kept)
            if all(row.get(name, value) == value for name, value in asked.items())
        )

    def retrieve(self, request: Request, code: str) -> Response:
        position = position_on(**(asked := self.parameters()))
        standing = position.progress.standing_of(code)
        if standing is None and code in position.districts:
            # A unit outside the plan is found, too, on the days it exists.
            exists = position.districts[code].exists_on(asked["as_of"])
            standing = position.beside[code] if exists else None
        if standing is None:
            raise Http404
        return Response(self.get_serializer(unit_row(position, standing)).data)


def unit_row(position: Position, standing: Standing) -> dict[str, Any]:
    phase = progress.phase_of(position.progress.phases, standing.planned_year)
    district = model_to_dict(position.districts[standing.code])
    return {**district, **asdict(standing), "phase": phase.name if phase else None}


# -- the sums ------------------------------------------------------------------------------------


class StandingSerializer(serializers.Serializer):
    """A unit by code and name; the districts are in the context."""

    district = serializers.CharField(source="code")
    name = serializers.SerializerMethodField()

    def get_name(self, standing: Standing) -> str:
        return str(self.context["districts"][standing.code].name)


class LateSerializer(StandingSerializer):
    planned_year = serializers.IntegerField()
    days_late = serializers.IntegerField()
    certain = serializers.BooleanField(help_text=CERTAIN)


class UnresolvedSerializer(StandingSerializer):
    successors = serializers.ListField(child=serializers.CharField())
    note = serializers.SerializerMethodField()

    def get_note(self, standing: Standing) -> str:
        return gettext("待市级明确")


class CertifiedUnitSerializer(StandingSerializer):
    planned_year = serializers.IntegerField(allow_null=True)
    certified_on = serializers.DateField()
    timing = serializers.ChoiceField(choices=progress.TIMINGS[:-1])
    days_late = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    basis = serializers.ChoiceField(choices=progress.BASES)
    units = serializers.IntegerField()
    certified = serializers.IntegerField(help_text=_("已公布通过国家认定的单位数。"))
    certified_named = serializers.IntegerField(help_text=NAMED)
    certified_unnamed = serializers.IntegerField(help_text=UNNAMED)
    phases = rows_of(PhaseProgress)
    years = rows_of(YearProgress)
    late = LateSerializer(many=True)
    unresolved = UnresolvedSerializer(many=True)
    certified_units = CertifiedUnitSerializer(many=True)
    statuses = serializers.DictField(child=serializers.IntegerField())
    plan_version = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)


class ProgressView(ApiView):
    permission_classes = [PUBLIC_READ]
    renderer_classes = api_settings.DEFAULT_RENDERER_CLASSES
    serializer_class = ProgressSerializer
    table_name, table_title = "progress", _("规划与进度")
    parameters_class = PositionParameters
    tag = _("规划与进度")
    texts = {"get": _("某一天的进度：各阶段、各年的规划与认定，未按期和待明确的单位。")}

    def get(self, request: Request) -> Response:
        position = position_on(**self.parameters())
        if request.accepted_renderer.format != "json":
            return Response(list(progress.totals_of(position.progress)))
        context = {"districts": position.districts}
        return Response(ProgressSerializer(progress_of(position), context=context).data)

    def table_columns(self) -> list[str]:
        return list(progress.TOTALS)


def progress_of(position: Position) -> dict[str, Any]:
    counted = position.progress
    return {
        "as_of": counted.as_of,
        "basis": counted.basis,
        "units": counted.units,
        "certified": counted.certified,
        "certified_named": counted.certified_named,
        "certified_unnamed": counted.certified_unnamed,
        "phases": counted.phases,
        "years": counted.years,
        "late": counted.late,
        "unresolved": counted.with_status(progress.ABOLISHED),
        "certified_units": counted.with_status(progress.CERTIFIED),
        "statuses": {status: counted.count(status) for status in progress.STATUSES},
        "plan_version": position.version.number,
        "updated_at": position.updated_at,
    }
