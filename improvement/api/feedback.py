"""Messages of the public over REST, for those in charge: read, taken a step further, set aside.

Nobody sends one here: what keeps machines out of the form cannot hold over REST.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitField, UnitFilter
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES
from improvement.models import Feedback, FeedbackState
from improvement.models.feedback import MOST
from improvement.services import feedback, feedback_bulk
from improvement.voices.feedback_steps import CITY, STEPS
from rest.filters import OneOfFilter
from rest.permissions import allow
from rest.serializers import DryRunParameters, OneOfField, StrictSerializer, WholeNumberField
from rest.views import ApiView, TaggedResource, seen_tag, with_tag
from selfchecks.step import Edge

TAG = _("公众反映")
READERS = (*DISTRICT_ROLES, *MUNICIPAL_ROLES)
WRITING = allow(read=READERS, write=(*DISTRICT_ROLES, *CITY), scope="write:selfcheck")
NAMES = [(step.name, step.label) for step in STEPS]
TAKEN = OpenApiExample(
    "reopen", value={"step": "reopen", "reason": "演示：反映人补充了材料"}, request_only=True
)
ASIDE = OpenApiExample(
    "aside", value={"ids": [2], "reason": "演示：同样的内容发了多次"}, request_only=True
)


class FeedbackSerializer(serializers.ModelSerializer):
    """Who sent it stays in the admin of those in charge: neither name nor contact."""

    district = serializers.CharField(
        source="district.code",
        allow_null=True,
        default=None,
        help_text=_("说的是哪个区县；没有写为空。"),
    )
    passed_to = serializers.CharField(
        source="passed_to.code",
        allow_null=True,
        default=None,
        help_text=_("转给哪个区县；没有转为空。"),
    )
    problem = serializers.IntegerField(
        source="problem_id", allow_null=True, help_text=_("列入问题台账的编号；没有列入为空。")
    )

    class Meta:
        model = Feedback
        fields = (
            *("id", "district", "page", "text", "state", "received_at", "changed_at"),
            *("passed_to", "reply", "answer", "answered_at", "reason", "published_text"),
            *("problem", "erased_at", "is_demo"),
        )
        read_only_fields = fields


def _text(label: Any, most: int = MOST) -> serializers.CharField:
    return serializers.CharField(required=False, max_length=most, help_text=label)


class FeedbackStepSerializer(StrictSerializer):
    """Each step asks for its own; what it does not ask for is not kept."""

    step = OneOfField(choices=NAMES, help_text=_("步骤的代码；GET 列出您现在能办理的和要写什么。"))
    passed_to = UnitField(required=False, help_text=_("转办或列入台账时写：区县代码。"))
    reply = _text(_("区县回复时写：办理情况。"))
    reason = _text(_("收回、不予办理、取消公开、重新办理时写：原因。"), 1000)
    words = _text(_("列入问题台账时写：问题，不写反映人。"))
    indicator = _text(_("列入问题台账时可写：有关指标的代码。"), 8)
    answer = _text(_("答复时写：答复。"))
    published_text = _text(_("公开时写：公开的内容，去掉能认出人的。"))


class FeedbackOfferSerializer(serializers.Serializer):
    step = serializers.ChoiceField(source="name", choices=NAMES, help_text=_("步骤的代码。"))
    label = serializers.CharField(help_text=_("步骤"))
    needs = serializers.SerializerMethodField(help_text=_("必须写的项。"))

    def get_needs(self, edge: Edge) -> list[str]:
        return [*edge.needs, *(("reason",) if edge.needs_comment else ())]


class FeedbackStepsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=FeedbackState.choices)
    steps = FeedbackOfferSerializer(many=True, help_text=_("您现在能办理的步骤。"))


class FeedbackFilter(FilterSet):
    state = OneOfFilter(field_name="state", choices=FeedbackState.choices)
    district = UnitFilter("district__code", help_text=_("说的是哪个区县。"))
    passed_to = UnitFilter("passed_to__code", help_text=_("转给哪个区县。"))


class FeedbackResource(TaggedResource):
    permission_classes = [WRITING]
    serializer_class = FeedbackSerializer
    filterset_class = FeedbackFilter
    queryset = Feedback.objects.select_related("district", "passed_to")
    tag_of = staticmethod(feedback.tag_of)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    table_name = "feedback"
    tag = TAG
    texts = {
        "list": _("公众反映，最近收到的在前；区县只看得到转给它的。"),
        "retrieve": _("一条公众反映。"),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)


class FeedbackStepView(ApiView):
    permission_classes = [WRITING]
    serializer_class = FeedbackSerializer
    needs_if_match = True
    samples = {"id": "3"}  # of the demonstration's messages the one that was set aside
    tag = TAG
    texts = {
        "get": _("一条公众反映现在有哪些步骤可由您办理，各要写什么。"),
        "post": _("受理、转办、回复、答复、不予办理等一步；If-Match 里写取回它时的 ETag。"),
    }

    @extend_schema(responses={200: FeedbackStepsSerializer})
    def get(self, request: Request, pk: str) -> Response:
        row = self._found(request, pk)
        told = {"state": row.state, "steps": feedback.open_steps(row, request.user)}
        return with_tag(feedback.tag_of(row), FeedbackStepsSerializer(told).data)

    @extend_schema(
        examples=[TAKEN], request=FeedbackStepSerializer, responses={200: FeedbackSerializer}
    )
    def post(self, request: Request, pk: str) -> Response:
        row = self._found(request, pk)
        seen = seen_tag(request, feedback.tag_of(row))
        said = self.body(FeedbackStepSerializer)
        done = feedback.take_step(feedback=row, by=request.user, expected=seen, **said)
        data = FeedbackSerializer(done).data
        return with_tag(feedback.tag_of(done), data)

    @staticmethod
    def _found(request: Request, pk: str) -> Feedback:
        rows = Feedback.objects.select_related("district", "passed_to")
        found: Feedback = rows.get_visible(request.user, pk=int(pk))
        return found


class SettingAsideSerializer(StrictSerializer):
    ids = serializers.ListField(
        child=WholeNumberField(
            min_value=1,
            max_value=2_147_483_647,
            error_messages={"max_value": _("没有这么大的编号；请写公众反映的编号。")},
        ),
        min_length=1,
        max_length=feedback_bulk.MOST,
        help_text=_("公众反映的编号。"),
    )
    reason = serializers.CharField(max_length=1000, help_text=_("原因；每位反映人都看得到。"))
    seen = serializers.CharField(
        required=False,
        max_length=32,
        help_text=_("预览应答里的 tag；此后有变化时应答 412，一条也不办。"),
    )


class SetAsideSerializer(serializers.Serializer):
    done = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("不予办理的编号；预览时是将不予办理的。")
    )
    left = serializers.ListField(
        child=serializers.IntegerField(), help_text=_("已在办理或办结、不变的编号。")
    )
    tag = serializers.CharField(help_text=_("预览的标记，放进 seen。"))


class SetAsideView(ApiView):
    permission_classes = [allow(read=CITY, write=CITY, scope="write:selfcheck", citywide=True)]
    serializer_class = SetAsideSerializer
    parameters_class = DryRunParameters
    tag = TAG
    texts = {"post": _("一次不予办理多条公众反映，或用 dry_run 先看是哪些；最多 200 条。")}

    @extend_schema(
        examples=[ASIDE], request=SettingAsideSerializer, responses={200: SetAsideSerializer}
    )
    def post(self, request: Request) -> Response:
        said = self.body(SettingAsideSerializer)
        keys, found = said["ids"], feedback_bulk.foresee(said["ids"], request.user)
        if not self.parameters().get("dry_run"):
            asked = {"reason": said["reason"], "expected": said.get("seen", "")}
            feedback_bulk.set_aside(keys=keys, by=request.user, **asked)
        done, left = ([row.pk for row in rows] for rows in (found.open, found.left))
        return Response({"done": done, "left": left, "tag": found.tag})
