"""Progress over REST: plan against outcome on a day, per phase, per year and per unit."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rest.permissions import PUBLIC_READ
from rest.views import ApiView
from schedule import progress
from schedule.progress import ABOLISHED, CERTIFIED, STATUSES
from schedule.services.reading import Position

from .asking import PositionParameters, asked_position


class PhaseProgressSerializer(serializers.Serializer):
    name = serializers.CharField()
    start_year = serializers.IntegerField()
    end_year = serializers.IntegerField()
    target = serializers.IntegerField()
    planned = serializers.IntegerField()
    certified = serializers.IntegerField()
    cohort_certified = serializers.IntegerField()
    gap = serializers.IntegerField()
    cumulative_target = serializers.IntegerField()
    cumulative_certified = serializers.IntegerField()


class YearProgressSerializer(serializers.Serializer):
    year = serializers.IntegerField()
    planned = serializers.IntegerField()
    cumulative_planned = serializers.IntegerField()
    certified = serializers.IntegerField()
    cumulative_certified = serializers.IntegerField()


class LateSerializer(serializers.Serializer):
    district = serializers.CharField()
    name = serializers.CharField()
    planned_year = serializers.IntegerField()
    days_late = serializers.IntegerField()


class UnresolvedSerializer(serializers.Serializer):
    district = serializers.CharField()
    name = serializers.CharField()
    successors = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()


class CertifiedUnitSerializer(serializers.Serializer):
    district = serializers.CharField()
    name = serializers.CharField()
    planned_year = serializers.IntegerField(allow_null=True)
    certified_on = serializers.DateField()
    timing = serializers.ChoiceField(choices=("early", "on_time", "late", "pending"))
    days_late = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    basis = serializers.ChoiceField(choices=progress.BASES)
    units = serializers.IntegerField()
    phases = PhaseProgressSerializer(many=True)
    years = YearProgressSerializer(many=True)
    late = LateSerializer(many=True)
    unresolved = UnresolvedSerializer(many=True)
    certified_units = CertifiedUnitSerializer(many=True)
    statuses = serializers.DictField(child=serializers.IntegerField())
    plan_version = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)


class ProgressView(ApiView):
    permission_classes = [PUBLIC_READ]
    serializer_class = ProgressSerializer
    parameters_class = PositionParameters
    tag = gettext_lazy("规划与进度")
    texts = {
        "get": gettext_lazy("某一天的进度:各阶段、各年的规划与认定,未按期和待明确的单位。"),
    }

    def get(self, request: Request) -> Response:
        position = asked_position(self.parameters())
        return Response(ProgressSerializer(progress_of(position)).data)


def progress_of(position: Position) -> dict[str, Any]:
    counted = position.progress
    return {
        "as_of": counted.as_of,
        "basis": counted.basis,
        "units": counted.units,
        "phases": [asdict(phase) for phase in counted.phases],
        "years": [asdict(year) for year in counted.years],
        "late": _late(position),
        "unresolved": _unresolved(position),
        "certified_units": _certified(position),
        "statuses": {status: counted.count(status) for status in STATUSES},
        "plan_version": position.version.number,
        "updated_at": position.updated_at,
    }


def _rows(position: Position, standings: Any, *names: str) -> list[dict[str, Any]]:
    return [
        {
            "district": standing.code,
            "name": position.districts[standing.code].name,
            **{name: getattr(standing, name) for name in names},
        }
        for standing in standings
    ]


def _late(position: Position) -> list[dict[str, Any]]:
    """Existing units past their planned year and not certified."""
    late = (
        standing
        for standing in position.progress.standings
        if standing.timing == "late" and standing.status != CERTIFIED
    )
    return _rows(position, late, "planned_year", "days_late")


def _unresolved(position: Position) -> list[dict[str, Any]]:
    """Abolished units whose obligation the city has yet to assign."""
    rows = _rows(position, position.progress.with_status(ABOLISHED), "successors")
    return [{**row, "note": _("待市级明确")} for row in rows]


def _certified(position: Position) -> list[dict[str, Any]]:
    certified = position.progress.with_status(CERTIFIED)
    return _rows(position, certified, "planned_year", "certified_on", "timing", "days_late")
