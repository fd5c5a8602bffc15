"""The self-checks themselves: which there are, how far each has come, opening one's own."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from districts.api import UnitField, UnitFilter
from districts.roles import DISTRICT_ROLES
from rest.filters import AsOfFilter, FlagFilter, OneOfFilter, YearFilter
from rest.serializers import StrictSerializer, WholeNumberField
from rest.views import Resource
from selfchecks.demo import UNOPENED
from selfchecks.models import ReviewEntry, SelfCheck, State, Upload
from selfchecks.past import set_back
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

    def to_representation(self, row: SelfCheck) -> Any:
        day = self.context.get("as_of")
        return super().to_representation(set_back(row, day) if day else row)


class OpeningSerializer(StrictSerializer):
    district = UnitField(required=False, help_text=_("区县代码；区县账号可不写，就是自己的区县。"))
    year = WholeNumberField(min_value=opening.FIRST_YEAR, max_value=opening.LAST_YEAR)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        own = self.context["request"].user.district
        if "district" not in attrs and own is None:
            raise serializers.ValidationError({"district": [_("请写明区县代码。")]}, "required")
        return {"district": own, **attrs}


THEN = _(
    "那天已开启的自查；state、inspector、submitted_at、upload、approved_digest、"
    "days_late_ever、is_open_again 是那天结束时的，其余各项是现在的。不能是以后。"
)
AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description=THEN)


class SelfCheckFilter(FilterSet):
    as_of = AsOfFilter(method="on_day", help_text=THEN)
    district = UnitFilter("district__code")
    year = YearFilter("year")
    state = OneOfFilter(method="in_state", choices=State.choices)
    is_demo = FlagFilter("is_demo")

    def on_day(self, rows: QuerySet[SelfCheck], _name: str, day: date) -> QuerySet[SelfCheck]:
        """A step notes the version that counted then; one that came after it counts since."""
        later = ReviewEntry.objects.filter(
            self_check=OuterRef("self_check"), taken_at__gte=OuterRef("kept_at")
        )
        kept = Upload.objects.filter(self_check=OuterRef("pk"), kept_at__date__lte=day)
        since = kept.exclude(Exists(later.filter(taken_at__date__lte=day))).order_by("-kept_at")
        upload = Coalesce(Subquery(since.values("number")[:1]), last_step(day, "upload__number"))
        return rows.filter(opened_at__date__lte=day).annotate(current_upload=upload)

    def in_state(self, rows: QuerySet[SelfCheck], _name: str, state: str) -> QuerySet[SelfCheck]:
        day = self.form.cleaned_data["as_of"]
        if not day:
            return rows.filter(state=state)
        then = Coalesce(last_step(day, "to_state"), Value(State.DRAFT))
        return rows.annotate(then=then).filter(then=state)


def last_step(day: date, column: str) -> Subquery:
    """What the last step until the end of a day says of a self-check."""
    trail = ReviewEntry.objects.filter(self_check=OuterRef("pk"), taken_at__date__lte=day)
    return Subquery(trail.order_by("-number").values(column)[:1])


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

    def allowed_parameters(self) -> set[str]:
        return super().allowed_parameters() | ({"as_of"} if self.action == "retrieve" else set())

    def get_serializer_context(self) -> dict[str, Any]:
        text = self.request.query_params.get("as_of") if self.request else None
        return {**super().get_serializer_context(), "as_of": text and date.fromisoformat(text)}

    @extend_schema(parameters=[AS_OF])
    def retrieve(self, request: Request, reference: str) -> Response:
        self_check = self_check_of(request.user, reference)
        if "as_of" not in request.query_params:
            return self._answer(self_check)
        rows = self.filter_queryset(self.get_queryset())  # reads the day, and refuses a wrong one
        return Response(self.get_serializer(get_object_or_404(rows, pk=self_check.pk)).data)

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
