"""How a request says which day and which basis it asks about."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from schedule import progress
from schedule.models import Phase
from schedule.services.reading import Position, parse_basis, parse_day, position_on


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
        required=False, help_text=_("查看哪一天的情况,如 2026-11-23;不写就是今天,不能是以后。")
    )
    basis = BasisField(
        required=False,
        help_text=_("口径:plan 是规划的 41 个单位(默认),current 是当天存在的单位。"),
    )


def phase_names() -> list[str]:
    return [phase.name for phase in Phase.objects.order_by("start_year")]


def asked_position(parameters: dict[str, Any]) -> Position:
    """Where the units stand on the day and basis asked for."""
    return position_on(
        parameters.get("as_of") or parse_day(None), parameters.get("basis", progress.PLAN)
    )
