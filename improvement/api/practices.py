"""Practices over REST: read by everybody once published, written by the unit and by the city."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit.refusals import Unusable
from districts.api import UnitFilter
from districts.models import District
from improvement.models import Practice, PracticeState
from improvement.services import practices
from improvement.services.effects import Effect, effect_of, effects_of
from improvement.voices.practice_steps import STEP_NAMES, WRITERS
from indicators.services.rules import known_codes
from rest.filters import one_of
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer, WholeNumberField
from rest.views import ApiView, TaggedResource, seen_tag, with_tag
from selfchecks.demo import RETURNED

TAG = _("典型经验")
WRITING = allow(read="public", write=WRITERS, scope="write:selfcheck")
WRITTEN = OpenApiExample(
    "practice",
    value={
        "district": RETURNED,
        "title": "演示：片区联校教研",
        "problem": "骨干教师集中在城区，村小多年没有。",
        "measure": "六所学校编为一个片区，骨干教师每周在村小上两天课。",
        "indicators": ["A2"],
        "year_before": 2025,
        "year_after": 2026,
    },
    request_only=True,
)
CHANGED = OpenApiExample("changed", value={"title": "演示：片区走教"}, request_only=True)
TAKEN = OpenApiExample("taken", value={"step": "submit"}, request_only=True)


class PracticeYearSerializer(serializers.Serializer):
    """One of the two years, as its approved self-check says."""

    year = serializers.IntegerField()
    units = serializers.IntegerField(source="unit_count", help_text=_("参与测算的评估单元数，个。"))
    failing_units = serializers.IntegerField(
        source="failing_unit_count", help_text=_("其中不达标的，个。")
    )
    digest = serializers.CharField(help_text=_("所依据的测算结果的指纹。"))


class PracticeChangeSerializer(serializers.Serializer):
    indicator = serializers.CharField(help_text=_("指标代码；A 是资源配置各项合起来。"))
    stage = serializers.CharField(help_text=_("学段；判定不分学段，为空。"))
    before = serializers.CharField(help_text=_("做之前：判定或差异系数。"))
    after = serializers.CharField(help_text=_("做之后：判定或差异系数。"))


class PracticeEffectSerializer(serializers.Serializer):
    """Null members: that year has no approved self-check, so nothing is compared."""

    known = serializers.BooleanField(
        source="is_known", help_text=_("两个年度都有复核通过的自查；否则资料不足，不比较。")
    )
    before = PracticeYearSerializer(allow_null=True, help_text=_("做之前的年度。"))
    after = PracticeYearSerializer(allow_null=True, help_text=_("做之后的年度。"))
    verdicts = PracticeChangeSerializer(many=True, help_text=_("有关指标的判定。"))
    coefficients = PracticeChangeSerializer(
        many=True, help_text=_("有关指标的差异系数；只有本区县和市级看得到。")
    )


class PracticeSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code", help_text=_("区县代码。"))
    indicators = serializers.ListField(
        source="codes", child=serializers.CharField(), help_text=_("有关指标的代码。")
    )
    effect = serializers.SerializerMethodField(help_text=_("按两个年度复核通过的自查计算。"))

    class Meta:
        model = Practice
        fields = (
            "id",
            "district",
            *practices.FACTS,
            "state",
            "published_at",
            "changed_at",
            "is_demo",
            "effect",
        )

    @extend_schema_field(PracticeEffectSerializer)
    def get_effect(self, row: Practice) -> Any:
        known: dict[int, Effect] = self.context.get("effects", {})
        viewer = self.context["request"].user
        return PracticeEffectSerializer(known.get(row.pk) or effect_of(row, viewer)).data


class CodesField(serializers.ListField):
    """A list of codes, kept as one line."""

    child = serializers.CharField(max_length=8)

    def run_validation(self, data: Any = serializers.empty) -> str:
        return " ".join(super().run_validation(data))


class PracticeFactsSerializer(StrictSerializer):
    title = serializers.CharField(max_length=80)
    problem = serializers.CharField(max_length=1000, help_text=_("解决了什么问题。"))
    measure = serializers.CharField(max_length=4000, help_text=_("怎么做的。"))
    indicators = CodesField(min_length=1, max_length=20, help_text=_("有关指标的代码，如 A3。"))
    year_before = WholeNumberField(min_value=2000, max_value=2100, help_text=_("做之前的年度。"))
    year_after = WholeNumberField(min_value=2000, max_value=2100, help_text=_("做之后的年度。"))


class NewPracticeSerializer(PracticeFactsSerializer):
    district = serializers.CharField(max_length=12, help_text=_("区县代码。"))


class PracticeStepSerializer(StrictSerializer):
    step = OneOfField(
        choices=STEP_NAMES,
        help_text=_("submit 提交，return 退回，publish 发布，withdraw 撤下，revise 重新修改。"),
    )
    reason = serializers.CharField(
        required=False, max_length=1000, help_text=_("退回和撤下要写原因。")
    )


class PracticeStepsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=PracticeState.choices)
    steps = serializers.ListField(
        child=serializers.ChoiceField(choices=STEP_NAMES), help_text=_("您现在能办理的步骤。")
    )


class PracticeFilter(FilterSet):
    district = UnitFilter("district__code", help_text=_("区县代码。"))
    indicator = CharFilter(
        method="about", validators=[one_of(known_codes)], help_text=_("有关指标的代码。")
    )
    q = CharFilter(method="saying", help_text=_("标题、问题、做法或区县名里的词语。"))

    def about(self, rows: Any, _name: str, code: str) -> Any:
        return rows.about(code) if code.isalnum() and code.isascii() else rows.none()

    def saying(self, rows: Any, _name: str, text: str) -> Any:
        return rows.saying(text)


class PracticeResource(TaggedResource):
    permission_classes = [WRITING]
    serializer_class = PracticeSerializer
    filterset_class = PracticeFilter
    tag_of = staticmethod(practices.tag_of)
    queryset = Practice.objects.none()
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    table_name = "practices"
    tag = TAG
    texts = {
        "list": _("已发布的典型经验和它的成效；登录后还有自己范围里没有发布的。"),
        "retrieve": _("一条典型经验。"),
        "create": _("撰写一条典型经验，先是草稿；成效由门户计算。"),
        "partial_update": _("修改一条草稿；If-Match 里写取回它时的 ETag。"),
    }

    @property
    def samples(self) -> dict[str, str]:
        """Of the demonstration's first three the first is a draft."""
        return {"id": "1" if self.action == "partial_update" else "2"}

    def _open_to_everybody(self, response: Any) -> None:
        """Who has signed in may read more: that is kept by no cache for others."""
        if not self.request.user.is_authenticated:
            super()._open_to_everybody(response)

    def get_queryset(self) -> Any:
        return Practice.objects.readable_by(self.request.user).select_related("district")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The effects of a whole page in one go."""
        serializer = super().get_serializer(*args, **kwargs)
        if kwargs.get("many") and args and "effect" in serializer.child.fields:
            serializer.context["effects"] = effects_of(args[0], self.request.user)
        return serializer

    @extend_schema(
        examples=[WRITTEN], request=NewPracticeSerializer, responses={201: PracticeSerializer}
    )
    def create(self, request: Request) -> Response:
        said = self.body(NewPracticeSerializer)
        district = _district(said.pop("district"))
        made = practices.write(district=district, by=request.user, **said)
        return self.answer(made, status=201)

    @extend_schema(
        examples=[CHANGED], request=PracticeFactsSerializer, responses={200: PracticeSerializer}
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        seen = seen_tag(request, practices.tag_of(found))
        said = self.body(PracticeFactsSerializer, partial=True)
        return self.answer(practices.change(practice=found, by=request.user, expected=seen, **said))


class PracticeStepView(ApiView):
    permission_classes = [allow(read=WRITERS, write=WRITERS, scope="write:selfcheck")]
    serializer_class = PracticeSerializer
    needs_if_match = True
    samples = {"id": "1"}
    tag = TAG
    texts = {
        "get": _("一条典型经验现在有哪些步骤可由您办理。"),
        "post": _("提交、退回、发布、撤下或重新修改；If-Match 里写取回它时的 ETag。"),
    }

    @extend_schema(responses={200: PracticeStepsSerializer})
    def get(self, request: Request, pk: str) -> Response:
        found = self._found(request, pk)
        steps = [step.name for step in practices.open_steps(found, request.user)]
        return _tagged(found, {"state": found.state, "steps": steps})

    @extend_schema(
        examples=[TAKEN], request=PracticeStepSerializer, responses={200: PracticeSerializer}
    )
    def post(self, request: Request, pk: str) -> Response:
        found = self._found(request, pk)
        seen = seen_tag(request, practices.tag_of(found))
        said = self.body(PracticeStepSerializer)
        done = practices.take_step(practice=found, by=request.user, expected=seen, **said)
        return _tagged(done, PracticeSerializer(done, context={"request": request}).data)

    @staticmethod
    def _found(request: Request, pk: str) -> Practice:
        rows = Practice.objects.select_related("district")
        found: Practice = rows.get_visible(request.user, pk=int(pk))
        return found


def _tagged(practice: Practice, data: Any) -> Response:
    return with_tag(practices.tag_of(practice), data)


def _district(code: str) -> District:
    found = District.objects.filter(code=code).first()
    if found is None:
        raise Unusable.at("district", _("没有代码为「%s」的区县。") % code)
    return found
