"""On-site visits over REST: schools drawn, their chances, what was found; drawing another."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from districts.api import UnitField, UnitFilter
from districts.models import District
from improvement.models import Finding, Visit
from improvement.models.visit_school import FindingKind
from improvement.sampling.frame import STAGES
from improvement.services import visits
from improvement.visits.page import VisitPage, lines_of
from improvement.visits.steps import MAY_VISIT
from rest.filters import YearFilter
from rest.permissions import allow
from rest.serializers import StrictSerializer, WholeNumberField
from rest.views import TaggedResource, with_tag
from selfchecks.api.found import READERS

TAG = _("实地查看")
WRITING = allow(read=READERS, write=MAY_VISIT, scope="write:selfcheck")
CHANCE = _("抽中机会，精确的分数，例如 12/101；1 是必查。")
DRAWN = OpenApiExample("drawn", value={"district": "500106", "count": 2}, request_only=True)


class VisitFindingSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(choices=FindingKind.choices)
    photos = serializers.SerializerMethodField(help_text=_("照片的 SHA-256。"))

    class Meta:
        model = Finding
        fields = ("number", "kind", "indicator", "words", "reported", "found", "photos")

    def get_photos(self, row: Finding) -> list[str]:
        return [photo.sha256 for photo in row.photos.all()]


class VisitedSchoolSerializer(serializers.Serializer):
    code = serializers.CharField(source="candidate.code", help_text=_("学校标识码。"))
    name = serializers.CharField(source="candidate.name", help_text=_("学校名称。"))
    stage = serializers.ChoiceField(
        source="candidate.stage",
        choices=STAGES,
        help_text=_("学段：primary 小学，junior 初中，both 两者都有。"),
    )
    location = serializers.CharField(source="candidate.location", help_text=_("城乡类型。"))
    weight = serializers.IntegerField(source="candidate.weight", help_text=_("抽样的权重。"))
    chance = serializers.CharField(source="share", help_text=CHANCE)
    visited_on = serializers.DateField(
        source="record.visited_on",
        allow_null=True,
        default=None,
        help_text=_("到校日期；空是没有到校，或者还没有记录。"),
    )
    words = serializers.CharField(
        source="record.words", default="", help_text=_("看了什么，或者没有到校的原因。")
    )
    findings = VisitFindingSerializer(many=True, help_text=_("现场发现的问题。"))


class VisitSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(help_text=_("查看的标识，例如 500106-2026-1。"))
    district = serializers.CharField(source="district.code", help_text=_("区县代码。"))

    class Meta:
        model = Visit
        fields = (
            "id",
            "reference",
            "district",
            "year",
            "number",
            "state",
            "words",
            "started_at",
            "ended_at",
            "is_demo",
        )


class WholeVisitSerializer(VisitSerializer):
    """Of the newest draw, all that somebody needs to draw again is on the page of its protocol."""

    seed = serializers.CharField(source="page.draw.seed", help_text=_("随机种子。"))
    method = serializers.CharField(source="page.draw.method", help_text=_("抽样方法。"))
    digest = serializers.CharField(source="page.draw.digest", help_text=_("名册指纹。"))
    drawn_at = serializers.DateTimeField(source="page.draw.drawn_at", help_text=_("抽样时间。"))
    draws = serializers.IntegerField(
        source="page.draw.number", help_text=_("一共抽了几次；重抽都写明原因。")
    )
    comes_out_again = serializers.BooleanField(
        source="page.comes_out_again", help_text=_("按种子重算，抽中的学校是否相同。")
    )
    schools = VisitedSchoolSerializer(source="page.schools", many=True, help_text=_("抽中的学校。"))

    class Meta:
        model = Visit
        fields = (
            *VisitSerializer.Meta.fields,
            *("seed", "method", "digest", "drawn_at", "draws", "comes_out_again", "schools"),
        )


class NewVisitSerializer(StrictSerializer):
    district = UnitField()
    count = WholeNumberField(min_value=1, max_value=visits.MOST, help_text=_("抽几所。"))
    seen = serializers.CharField(
        required=False,
        max_length=64,
        help_text=_("试抽时应答里的 digest；名册或数据此后有变化时应答 412，不抽。"),
    )


class CandidateSerializer(serializers.Serializer):
    code = serializers.CharField(source="candidate.code", help_text=_("学校标识码。"))
    name = serializers.CharField(source="candidate.name", help_text=_("学校名称。"))
    weight = serializers.IntegerField(source="candidate.weight", help_text=_("抽样的权重。"))
    chance = serializers.CharField(source="share", help_text=CHANCE)


class DesignSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text=_("抽几所。"))
    digest = serializers.CharField(help_text=_("名册指纹。"))
    candidates = CandidateSerializer(many=True, help_text=_("能抽到的学校，机会大的在前。"))


class DryRunParameters(serializers.Serializer):
    dry_run = serializers.BooleanField(
        required=False, help_text=_("true 表示只看抽样设计，不抽，也不定种子。")
    )


class VisitFilter(FilterSet):
    district = UnitFilter("district__code", help_text=_("区县代码。"))
    year = YearFilter("year", help_text=_("年度。"))


class VisitResource(TaggedResource):
    permission_classes = [WRITING]
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    queryset = Visit.objects.none()
    tag_of = staticmethod(visits.tag_of)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1", "account": "inspector", "author": "inspector"}
    table_name = "visits"
    tag = TAG
    texts = {
        "list": _("实地查看，最近的在前；区县在查看结束后才看得到。"),
        "retrieve": _("一次查看：抽中的学校、抽中机会、现场发现。"),
        "create": _("抽取要查看的学校，种子由门户随机产生；或用 dry_run 只看抽样设计。"),
    }

    @property
    def parameters_class(self) -> type[serializers.Serializer] | None:  # type: ignore[override]
        return DryRunParameters if self.action == "create" else None

    def get_queryset(self) -> QuerySet[Visit]:
        rows: Any = Visit.objects.visible_to(self.request.user).select_related("district")
        return rows

    @extend_schema(responses={200: WholeVisitSerializer})
    def retrieve(self, request: Request, **_address: Any) -> Response:
        return self.chosen(whole(self.get_object()))

    @extend_schema(
        examples=[DRAWN],
        request=NewVisitSerializer,
        responses={200: DesignSerializer, 201: WholeVisitSerializer},
    )
    def create(self, request: Request) -> Response:
        said = self.body(NewVisitSerializer)
        if self.parameters().get("dry_run"):
            return Response(_designed(said["district"], said["count"]))
        made = visits.draw_schools(by=request.user, **said)
        address = reverse("visits-detail", [made.pk], request=request)
        return whole(made, status=201, Location=address)


def whole(visit: Visit, status: int = 200, **headers: str) -> Response:
    """The visit with its schools, under its tag."""
    visit.page = VisitPage(visit)  # type: ignore[attr-defined]
    data = WholeVisitSerializer(visit).data
    return with_tag(visits.tag_of(visit), data, status, **headers)


def _designed(district: District, count: int) -> Any:
    design = visits.design_for(district, count)
    told = {"count": count, "digest": design.digest, "candidates": lines_of(design)}
    return DesignSerializer(told).data
