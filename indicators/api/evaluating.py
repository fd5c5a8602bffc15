"""``POST evaluate/``: figures in, the whole verdict out, nothing stored."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.models import User
from districts.roles import Role
from indicators import examples
from indicators.calculation.evaluate import evaluate_json
from indicators.calculation.intake import MAX_SCHOOLS
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017_1
from indicators.models import Standard
from indicators.refusals import UnusableFigures
from indicators.services.rules import rules_of
from rest.permissions import allow
from rest.renderers import JsonRenderer
from rest.serializers import StrictSerializer
from rest.views import ApiView

from .outcome import OutcomeSerializer
from .standards import TAG

EXAMPLE = OpenApiExample(
    "figures",
    value={
        "standard": "2017",
        "schools": [examples.SCHOOLS[0]],
        "district": {"C2.eligible": 120, "C2.enrolled": 118},
        "qualitative": {"B1": "达标", "C6": "良好"},
        "veto": {"V1": "否"},
    },
    request_only=True,
)


class FiguresSerializer(StrictSerializer):
    """Describes the body; the calculation itself reads and checks it."""

    standard = serializers.CharField(
        help_text=_("标准版本的代码，如 2017.1;2017 指其中最新的一版，2017.0 指第一版。")
    )
    schools = serializers.ListField(
        child=serializers.DictField(),
        max_length=MAX_SCHOOLS,
        help_text=_("学校数据，键是数据项代码；空着、null 和不写都表示未填报。"),
    )
    district = serializers.DictField(required=False, help_text=_("区县数据，键是数据项代码。"))
    qualitative = serializers.DictField(
        required=False,
        help_text=_("定性指标的自评结论：达标或不达标；C6 也可填优秀、良好、合格、不合格。"),
    )
    veto = serializers.DictField(required=False, help_text=_("一票否决项：是或否。"))
    special_cases = serializers.ListField(
        child=serializers.DictField(), required=False, help_text=_("标准版本采用的特殊情形。")
    )
    year = serializers.IntegerField(
        required=False, help_text=_("测算年份；特殊情形有截止年时要写。")
    )


class WrittenJson(JsonRenderer):
    """Passes on an answer that the calculation has already written as JSON."""

    def render(self, data: Any, media_type: Any = None, renderer_context: Any = None) -> bytes:
        if isinstance(data, bytes):
            return data
        written: bytes = super().render(data, media_type, renderer_context)
        return written


class EvaluateView(ApiView):
    permission_classes = [allow(read="signed-in", write=list(Role), scope="read")]
    renderer_classes = [WrittenJson]
    serializer_class = FiguresSerializer
    stores_nothing = True
    tag = TAG
    texts = {"post": _("按标准测算一个区县的数据，给出结论、差异系数和缺口；什么也不保存。")}

    @extend_schema(
        examples=[EXAMPLE], request=FiguresSerializer, responses={200: OutcomeSerializer}
    )
    def post(self, request: Request) -> Response:
        try:
            outcome = evaluate_json(request.data, asked_rules(request.data, request.user))
        except UnusableInput as refusal:
            raise UnusableFigures(refusal) from refusal
        return Response(outcome)


def asked_rules(payload: Any, viewer: User) -> Rules:
    """The rules of the version the payload names.

    For a version the viewer does not know, the newest of 2017: the calculation then says, with
    everything else that is wrong, that the version does not fit.
    """
    code = payload.get("standard") if isinstance(payload, dict) else None
    visible = Standard.objects.visible_to(viewer)
    standard = visible.asked_by(code) if isinstance(code, str) else None
    return rules_of(standard) if standard else STANDARD_2017_1
