"""The plan over REST: phases, versions, entries, and re-planning with its impact."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from audit.refusals import Stale
from audit.services import fingerprint
from districts.api import UnitFilter, regions
from districts.roles import Role
from rest.filters import YearFilter, one_of
from rest.permissions import PUBLIC_READ, allow
from rest.problems import BadParameters
from rest.serializers import InEnglish, NumberParameter
from rest.views import Resource, TaggedResource, seen_tag
from schedule import progress
from schedule.knowing import entries_known, newest_known, versions_known
from schedule.models import Phase, PlannedCertification, PlanVersion
from schedule.services import plans
from schedule.services.impacts import Impact
from schedule.services.reading import phase_goals

from .progress import phase_names
from .replanning import ReplanResultSerializer, ReplanSerializer, YearChangeSerializer

TAG = gettext_lazy("规划与进度")
_GROUNDS = {"reason": "新建校舍推迟到明年交付", "document_number": "批准调整的文件文号"}
CHANGES = OpenApiExample(
    "changes", value={"changes": {"500151": 2027}, **_GROUNDS}, request_only=True
)
YEAR_CHANGE = OpenApiExample("year", value={"year": 2028, **_GROUNDS}, request_only=True)


class PhaseSerializer(serializers.Serializer):
    name = serializers.CharField()
    english_name = InEnglish("name")
    start_year = serializers.IntegerField()
    end_year = serializers.IntegerField()
    target = serializers.IntegerField()
    cumulative_target = serializers.IntegerField()


class PhaseResource(mixins.ListModelMixin, Resource):
    permission_classes = [PUBLIC_READ]
    serializer_class = PhaseSerializer
    queryset = Phase.objects.all()
    cursor_key = "start_year"
    table_name = "phases"
    tag = TAG
    texts = {"list": gettext_lazy("规划的三个阶段和目标数。")}


class PlanVersionSerializer(serializers.ModelSerializer):
    based_on = serializers.IntegerField(source="based_on.number", allow_null=True, default=None)

    class Meta:
        model = PlanVersion
        fields = (
            "number",
            "title",
            "document_number",
            "source",
            "source_note",
            "checked_on",
            "reason",
            "based_on",
            "published_on",
            "published_at",
        )


class PlanVersionResource(mixins.ListModelMixin, Resource):
    permission_classes = [PUBLIC_READ]
    serializer_class = PlanVersionSerializer
    queryset = PlanVersion.objects.select_related("based_on")
    past = staticmethod(versions_known)
    cursor_key = "-number"
    table_name = "plan-versions"
    tag = TAG
    texts = {"list": gettext_lazy("规划的各个版本，最新的在前。")}


class PlanEntrySerializer(serializers.ModelSerializer):
    version = serializers.IntegerField(source="version.number")
    district = serializers.CharField(source="district.code")
    district_name = serializers.CharField(source="district.name")
    region = serializers.CharField(source="district.region")
    phase = serializers.SerializerMethodField()

    class Meta:
        model = PlannedCertification
        fields = ("version", "district", "district_name", "region", "year", "phase")

    def get_phase(self, entry: PlannedCertification) -> str | None:
        phase = progress.phase_of(self.context["phases"], entry.year)
        return phase.name if phase else None


class PlanFilter(FilterSet):
    year = YearFilter("year")
    district = UnitFilter("district__code")
    region = CharFilter("district__region", validators=[one_of(regions)])
    phase = CharFilter(method="of_phase", validators=[one_of(phase_names)])

    def of_phase(self, entries: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        phase = Phase.objects.get(name=value)
        return entries.filter(year__range=(phase.start_year, phase.end_year))


class VersionParameters(serializers.Serializer):
    version = NumberParameter(
        required=False,
        min_value=1,
        max_value=9999,
        help_text=gettext_lazy("规划的版本号；不写就是最新一版。"),
    )


class DryRunParameters(serializers.Serializer):
    dry_run = serializers.BooleanField(
        required=False, help_text=gettext_lazy("true 表示只试算影响，什么也不保存。")
    )


def tag_of(entry: PlannedCertification) -> str:
    """Changes with every new version of the plan."""
    return fingerprint(entry, "year", extra=(entry.district.name, str(entry.version.number)))


class PlanResource(TaggedResource):
    permission_classes = [
        allow(read="public", write=[Role.MANAGER], scope="write:plan", citywide=True)
    ]
    serializer_class = PlanEntrySerializer
    queryset = PlannedCertification.objects.select_related("version", "district")
    filterset_class = PlanFilter
    tag_of = staticmethod(tag_of)
    past = staticmethod(entries_known)
    cursor_key = "district__code"
    lookup_field = "district__code"
    lookup_url_kwarg = "district"
    lookup_value_regex = "[0-9A-Z]{1,12}"
    samples = {"district": "500151"}
    table_name = "schedule"
    tag = TAG
    texts = {
        "list": gettext_lazy("各单位的规划年份。"),
        "retrieve": gettext_lazy("一个单位的规划年份。"),
        "create": gettext_lazy("调整规划：发布新的一版，或用 dry_run 只看影响。原有版本不变。"),
        "partial_update": gettext_lazy("调整一个单位的规划年份：发布新的一版。"),
    }

    @property
    def parameters_class(self) -> type[serializers.Serializer]:  # type: ignore[override]
        is_reading = self.action in ("list", "retrieve")
        return VersionParameters if is_reading else DryRunParameters

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset.filter(version=self._version()))

    def _version(self) -> PlanVersion | None:
        number = self.parameters().get("version") if self.request.method == "GET" else None
        if number is None:
            return newest_known(self.known_on) if self.known_on else plans.latest_version()
        version = PlanVersion.objects.filter(number=number).first()
        if version is None:
            raise BadParameters({"version": _("没有第 %s 版规划。") % number})
        return version

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "phases": SimpleLazyObject(phase_goals)}

    @extend_schema(
        request=ReplanSerializer,
        responses={200: ReplanResultSerializer, 201: ReplanResultSerializer},
        examples=[CHANGES],
    )
    def create(self, request: Request) -> Response:
        try:
            return self._replan(**self.body(ReplanSerializer))
        except plans.UnusableChanges as refusal:
            # Several units may be wrong at once: each sentence points at its own member.
            if "changes" in request.data:
                refusal.fields = {f"changes/{code}": no for code, no in refusal.by_unit.items()}
            raise

    @extend_schema(
        examples=[YEAR_CHANGE],
        request=YearChangeSerializer,
        responses={200: ReplanResultSerializer, 201: ReplanResultSerializer},
    )
    def partial_update(self, request: Request, district: str) -> Response:
        entry = self.get_object()
        seen = seen_tag(request, tag_of(entry))
        if seen is not None and seen != tag_of(entry):
            raise Stale(_("第 %s 版规划已发布；请取回最新内容再改。") % entry.version.number)
        asked = self.body(YearChangeSerializer)
        changes = {entry.district.code: asked.pop("year")}
        return self._replan(changes, **asked, expected=entry.version.number)

    def _replan(
        self,
        changes: Mapping[str, int],
        reason: str = "",
        document_number: str = "",
        expected: int | None = None,
    ) -> Response:
        if self.parameters().get("dry_run"):
            return Response(_result(None, plans.preview(changes=changes)))
        version = plans.replan(
            changes=changes,
            reason=reason,
            document_number=document_number,
            by=self.request.user,
            expected_version=expected,
        )
        address = reverse("schedule-list", request=self.request)
        return Response(
            _result(version.number, plans.impact_of(version)),
            status=201,
            headers={"Location": f"{address}?version={version.number}"},
        )


def _result(version: int | None, impact: Impact | None) -> Any:
    return ReplanResultSerializer({"version": version, "impact": impact}).data
