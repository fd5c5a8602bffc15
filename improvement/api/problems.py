"""The problem ledger over REST: listed, read with its history, arranged, taken a step further."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES, Role
from improvement.api.offers import StepOfferSerializer
from improvement.ledger.filters import ProblemFilter
from improvement.ledger.steps import BY_PEOPLE
from improvement.models import Problem, ProblemEntry
from improvement.models.ledger import State
from improvement.services import ledger_acts as acts
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer
from rest.views import ApiView, TaggedResource, seen_tag, with_tag

TAG = _("问题台账")
READERS = (*DISTRICT_ROLES, *MUNICIPAL_ROLES, Role.CLIENT)
WRITING = allow(read=READERS, write=acts.MAY_ARRANGE, scope="write:selfcheck")
STEPS = [(step.name, step.label) for step in BY_PEOPLE]
SAMPLES = {"id": "1", "account": "inspector"}  # of the demonstration's problems the first
ARRANGED = OpenApiExample(
    "arranged",
    value={"owner": "演示：基础教育科", "due_on": "2027-12-31", "comment": "演示：与工期一致"},
    request_only=True,
)
TAKEN = OpenApiExample(
    "taken", value={"step": "void", "comment": "演示：重复登记"}, request_only=True
)


# A generator orders types by name: this one comes after the ProblemStateEnum it needs.
class ProblemTrailSerializer(serializers.ModelSerializer):
    changes = serializers.DictField(help_text=_("改动的项目：原来的和现在的。"))

    class Meta:
        model = ProblemEntry
        fields = (
            *("step", "from_state", "to_state", "actor_name", "taken_at", "comment", "changes"),
        )


class LedgerProblemSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code", help_text=_("区县代码。"))
    kind = serializers.CharField(help_text=_("销号依据"))
    stage = serializers.CharField(help_text=_("学段；不分学段，为空。"))
    words = serializers.CharField(source="told", help_text=_("哪里不达标、缺什么。"))
    late = serializers.BooleanField(help_text=_("过了整改期限，还没有申请销号。"))

    class Meta:
        model = Problem
        fields: tuple[str, ...] = (
            *("id", "district", "source", "kind", "indicator", "stage", "school_code"),
            *("school_name", "words", "found", "required", "gap", "unit", "state", "late"),
            *("owner", "due_on", "measures", "raised_at", "changed_at"),
        )


class WholeLedgerProblemSerializer(LedgerProblemSerializer):
    history = ProblemTrailSerializer(
        source="entries", many=True, help_text=_("整改记录，最早的在前。")
    )

    class Meta(LedgerProblemSerializer.Meta):
        fields = (*LedgerProblemSerializer.Meta.fields, "history")


class ArrangementSerializer(StrictSerializer):
    """What is not said stays as it is."""

    owner = serializers.CharField(
        required=False, allow_blank=True, max_length=acts.LONGEST_OWNER, help_text=_("责任人")
    )
    due_on = serializers.DateField(required=False, help_text=_("整改期限，今天或以后。"))
    measures = serializers.CharField(
        required=False, allow_blank=True, max_length=acts.LONGEST_COMMENT, help_text=_("整改措施")
    )
    comment = serializers.CharField(
        required=False,
        max_length=acts.LONGEST_COMMENT,
        help_text=_("改动的原因；改动已定的整改期限时要写。"),
    )


class ProblemStepSerializer(StrictSerializer):
    step = OneOfField(choices=STEPS)
    comment = serializers.CharField(
        required=False, max_length=acts.LONGEST_COMMENT, help_text=_("意见或原因。")
    )


class ProblemStepsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=State.choices)
    steps = StepOfferSerializer(many=True)


class ProblemResource(TaggedResource):
    permission_classes = [WRITING]
    serializer_class = LedgerProblemSerializer
    filterset_class = ProblemFilter
    queryset = Problem.objects.none()
    tag_of = staticmethod(acts.tag_of)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = SAMPLES
    table_name = "problems"
    tag = TAG
    texts = {
        "list": _("问题台账：自己区县的，市级账号看全市的；最近登记的在前。"),
        "retrieve": _("一个问题和它的整改记录。"),
        "partial_update": _("安排整改：责任人、整改期限、整改措施；If-Match 里写取回它时的 ETag。"),
    }

    def get_serializer_class(self) -> type[LedgerProblemSerializer]:
        return LedgerProblemSerializer if self.action == "list" else WholeLedgerProblemSerializer

    def get_queryset(self) -> Any:
        return Problem.objects.visible_to(self.request.user).select_related("district")

    @extend_schema(
        examples=[ARRANGED],
        request=ArrangementSerializer,
        responses={200: WholeLedgerProblemSerializer},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        seen = seen_tag(request, acts.tag_of(found))
        said = self.body(ArrangementSerializer)
        return self.answer(acts.arrange(problem=found, by=request.user, expected=seen, **said))


class ProblemStepView(ApiView):
    permission_classes = [WRITING]
    serializer_class = WholeLedgerProblemSerializer
    needs_if_match = True
    samples = SAMPLES
    tag = TAG
    texts = {
        "get": _("一个问题现在有哪些步骤，哪些可由您办理，其余为什么不能。"),
        "post": _("办理一步；If-Match 里写取回问题时的 ETag。"),
    }

    @extend_schema(responses={200: ProblemStepsSerializer})
    def get(self, request: Request, pk: str) -> Response:
        found = self._found(request, pk)
        steps = acts.open_steps(found, request.user)
        return _tagged(found, ProblemStepsSerializer({"state": found.state, "steps": steps}).data)

    @extend_schema(
        examples=[TAKEN],
        request=ProblemStepSerializer,
        responses={200: WholeLedgerProblemSerializer},
    )
    def post(self, request: Request, pk: str) -> Response:
        found = self._found(request, pk)
        seen = seen_tag(request, acts.tag_of(found))
        said = self.body(ProblemStepSerializer)
        done = acts.take_step(problem=found, by=request.user, expected=seen, **said)
        return _tagged(done, WholeLedgerProblemSerializer(done).data)

    @staticmethod
    def _found(request: Request, pk: str) -> Problem:
        rows = Problem.objects.select_related("district")
        found: Problem = rows.get_visible(request.user, pk=int(pk))
        return found


def _tagged(problem: Problem, data: Any) -> Response:
    return with_tag(acts.tag_of(problem), data)
