"""Look-backs over REST: for the unit's own people and the city."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitFilter
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES, Role
from rest.filters import OneOfFilter, YearFilter, day_range
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer, WholeNumberField
from rest.views import ApiView, TaggedResource, seen_tag, with_tag
from schedule.look_back_workflow import STEP_NAMES
from schedule.models import CaseState, Grade, LookBack
from schedule.services import look_back_steps, look_backs

EVERYONE = (*DISTRICT_ROLES, *MUNICIPAL_ROLES, Role.CLIENT)
ACTING = (Role.OFFICER, Role.SIGNATORY, Role.INSPECTOR, Role.MANAGER)
TAG = _("回头看和奖补")
TAKEN = OpenApiExample(
    "close",
    value={"step": "close", "comment": "演示：学校已按普通标准达标，名册已更正"},
    request_only=True,
)


class RegressionSerializer(serializers.Serializer):
    """One thing that got worse; figures as the result has them."""

    grade = serializers.ChoiceField(choices=Grade.choices, help_text=_("退步程度。"))
    indicator = serializers.CharField(help_text=_("指标代码；V 是一票否决，A 是资源配置整体。"))
    stage = serializers.CharField(help_text=_("学段；不分学段的是空的。"))
    school_code = serializers.CharField(help_text=_("学校标识码；全区县的是空的。"))
    school_name = serializers.CharField(help_text=_("学校名称；全区县的是空的。"))
    field = serializers.CharField(help_text=_("指标里的哪一项要求；cv 是差异系数。"))
    found = serializers.CharField(help_text=_("实际值；没有数的是空的。"))
    required = serializers.CharField(help_text=_("应达到的值；没有数的是空的。"))
    gap = serializers.CharField(help_text=_("还差多少，用所缺数据的单位；没有数的是空的。"))


class LookBackSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code")
    findings = RegressionSerializer(many=True, help_text=_("退步的各项。"))

    class Meta:
        model = LookBack
        fields = (
            *("id", "district", "origin", "year", "certified_on", "grade", "state"),
            *("opened_on", "due_on", "school_code", "school_name", "special_case", "promised_on"),
            *("findings", "changed_at", "is_demo"),
        )


class LookBackFilter(day_range("opened_on")):  # type: ignore[misc]
    district = UnitFilter("district__code")
    year = YearFilter("year")
    state = OneOfFilter(field_name="state", choices=CaseState.choices)


class LookBackResource(TaggedResource):
    permission_classes = [allow(read=EVERYONE)]
    serializer_class = LookBackSerializer
    queryset = LookBack.objects.select_related("district")
    filterset_class = LookBackFilter
    tag_of = staticmethod(look_backs.tag_of)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    table_name = "look-backs"
    tag = TAG
    texts = {
        "list": _("回头看，最近的在前；限本区县和市级。"),
        "retrieve": _("一次回头看和退步的各项。"),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)


class LookBackStepSerializer(StrictSerializer):
    """Every step asks for words, a revocation for its source as well."""

    step = OneOfField(choices=STEP_NAMES, help_text=_("步骤的代码；GET 列出您现在能办理的。"))
    comment = serializers.CharField(max_length=1000, help_text=_("说明；每一步都要写。"))
    within = WholeNumberField(
        required=False,
        min_value=1,
        max_value=look_back_steps.MOST_DAYS,
        help_text=_("给多少个工作日；不写的用这一步通常的天数。"),
    )
    day = serializers.DateField(required=False, help_text=_("撤销认定时写：公布撤销的日期。"))
    document_number = serializers.CharField(
        required=False, max_length=60, help_text=_("撤销认定时写：文号。")
    )
    source = serializers.URLField(
        required=False, max_length=300, help_text=_("撤销认定时写：来源网址。")
    )


class LookBackStepsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=CaseState.choices)
    steps = serializers.ListField(
        child=serializers.ChoiceField(choices=STEP_NAMES), help_text=_("您现在能办理的步骤。")
    )


class LookBackStepView(ApiView):
    permission_classes = [allow(read=EVERYONE, write=ACTING, scope="write:selfcheck")]
    serializer_class = LookBackSerializer
    needs_if_match = True
    samples = {"id": "1"}
    tag = TAG
    texts = {
        "get": _("一次回头看现在有哪些步骤可由您办理。"),
        "post": _("办理一步；If-Match 里写取回它时的 ETag。"),
    }

    @extend_schema(responses={200: LookBackStepsSerializer})
    def get(self, request: Request, pk: str) -> Response:
        case = self._found(request, pk)
        offers = look_back_steps.open_steps(case, request.user)
        steps = [offer.step.name for offer in offers if offer.is_open]
        return self._tagged(case, {"state": case.state, "steps": steps})

    @extend_schema(
        examples=[TAKEN], request=LookBackStepSerializer, responses={200: LookBackSerializer}
    )
    def post(self, request: Request, pk: str) -> Response:
        case = self._found(request, pk)
        seen = seen_tag(request, look_backs.tag_of(case))
        asked = self.body(LookBackStepSerializer)
        look_back_steps.take_step(look_back=case, by=request.user, expected=seen, **asked)
        case = self._found(request, pk)
        return self._tagged(case, LookBackSerializer(case).data)

    @staticmethod
    def _found(request: Request, pk: str) -> LookBack:
        rows = LookBack.objects.select_related("district")
        found: LookBack = rows.get_visible(request.user, pk=int(pk))
        return found

    @staticmethod
    def _tagged(case: LookBack, data: Any) -> Response:
        return with_tag(look_backs.tag_of(case), data)
