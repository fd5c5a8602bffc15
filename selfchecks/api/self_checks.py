"""The self-checks themselves: which there are, how far each has come, opening one's own."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from districts.api import UnitField, UnitFilter
from districts.roles import DISTRICT_ROLES
from rest.filters import FlagFilter, OneOfFilter, WholeNumberFilter
from rest.serializers import StrictSerializer, WholeNumberField
from rest.views import Resource
from selfchecks.demo import UNOPENED
from selfchecks.models import SelfCheck, State, Upload
from selfchecks.services import opening

from .found import (
    REFERENCE,
    SAMPLES,
    TAG,
    YEAR,
    self_check_of,
    tag_of,
    visible_self_checks,
    writing,
)

OPENING = OpenApiExample("opening", value={"district": UNOPENED, "year": YEAR}, request_only=True)


class SelfCheckSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="reference")
    district = serializers.CharField(source="district.code")
    district_name = serializers.CharField(source="district.name")
    standard = serializers.CharField(source="standard.code")
    inspector = serializers.CharField(
        source="inspector.display_name", allow_null=True, default=None
    )
    upload = serializers.IntegerField(
        source="current_upload", allow_null=True, help_text=_("现行版本的版本号。")
    )
    approved_digest = serializers.CharField(
        source="approved_evaluation.digest",
        allow_null=True,
        default=None,
        help_text=_("最近通过的测算结果的指纹。"),
    )
    days_late_ever = serializers.IntegerField(
        help_text=_("历次报送中最多迟了几天；0 是没有迟过，重新报送以后仍在。")
    )
    is_open_again = serializers.BooleanField(
        help_text=_("通过之后又打开了：approved_digest 那份结果正在或可能被修改。")
    )

    class Meta:
        model = SelfCheck
        fields = (
            *("id", "district", "district_name", "year", "standard", "state", "version"),
            *("fill_from", "due_on", "opened_at", "changed_at", "submitted_at", "inspector"),
            *("upload", "approved_digest", "days_late_ever", "is_open_again", "is_demo"),
        )


class OpeningSerializer(StrictSerializer):
    district = UnitField(required=False, help_text=_("区县代码；区县账号可不写，就是自己的区县。"))
    year = WholeNumberField(min_value=opening.FIRST_YEAR, max_value=opening.LAST_YEAR)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        own = self.context["request"].user.district
        if "district" not in attrs and own is None:
            raise serializers.ValidationError({"district": [_("请写明区县代码。")]}, "required")
        return {"district": own, **attrs}


class SelfCheckFilter(FilterSet):
    district = UnitFilter("district__code")
    year = WholeNumberFilter("year")
    state = OneOfFilter(field_name="state", choices=State.choices)
    is_demo = FlagFilter("is_demo")


class SelfCheckResource(mixins.ListModelMixin, mixins.RetrieveModelMixin, Resource):
    permission_classes = [writing(*DISTRICT_ROLES, *opening.MAY_OPEN)]
    serializer_class = SelfCheckSerializer
    filterset_class = SelfCheckFilter
    cursor_key = "-pk"
    lookup_field = "reference"
    lookup_value_regex = REFERENCE
    samples = SAMPLES
    table_name = "self-checks"
    tag = TAG
    texts = {
        "list": _("自查：自己区县的，市级账号看全市的；最近开启的在前。"),
        "retrieve": _("一份自查，编号是区县代码和年度，例如 500106-2026。"),
        "create": _("开启一个区县某一年度的自查；市级统一开启过的已在列表里，不用再开。"),
    }

    def get_queryset(self) -> QuerySet[SelfCheck]:
        current = Upload.objects.filter(self_check=OuterRef("pk"), is_current=True)
        rows = visible_self_checks(self.request.user).prefetch_related("trail")
        return rows.annotate(current_upload=Subquery(current.values("number")[:1]))

    def retrieve(self, request: Request, reference: str) -> Response:
        return self._answer(self_check_of(request.user, reference))

    @extend_schema(
        examples=[OPENING], request=OpeningSerializer, responses={201: SelfCheckSerializer}
    )
    def create(self, request: Request) -> Response:
        asked = OpeningSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        opened = opening.open_self_check(by=request.user, **asked.validated_data)
        response = self._answer(opened, status=201)
        response["Location"] = reverse("self-checks-detail", [opened.reference], request=request)
        return response

    def _answer(self, self_check: SelfCheck, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=self_check.pk)
        headers = {"ETag": f'"{tag_of(row)}"'}
        return Response(self.get_serializer(row).data, status=status, headers=headers)
