"""Plans over REST: worked out for figures that are sent, or kept for a self-check and adopted."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from audit.reasons import LONGEST_REASON
from audit.refusals import Unusable
from districts.roles import Role
from improvement.api.answer import PlanAnswerSerializer, PlanSerializer, WholePlanSerializer
from improvement.models import Kind, Plan, State
from improvement.planner.plan import CHEAPEST, PLANNERS, make_plan
from improvement.services import planning
from improvement.services.scenarios import MAY_PLAN
from indicators import examples
from indicators.api.evaluating import FiguresSerializer, asked_rules
from indicators.calculation.problems import UnusableInput
from indicators.refusals import UnusableFigures
from rest.permissions import SCOPE_LACKS, ClientThrottle, allow
from rest.serializers import OneOfField, StrictSerializer
from rest.views import ApiView, seen_tag, tagged
from selfchecks.api.found import (
    REFERENCE,
    SAMPLES,
    TAG,
    SelfCheckRows,
    SelfCheckView,
    self_check_of,
    writing,
)
from selfchecks.demo import RETURNED

SCOPE = "write:selfcheck"
MOST_SCHOOLS = 500
PRICES = {"A1": 95000, "A2": 18000, "A3": 98000, "A4": 3200, "A5": 460, "A6": 1, "A7": 55000}
ASKING = OpenApiExample(
    "figures",
    value={"standard": "2017", "schools": [examples.SCHOOLS[0]], "prices": PRICES},
    request_only=True,
)
MAKING = OpenApiExample("making", value={"kind": CHEAPEST}, request_only=True)
ADOPTING = OpenApiExample("adopting", value={"step": "adopt"}, request_only=True)


class PlanThrottle(ClientThrottle):
    """A plan takes seconds of a processor."""

    scope = "plan"


class WishesSerializer(StrictSerializer):
    kind = OneOfField(
        choices=Kind.choices,
        required=False,
        help_text=_("方案种类；不写是最省。"),
    )
    budget = serializers.JSONField(required=False, help_text=_("预算，元；种类是 budget 时要写。"))
    years = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        help_text=_("各年的在校生数和预算；种类是 years 时要写。"),
    )


class PlanRequestSerializer(FiguresSerializer, WishesSerializer):
    """Describes the body; the planner itself reads and checks it."""

    standard = serializers.CharField(required=False, help_text=_("标准版本的代码，如 2017.1。"))
    self_check = serializers.CharField(
        required=False, help_text=_("自查编号；写了就用它的数据和区县的单价，方案保存在它下面。")
    )
    prices = serializers.DictField(
        required=False, help_text=_("A1 到 A7 每提高一人、一平方米、一间或一元设备的单价，元。")
    )
    measures = serializers.ListField(
        child=serializers.DictField(), required=False, help_text=_("措施：代码、单价和提高的指标。")
    )
    caps = serializers.DictField(required=False, help_text=_("上限：学校、措施、至多多少。"))
    locked = serializers.DictField(required=False, help_text=_("已定的：学校、措施、至少多少。"))
    forbidden = serializers.DictField(required=False, help_text=_("不许的：学校和措施。"))
    note = serializers.CharField(required=False, help_text=_("备注，不起作用。"))


class NamedWishesSerializer(WishesSerializer):
    self_check = serializers.RegexField(f"^{REFERENCE}$", help_text=_("自查编号。"))


class PlanStepSerializer(StrictSerializer):
    step = OneOfField(
        choices=planning.STEPS,
        help_text=_(
            "adopt 采用，take_back 收回采用（都由审签人），stop 停止计算，restart 重新计算。"
        ),
    )
    reason = serializers.CharField(
        required=False, help_text=_("收回采用的原因；别的步骤不用写。"), max_length=LONGEST_REASON
    )


class PlanStepsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=State.choices)
    steps = serializers.ListField(
        child=serializers.ChoiceField(choices=planning.STEPS), help_text=_("您现在能办理的步骤。")
    )


class PlanView(ApiView):
    permission_classes = [allow(read="signed-in", write=list(Role), scope="read")]
    throttle_classes = [ClientThrottle, PlanThrottle]
    serializer_class = PlanAnswerSerializer
    tag = TAG
    texts = {"post": _("求最省的增配方案，什么也不保存；写了自查编号的，保存在它下面。")}

    @extend_schema(
        examples=[ASKING],
        request=PlanRequestSerializer,
        responses={200: PlanAnswerSerializer, 201: WholePlanSerializer},
    )
    def post(self, request: Request) -> Response:
        if isinstance(request.data, dict) and "self_check" in request.data:
            return self._kept(request)
        given = dict(request.data) if isinstance(request.data, dict) else request.data
        kind = given.pop("kind", CHEAPEST) if isinstance(given, dict) else CHEAPEST
        _refuse_unfit(given, kind)
        try:
            plan = make_plan(given, asked_rules(given, request.user), kind, planning.QUICK)
        except UnusableInput as refusal:
            raise UnusableFigures(refusal) from refusal
        return Response(plan.as_dict())

    def _kept(self, request: Request) -> Response:
        if SCOPE not in getattr(request.auth, "scopes", [SCOPE]):  # a session has them all
            raise PermissionDenied(SCOPE_LACKS % SCOPE, "scope")
        said = self.body(NamedWishesSerializer)
        return _made(request, said.pop("self_check"), said)


class PlanResource(SelfCheckRows):
    model = Plan
    related = ("made_by", "adopted_by", "scenario", "self_check__district", "self_check__standard")
    permission_classes = [writing(*MAY_PLAN)]
    serializer_class = PlanSerializer
    lookup_field = "number"
    table_name = "plans"
    texts = {
        "list": _("增配方案，最近的在前；不公开。"),
        "retrieve": _("一个增配方案的全文；正在计算的是目前最好的。"),
        "create": _("按现有数据、单价和条件制作一个增配方案；两秒算不完的接着在后台计算。"),
    }

    def get_throttles(self) -> list[Any]:
        return [ClientThrottle(), *([PlanThrottle()] if self.action == "create" else [])]

    def get_queryset(self) -> QuerySet[Plan]:
        rows: QuerySet[Plan] = super().get_queryset()
        return rows if self.action == "retrieve" else rows.defer("result", "terms")

    @extend_schema(responses={200: WholePlanSerializer})
    def retrieve(self, request: Request, **_address: Any) -> Response:
        return self.chosen(_answer(self.get_object()))

    @extend_schema(
        examples=[MAKING], request=WishesSerializer, responses={201: WholePlanSerializer}
    )
    def create(self, request: Request, reference: str) -> Response:
        return _made(request, reference, self.body(WishesSerializer))


class PlanStepView(SelfCheckView):
    permission_classes = [writing(*MAY_PLAN)]
    serializer_class = WholePlanSerializer
    samples = {**SAMPLES, "account": f"signatory_{RETURNED}"}
    needs_if_match = True
    texts = {
        "get": _("一个增配方案现在有哪些步骤可由您办理。"),
        "post": _("采用一个增配方案或收回采用，或者停止、重新计算；If-Match 里写取回它时的 ETag。"),
    }

    @extend_schema(responses={200: PlanStepsSerializer})
    def get(self, request: Request, reference: str, number: str) -> Response:
        plan = plan_of(request, reference, number)
        steps = planning.open_steps(plan, request.user)
        return tagged(planning.tag_of(plan), {"state": plan.state, "steps": steps})

    @extend_schema(
        examples=[ADOPTING], request=PlanStepSerializer, responses={200: WholePlanSerializer}
    )
    def post(self, request: Request, reference: str, number: str) -> Response:
        plan = plan_of(request, reference, number)
        seen = seen_tag(request, planning.tag_of(plan))
        said = self.body(PlanStepSerializer)
        step = getattr(planning, said["step"])
        reason = {"reason": said.get("reason", "")} if said["step"] == "take_back" else {}
        return _answer(step(plan=plan, by=request.user, expected=seen, **reason))


def plan_of(request: Request, reference: str, number: str) -> Plan:
    """The plan of an address. Raises Http404 for somebody else's."""
    self_check = self_check_of(request.user, reference)
    rows = Plan.objects.select_related(*PlanResource.related)
    found: Plan = rows.get_visible(request.user, self_check=self_check, number=int(number))
    return found


def _refuse_unfit(given: Any, kind: Any) -> None:
    """What takes too long for a request, and kinds there are none of."""
    faults = {}
    if not isinstance(kind, str) or kind not in PLANNERS:
        faults["kind"] = _("没有这种增配方案；可用的有 %s。") % ", ".join(PLANNERS)
    schools = given.get("schools") if isinstance(given, dict) else None
    if isinstance(schools, list) and len(schools) > MOST_SCHOOLS:
        faults["schools"] = _("一次最多 %s 所学校。") % MOST_SCHOOLS
    Unusable.check(faults)


def _made(request: Request, reference: str, said: dict[str, Any]) -> Response:
    self_check = self_check_of(request.user, reference)
    kind = said.pop("kind", CHEAPEST)
    plan = planning.make(self_check=self_check, kind=kind, wishes=said, by=request.user)
    plan.refresh_from_db()  # PostgreSQL keeps members in an order of its own; the tag tells it
    address = reverse("self-check-plan", [reference, plan.number], request=request)
    return _answer(plan, status=201, Location=address)


def _answer(plan: Plan, status: int = 200, **headers: str) -> Response:
    return tagged(planning.tag_of(plan), WholePlanSerializer(plan).data, status, **headers)
