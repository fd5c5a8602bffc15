"""Scenarios over REST: thought of, read, changed, and the ordinary outcome of each."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from improvement.models import Scenario
from improvement.services import scenarios
from improvement.services.comparing import outcome_of
from indicators.api.outcome import OutcomeSerializer
from rest.serializers import OneOfField, StrictSerializer
from rest.views import seen_tag, with_tag
from selfchecks.api.found import SelfCheckRows, SelfCheckView, self_check_of, writing

GROWTH = {"change": "growth", "stage": "primary", "percent": "-3"}
THINKING = OpenApiExample(
    "thinking", value={"name": "明年小学生减少", "changes": [GROWTH]}, request_only=True
)
ARCHIVING = OpenApiExample("archiving", value={"step": "archive"}, request_only=True)
CHANGING = OpenApiExample("changing", value={"note": "按学龄人口预测"}, request_only=True)


class ScenarioSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="author.display_name", help_text=_("建立它的人。"))
    changes = serializers.ListField(
        child=serializers.DictField(),
        help_text=_("依次做的改动；change 说明是哪一种，其余各项因种类而异。"),
    )

    class Meta:
        model = Scenario
        fields = ("number", "name", "note", "author", "created_at", "changes", "archived_at")


class ScenarioChangesSerializer(StrictSerializer):
    """What is not said stays as it is."""

    name = serializers.CharField(required=False, max_length=60, help_text=_("名称"))
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text=_("说明")
    )
    changes = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        help_text=_("全部改动，依次做；不是在原有的后面再加。"),
    )


class NewScenarioSerializer(ScenarioChangesSerializer):
    name = serializers.CharField(max_length=60, help_text=_("名称"))


class ScenarioStepSerializer(StrictSerializer):
    step = OneOfField(
        choices=scenarios.STEPS,
        help_text=_("duplicate 复制一份，archive 归档，restore 恢复使用。"),
    )


class ScenarioStepsSerializer(serializers.Serializer):
    steps = serializers.ListField(
        child=serializers.ChoiceField(choices=scenarios.STEPS), help_text=_("您现在能办理的步骤。")
    )


class ScenarioResource(SelfCheckRows):
    model = Scenario
    related = ("author",)
    permission_classes = [writing(*scenarios.MAY_PLAN)]
    serializer_class = ScenarioSerializer
    lookup_field = "number"
    table_name = "scenarios"
    texts = {
        "list": _("假设方案，最近的在前；只供比较，不公开，不进报送的数据。"),
        "retrieve": _("一个假设方案和它的改动。"),
        "create": _("建立一个假设方案；改动在现有数据上做不了时应答 422，逐项说明。"),
        "partial_update": _("修改一个假设方案；If-Match 里写取回它时的 ETag。"),
    }

    @extend_schema(
        examples=[THINKING], request=NewScenarioSerializer, responses={201: ScenarioSerializer}
    )
    def create(self, request: Request, reference: str) -> Response:
        self_check = self_check_of(request.user, reference)
        said = self.body(NewScenarioSerializer)
        made = scenarios.create(self_check=self_check, by=request.user, **said)
        address = reverse("self-check-scenario", [reference, made.number], request=request)
        return _answer(made, status=201, Location=address)

    def retrieve(self, request: Request, **_address: Any) -> Response:
        return self.chosen(_answer(self.get_object()))

    @extend_schema(
        examples=[CHANGING], request=ScenarioChangesSerializer, responses={200: ScenarioSerializer}
    )
    def partial_update(self, request: Request, **_address: Any) -> Response:
        scenario = self.get_object()
        seen = seen_tag(request, scenarios.tag_of(scenario))
        said = self.body(ScenarioChangesSerializer)
        changed = scenarios.change(scenario=scenario, by=request.user, expected=seen, **said)
        return _answer(changed)


class ScenarioStepView(SelfCheckView):
    permission_classes = [writing(*scenarios.MAY_PLAN)]
    serializer_class = ScenarioSerializer
    needs_if_match = True
    texts = {
        "get": _("一个假设方案现在有哪些步骤可由您办理。"),
        "post": _("复制、归档或恢复使用一个假设方案；If-Match 里写取回它时的 ETag。"),
    }

    @extend_schema(responses={200: ScenarioStepsSerializer})
    def get(self, request: Request, reference: str, number: str) -> Response:
        scenario = scenario_of(request, reference, number)
        return _tagged(scenario, {"steps": scenarios.open_steps(scenario, request.user)})

    @extend_schema(
        examples=[ARCHIVING], request=ScenarioStepSerializer, responses={200: ScenarioSerializer}
    )
    def post(self, request: Request, reference: str, number: str) -> Response:
        """A copy is answered as itself, with its own address."""
        scenario = scenario_of(request, reference, number)
        seen = seen_tag(request, scenarios.tag_of(scenario))
        step = getattr(scenarios, self.body(ScenarioStepSerializer)["step"])
        done = step(scenario=scenario, by=request.user, expected=seen)
        address = reverse("self-check-scenario", [reference, done.number], request=request)
        return _answer(done, Location=address)


class ScenarioEvaluationView(SelfCheckView):
    serializer_class = OutcomeSerializer
    texts = {"get": _("假设方案的测算结果，和正式数据用同一套判定；没有改动时指纹也相同。")}

    @extend_schema(responses={200: OutcomeSerializer})
    def get(self, request: Request, reference: str, number: str) -> Response:
        return Response(outcome_of(scenario_of(request, reference, number)).as_dict())


def scenario_of(request: Request, reference: str, number: str) -> Scenario:
    """Raises Http404 for somebody else's."""
    self_check = self_check_of(request.user, reference)
    rows = Scenario.objects.select_related("author", "self_check__district", "self_check__standard")
    found: Scenario = rows.get_visible(request.user, self_check=self_check, number=int(number))
    return found


def _answer(scenario: Scenario, status: int = 200, **headers: str) -> Response:
    return _tagged(scenario, ScenarioSerializer(scenario).data, status, **headers)


def _tagged(scenario: Scenario, data: Any, status: int = 200, **headers: str) -> Response:
    return with_tag(scenarios.tag_of(scenario), data, status, **headers)
