"""Versions of the standard and their indicators over REST; drafts are the city's own."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from rest_framework import mixins, serializers

from indicators.calculation.problems import write_decimal
from indicators.models import Amendment, Indicator, OpenPoint, SpecialCase, Standard, Threshold
from indicators.models.indicator import Group, Kind, Level
from indicators.services.rules import rules_of
from rest.filters import OneOfFilter
from rest.permissions import PUBLIC_READ
from rest.problems import BadParameters
from rest.views import Resource

TAG = gettext_lazy("标准与测算")


class PlainDecimal(serializers.DecimalField):
    """A decimal as short text: 4.2, not 4.2000."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=None, decimal_places=None, **kwargs)

    def to_representation(self, value: Any) -> str:
        return write_decimal(value)


class ThresholdSerializer(serializers.ModelSerializer):
    stage = serializers.CharField(help_text=gettext_lazy("primary、junior，或空：不分学段。"))
    value = PlainDecimal()
    floor = PlainDecimal(allow_null=True)
    dispersion_limit = PlainDecimal(allow_null=True)

    class Meta:
        model = Threshold
        fields = (
            *("stage", "name", "label", "english_label", "operator", "value", "unit", "floor"),
            *("dispersion_limit",),
        )


class IndicatorSerializer(serializers.ModelSerializer):
    standard = serializers.CharField(source="standard.code")
    raw_fields = serializers.ListField(child=serializers.CharField())
    thresholds = ThresholdSerializer(many=True)

    class Meta:
        model = Indicator
        fields = (
            *("standard", "code", "group", "order", "name", "english_name", "wording"),
            *("english_wording", "kind", "level", "formula", "unit", "per", "raw_fields"),
            *("source", "thresholds"),
        )


class SpecialCaseSerializer(serializers.ModelSerializer):
    indicator = serializers.CharField(source="indicator.code")
    parameters = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = SpecialCase
        fields = (
            *("code", "indicator", "wording", "english_wording", "parameters", "is_enabled"),
            *("needs_end_year", "source"),
        )


class OpenPointSerializer(serializers.ModelSerializer):
    indicators = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = OpenPoint
        fields = (
            *("key", "indicators", "question", "english_question", "default"),
            *("english_default", "note", "english_note"),
        )


class AmendmentSerializer(serializers.ModelSerializer):
    indicators = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Amendment
        fields = (
            *("key", "indicators", "since", "wording", "english_wording", "confidence"),
            *("document_number", "source", "source_note", "english_source_note", "checked_on"),
        )


class StandardSerializer(serializers.ModelSerializer):
    based_on = serializers.CharField(source="based_on.code", allow_null=True, default=None)

    class Meta:
        model = Standard
        fields: tuple[str, ...] = (
            *("code", "title", "english_title", "document_number", "effective_from"),
            *("effective_to", "status", "based_on", "reason", "published_at", "engine"),
            *("procedure", "source", "source_note", "checked_on"),
        )


class WholeStandardSerializer(StandardSerializer):
    """``rules`` is what the calculation reads: settings and all numbers by name."""

    indicators = IndicatorSerializer(many=True)
    special_cases = SpecialCaseSerializer(many=True)
    open_points = OpenPointSerializer(many=True)
    amendments = AmendmentSerializer(many=True)
    rules = serializers.SerializerMethodField()

    class Meta(StandardSerializer.Meta):
        fields = (
            *StandardSerializer.Meta.fields,
            "indicators",
            "special_cases",
            "open_points",
            "amendments",
            "rules",
        )

    def get_rules(self, standard: Standard) -> dict[str, Any]:
        return rules_of(standard).to_dict()


def with_thresholds(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators with their numbers, in as many queries for 32 as for one."""
    numbers = Threshold.objects.select_related("indicator__standard")
    return indicators.select_related("standard").prefetch_related(
        Prefetch("thresholds", queryset=numbers)
    )


class StandardResource(mixins.ListModelMixin, mixins.RetrieveModelMixin, Resource):
    permission_classes = [PUBLIC_READ]
    cursor_key = "code"
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Za-z.-]{1,20}"
    samples = {"code": "2017"}
    table_name = "standards"
    tag = TAG
    texts = {
        "list": gettext_lazy("标准的各个版本。"),
        "retrieve": gettext_lazy("一个版本：32 项指标、达标值、特殊情形、待明确事项和测算规则。"),
    }

    def get_queryset(self) -> QuerySet[Standard]:
        visible = Standard.objects.visible_to(self.request.user).select_related("based_on")
        if self.action == "list":
            return visible
        return visible.prefetch_related(
            Prefetch("indicators", queryset=with_thresholds(Indicator.objects.all())),
            Prefetch("special_cases", queryset=SpecialCase.objects.select_related("indicator")),
            "open_points",
            "amendments",
        )

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return StandardSerializer if self.action == "list" else WholeStandardSerializer


class IndicatorFilter(FilterSet):
    group = OneOfFilter(field_name="group", choices=Group.choices)
    kind = OneOfFilter(field_name="kind", choices=Kind.choices)
    level = OneOfFilter(field_name="level", choices=Level.choices)


class StandardParameters(serializers.Serializer):
    standard = serializers.CharField(
        required=False,
        max_length=20,
        help_text=gettext_lazy("标准版本的代码，2017 指其中最新的一版；不写就是今天施行的版本。"),
    )


class IndicatorResource(mixins.ListModelMixin, Resource):
    permission_classes = [PUBLIC_READ]
    serializer_class = IndicatorSerializer
    queryset = Indicator.objects.all()
    parameters_class = StandardParameters
    filterset_class = IndicatorFilter
    cursor_key = "order"
    table_name = "indicators"
    tag = TAG
    texts = {"list": gettext_lazy("一个标准版本的 32 项指标和达标值。")}

    def filter_queryset(self, queryset: QuerySet[Indicator]) -> QuerySet[Indicator]:
        return with_thresholds(super().filter_queryset(queryset.filter(standard=self._standard())))

    def _standard(self) -> Standard | None:
        visible = Standard.objects.visible_to(self.request.user)
        asked = self.parameters().get("standard")
        if asked is None:
            return visible.in_force_on(timezone.localdate())
        found = visible.asked_by(asked)
        if found is None:
            raise BadParameters({"standard": [_("没有代码为「%s」的标准版本。") % asked]})
        return found
