"""School plans over REST: begun, listed, read with their measures, taken a step further."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitFilter
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES, Role
from districts.services.calendar import working_days
from improvement.api.measure_shapes import SchoolPlanSerializer, WholeSchoolPlanSerializer
from improvement.api.offers import StepOfferSerializer
from improvement.models import Measure, SchoolPlan, Stage
from improvement.school_plans.page import PlanLine, with_measures
from improvement.school_plans.workflow import OPEN_STEPS
from improvement.services import school_plans, seeding
from improvement.services.scenarios import MAY_PLAN
from rest.filters import FlagFilter, OneOfFilter, YearFilter
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer, WholeNumberField
from rest.views import ApiView, TaggedResource, seen_tag, tagged
from selfchecks import clock
from selfchecks.api.found import SelfCheckView, self_check_of, writing

TAG = _("一校一策")
READERS = (*DISTRICT_ROLES, *MUNICIPAL_ROLES, Role.CLIENT)
STEPS = [(step.name, step.label) for step in OPEN_STEPS]
RELATED = ("self_check__district", "plan", "approved_by")
UNIT = "500243"  # the demonstration's first school plan is its
SAMPLES = {"id": "1", "number": "1", "account": f"officer_{UNIT}"}
BEGINNING = OpenApiExample("beginning", value={"plan": 1}, request_only=True)
TAKEN = OpenApiExample("taken", value={"step": "send"}, request_only=True)


def acting(*roles: str) -> Any:
    """School plans are read by the district and the city, and written by these."""
    return allow(read=READERS, write=roles, scope="write:selfcheck")


def rows_of(viewer: Any) -> Any:
    rows = SchoolPlan.objects.visible_to(viewer)
    return rows.select_related(*RELATED)


def plan_of(viewer: Any, pk: str) -> SchoolPlan:
    """Raises Http404 for somebody else's."""
    found: SchoolPlan = rows_of(viewer).get_visible(viewer, pk=int(pk))
    return found


def version_seen(request: Request, plan: SchoolPlan) -> int | None:
    """For the service to compare; None for any. A tag of another state is a version never was."""
    seen = seen_tag(request, _tag_of(plan))
    return None if seen is None else plan.version if seen else 0


def tagged_as(plan: SchoolPlan, data: Any, status: int = 200, **headers: str) -> Response:
    return tagged(_tag_of(plan), data, status, **headers)


def _tag_of(plan: SchoolPlan) -> str:
    return f"{plan.pk}-{plan.version}"


def _shown(plan: SchoolPlan) -> Response:
    rows = with_measures(SchoolPlan.objects.filter(pk=plan.pk).select_related(*RELATED))
    (fresh,) = _lined([*rows])
    return tagged_as(fresh, WholeSchoolPlanSerializer(fresh).data)


def _lined(rows: list[SchoolPlan]) -> list[SchoolPlan]:
    """The rows with what their measures come to."""
    calendar = working_days()
    for row in rows:
        row.line = PlanLine(row, row.measures.all(), calendar)  # type: ignore[attr-defined]
    return rows


class SchoolPlanFilter(FilterSet):
    district = UnitFilter("self_check__district__code", help_text=_("区县代码。"))
    year = YearFilter("self_check__year", help_text=_("年度。"))
    state = OneOfFilter(field_name="state", choices=Stage.choices)
    school = CharFilter("school_code", max_length=10, help_text=_("学校标识码。"))
    late = FlagFilter(method="by_late", label=_("有逾期措施"))

    def by_late(self, rows: Any, _name: str, value: bool) -> Any:
        late = Measure.objects.late(timezone.localdate(clock.now())).values("school_plan")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class SchoolPlanResource(TaggedResource):
    permission_classes = [acting()]
    serializer_class = SchoolPlanSerializer
    filterset_class = SchoolPlanFilter
    queryset = SchoolPlan.objects.none()
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = SAMPLES
    table_name = "school-plans"
    tag = TAG
    texts = {
        "list": _("一校一策，最近建立的在前；市级账号看得到批准过的。"),
        "retrieve": _("一所学校的一校一策：各项措施、完成情况和办理记录。"),
    }

    def get_queryset(self) -> Any:
        return with_measures(rows_of(self.request.user))

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        return _lined(super().paginate_queryset(queryset))

    @extend_schema(responses={200: WholeSchoolPlanSerializer})
    def retrieve(self, request: Request, **_address: Any) -> Response:
        return self.chosen(_shown(self.get_object()))


class SchoolPlanStepSerializer(StrictSerializer):
    step = OneOfField(
        choices=STEPS,
        help_text=_("send 送审批，recall 撤回送审，approve 批准，send_back 退回修改。"),
    )
    comment = serializers.CharField(
        required=False, max_length=2000, help_text=_("意见或原因；退回修改时要写。")
    )


class SchoolPlanStepsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Stage.choices)
    steps = StepOfferSerializer(many=True)


class SchoolPlanStepView(ApiView):
    permission_classes = [acting(*MAY_PLAN)]
    serializer_class = WholeSchoolPlanSerializer
    needs_if_match = True
    samples = SAMPLES
    tag = TAG
    texts = {
        "get": _("一份一校一策现在有哪些步骤，哪些可由您办理，其余为什么不能。"),
        "post": _("办理一步；If-Match 里写取回一校一策时的 ETag。"),
    }

    @extend_schema(responses={200: SchoolPlanStepsSerializer})
    def get(self, request: Request, pk: str) -> Response:
        plan = plan_of(request.user, pk)
        steps = school_plans.open_steps(plan, request.user)
        return tagged_as(
            plan, SchoolPlanStepsSerializer({"state": plan.state, "steps": steps}).data
        )

    @extend_schema(
        examples=[TAKEN],
        request=SchoolPlanStepSerializer,
        responses={200: WholeSchoolPlanSerializer},
    )
    def post(self, request: Request, pk: str) -> Response:
        plan = plan_of(request.user, pk)
        seen = version_seen(request, plan)
        said = self.body(SchoolPlanStepSerializer)
        about = {"school_plan": plan, "by": request.user, "expected": seen}
        return _shown(school_plans.take_step(**about, **said))


class BeginningSerializer(StrictSerializer):
    plan = WholeNumberField(min_value=1, help_text=_("已采用的增配方案的序号。"))
    days = serializers.ListField(
        child=serializers.DateField(),
        required=False,
        help_text=_("分年方案各年措施的完成期限，每年一天；不写的是年底。"),
    )


class BegunSerializer(serializers.Serializer):
    school_plans = SchoolPlanSerializer(many=True, help_text=_("新建立的一校一策。"))


class BeginView(SelfCheckView):
    """What the adopted plan adds in each school becomes its measures."""

    permission_classes = [writing(*MAY_PLAN)]
    serializer_class = BegunSerializer
    texts = {"post": _("按已采用的增配方案，为还没有一校一策的学校各建立一份。")}

    @extend_schema(
        examples=[BEGINNING], request=BeginningSerializer, responses={201: BegunSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        self_check = self_check_of(request.user, reference)
        said = self.body(BeginningSerializer)
        seen, days = said["plan"], said.get("days", ())
        about: dict[str, Any] = {"self_check": self_check, "by": request.user}
        begun = seeding.take_over(**about, expected=seen, days=days)
        keys = [each.pk for each in begun]
        rows = with_measures(rows_of(request.user).filter(pk__in=keys)).order_by("pk")
        data = BegunSerializer({"school_plans": _lined(list(rows))}).data
        return Response(data, status=201)
