"""The ministry's lists over REST: how many of the city's units are on each, and who is named."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.roles import Role
from rest.filters import YearFilter, day_range
from rest.permissions import allow
from rest.serializers import InEnglish, StrictSerializer, WholeNumberField
from rest.views import TaggedResource, seen_tag
from schedule.knowing import lists_known
from schedule.models import CertificationList
from schedule.services import lists

from .certifications import TAG

RECORD = OpenApiExample(
    "list",
    value={
        "name": "演示名单",
        "year": 2025,
        "announced_on": "2026-03-02",
        "units_in_city": 2,
        "sources": ["https://example.org/list 演示来源"],
    },
    request_only=True,
)
CORRECTION = OpenApiExample(
    "number",
    value={"document_number": "演示文号〔2026〕1号", "reason": "文号已公布"},
    request_only=True,
)


class SourcesField(serializers.ListField):
    """Lines of a text: an address each, and words after a space."""

    child = serializers.CharField(max_length=400)

    def to_representation(self, value: str) -> list[str]:
        return value.splitlines()

    def run_validation(self, data: Any = serializers.empty) -> str:
        """Joined when the lines have been counted; before, the letters would be."""
        return "\n".join(super().run_validation(data))


class NationalListSerializer(serializers.ModelSerializer):
    english_name = InEnglish("name")
    units_named = serializers.SerializerMethodField(help_text=_("已列名的单位数。"))
    units_unnamed = serializers.IntegerField(help_text=_("还没有来源写明名称的单位数。"))
    named_units = serializers.ListField(
        source="named", child=serializers.CharField(), help_text=_("已列名单位的代码。")
    )
    sources = SourcesField(help_text=_("来源：网址，空格，说明。"))

    class Meta:
        model = CertificationList
        named = ("units_named", "units_unnamed", "named_units")
        fields = (
            "id",
            *lists.FACTS,
            *named,
            "known_on",
            "recorded_at",
            "changed_at",
            "english_name",
        )

    def get_units_named(self, listed: CertificationList) -> int:
        return len(listed.named)


class FactsSerializer(StrictSerializer):
    name = serializers.CharField(max_length=40)
    year = WholeNumberField(min_value=2000, max_value=2100)
    batch = WholeNumberField(required=False, allow_null=True, min_value=1, max_value=99)
    announced_on = serializers.DateField(help_text=_("公布日，不能是以后。"))
    date_note = serializers.CharField(required=False, allow_blank=True, max_length=100)
    document_number = serializers.CharField(required=False, allow_blank=True, max_length=60)
    units_in_nation = WholeNumberField(
        required=False, allow_null=True, min_value=0, max_value=9_999
    )
    units_in_city = WholeNumberField(
        min_value=0, max_value=999, help_text=_("从公布日起按这个数计入，不论列名与否。")
    )
    sources = SourcesField(help_text=_("来源：网址，空格，说明。"))
    source_note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    checked_on = serializers.DateField(required=False, allow_null=True)


class ListCorrectionSerializer(FactsSerializer):
    reason = serializers.CharField(max_length=500, help_text=_("更正的原因。"))


class ListFilter(day_range("announced_on")):  # type: ignore[misc]
    year = YearFilter("year")


class ListResource(TaggedResource):
    permission_classes = [
        allow(read="public", write=[Role.MANAGER], scope="write:plan", citywide=True)
    ]
    serializer_class = NationalListSerializer
    queryset = CertificationList.objects.prefetch_related("events__district")
    filterset_class = ListFilter
    tag_of = staticmethod(lists.tag_of)
    past = staticmethod(lists_known)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    table_name = "certification-lists"
    tag = TAG
    texts = {
        "list": _("国家公布的认定名单：本市个数、已列名的单位和来源；从公布日起按个数计入。"),
        "retrieve": _("一个认定名单。"),
        "create": _("录入一个认定名单。"),
        "partial_update": _("更正一个认定名单；单位列名用 certifications。"),
    }

    @extend_schema(
        examples=[RECORD], request=FactsSerializer, responses={201: NationalListSerializer}
    )
    def create(self, request: Request) -> Response:
        asked = self.body(FactsSerializer)
        return self.answer(lists.record_list(by=request.user, **asked), status=201)

    @extend_schema(
        examples=[CORRECTION],
        request=ListCorrectionSerializer,
        responses={200: NationalListSerializer},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        listed = self.get_object()
        seen = seen_tag(request, lists.tag_of(listed))
        asked = self.body(ListCorrectionSerializer, partial=True)
        return self.answer(
            lists.correct_list(
                listed=listed, by=request.user, expected=seen, **{"reason": "", **asked}
            )
        )
