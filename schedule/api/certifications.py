"""Certification events over REST: what happened to whom on which day, and its source."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitField, UnitFilter
from districts.roles import Role
from rest.filters import OneOfFilter, YearFilter, day_range
from rest.permissions import PUBLIC_READ, allow
from rest.serializers import InEnglish, OneOfField, StrictSerializer, WholeNumberField
from rest.views import Resource, TaggedResource, seen_tag
from schedule.knowing import events_known
from schedule.models import Asked, CertificationEvent, CertificationList, CertificationStep, Result
from schedule.services import certifications, procedure

TAG = gettext_lazy("认定")
RECORD = OpenApiExample(
    "started",
    value={
        "district": "500151",
        "step_year": 2025,
        "step": "区县自评",
        "result": "started",
        "date": "2025-09-01",
    },
    request_only=True,
)
CORRECTION = OpenApiExample(
    "note", value={"note": "补充说明", "reason": "原来漏填"}, request_only=True
)


class StepSerializer(serializers.ModelSerializer):
    english_name = InEnglish("name")

    class Meta:
        model = CertificationStep
        fields = ("id", *procedure.STEP_FIELDS, "english_name")


class StepResource(mixins.ListModelMixin, Resource):
    permission_classes = [PUBLIC_READ]
    serializer_class = StepSerializer
    queryset = CertificationStep.objects.all()
    table_name = "certification-steps"
    tag = TAG
    texts = {"list": gettext_lazy("各年的认定环节。")}


class EventSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code")
    district_name = serializers.CharField(source="district.name")
    english_district_name = serializers.CharField(source="district.english_name")
    step_year = serializers.IntegerField(source="step.year")
    step = serializers.CharField(source="step.name")
    english_step = InEnglish("step.name")
    level = serializers.CharField(source="step.level")
    list = serializers.CharField(source="list.name", allow_null=True, default=None)
    english_list = InEnglish("list.name", allow_null=True, default=None)
    unmet = serializers.ListField(
        child=serializers.ChoiceField(choices=Asked.choices),
        help_text=gettext_lazy("申请录入时没有满足的条件的代码，见 districts/{code}/application。"),
    )

    class Meta:
        model = CertificationEvent
        facts = ("id", "district", "district_name", "step_year", "step", "level", "result", "date")
        dates = ("known_on", "recorded_at", "changed_at")
        against = ("unmet", "unmet_reason")
        told = ("english_district_name", "english_step", "english_list")
        fields = (*facts, "list", *certifications.REFERENCES, *dates, *against, *told)


class ReferencesSerializer(StrictSerializer):
    """Where an event can be looked up."""

    list = serializers.SlugRelatedField(
        slug_field="name",
        queryset=CertificationList.objects.all(),
        required=False,
        allow_null=True,
        help_text=gettext_lazy("名单的名称，见 lists；列入名单要有点名的来源。"),
        error_messages={"does_not_exist": gettext_lazy("没有名为「{value}」的名单。")},
    )
    list_year = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=2000,
        max_value=2100,
        help_text=gettext_lazy("国家名单的年份。"),
    )
    document_number = serializers.CharField(required=False, allow_blank=True, max_length=60)
    source = serializers.URLField(required=False, allow_blank=True, max_length=300)
    source_note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    checked_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class RecordSerializer(ReferencesSerializer):
    district = UnitField()
    step_year = WholeNumberField(min_value=2000, max_value=2100)
    step = serializers.CharField(
        max_length=40,
        help_text=gettext_lazy(
            "这一年的环节名称，见 certification-steps；这一年没有单列的，用此前最近一年的。"
        ),
    )
    result = OneOfField(choices=Result.choices)
    date = serializers.DateField(source="day", help_text=gettext_lazy("公布日，不能是以后。"))
    unmet_reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=1000,
        help_text=gettext_lazy("申请条件没有满足仍要录入「申请」的理由；满足时不用写，也不保存。"),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        year, name = attrs.pop("step_year"), attrs["step"]
        step = CertificationStep.objects.of_year(year).filter(name=name).first()
        if step is None:
            sentence = _("%(year)s 年没有「%(name)s」这个环节。") % {"year": year, "name": name}
            raise serializers.ValidationError({"step": [sentence]})
        return {**attrs, "step": step}


class CorrectionSerializer(ReferencesSerializer):
    """The facts of an event stay; a wrong fact is answered by a new event."""

    reason = serializers.CharField(max_length=500, help_text=gettext_lazy("更正的原因。"))


class EventFilter(day_range("date")):  # type: ignore[misc]
    district = UnitFilter("district__code")
    result = OneOfFilter(field_name="result", choices=Result.choices)
    list_year = YearFilter("list_year")


class CertificationResource(TaggedResource):
    permission_classes = [
        allow(read="public", write=[Role.MANAGER], scope="write:plan", citywide=True)
    ]
    serializer_class = EventSerializer
    queryset = CertificationEvent.objects.select_related("district", "step", "list")
    filterset_class = EventFilter
    tag_of = staticmethod(certifications.tag_of)
    past = staticmethod(events_known)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    table_name = "certifications"
    tag = TAG
    texts = {
        "list": gettext_lazy("认定事件，最近录入的在前。"),
        "retrieve": gettext_lazy("一条认定事件。"),
        "create": gettext_lazy("录入一条认定事件。"),
        "partial_update": gettext_lazy("更正名单年份、文号、来源或说明；事实不改，另录一条。"),
    }

    @extend_schema(examples=[RECORD], request=RecordSerializer, responses={201: EventSerializer})
    def create(self, request: Request) -> Response:
        asked = self.body(RecordSerializer)
        return self.answer(certifications.record_event(by=request.user, **asked), status=201)

    @extend_schema(
        examples=[CORRECTION], request=CorrectionSerializer, responses={200: EventSerializer}
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        event = self.get_object()
        seen = seen_tag(request, certifications.tag_of(event))
        asked = self.body(CorrectionSerializer)
        return self.answer(
            certifications.correct_event(event=event, by=request.user, expected=seen, **asked)
        )
