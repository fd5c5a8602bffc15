"""On-site visits over REST, to read: schools drawn, their chances, what was found."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitFilter
from improvement.models import Finding, Visit
from improvement.models.visit_school import FindingKind
from improvement.sampling.frame import STAGES
from improvement.visits.page import SchoolLine, VisitPage
from rest.filters import WholeNumberFilter
from rest.permissions import allow
from rest.views import Resource
from selfchecks.api.found import READERS


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
    chance = serializers.SerializerMethodField(
        help_text=_("抽中机会，精确的分数，例如 12/101；1 是必查。")
    )
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

    def get_chance(self, line: SchoolLine) -> str:
        return str(line.share)


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


class VisitFilter(FilterSet):
    district = UnitFilter("district__code", help_text=_("区县代码。"))
    year = WholeNumberFilter("year", help_text=_("年度。"))


class VisitResource(mixins.ListModelMixin, Resource):
    permission_classes = [allow(read=READERS)]
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    queryset = Visit.objects.none()
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    table_name = "visits"
    tag = _("实地查看")
    texts = {
        "list": _("实地查看，最近的在前；区县在查看结束后才看得到。"),
        "retrieve": _("一次查看：抽中的学校、抽中机会、现场发现。"),
    }

    def get_queryset(self) -> QuerySet[Visit]:
        rows: Any = Visit.objects.visible_to(self.request.user).select_related("district")
        return rows

    @extend_schema(responses={200: WholeVisitSerializer})
    def retrieve(self, request: Request, **_address: Any) -> Response:
        visit = self.get_object()
        visit.page = VisitPage(visit)
        return Response(WholeVisitSerializer(visit).data)
