"""The workflow over REST: which steps are open to me, taking one, and the trail of those taken."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.roles import Role
from rest.serializers import OneOfField, StrictSerializer
from rest.views import seen_tag, tag_of_content
from selfchecks.demo import HANDED_IN
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.services.decisions import decide
from selfchecks.services.signatures import checked_of
from selfchecks.services.steps import open_steps
from selfchecks.step import Offer
from selfchecks.workflow import STEPS

from .found import YEAR, SelfCheckRows, SelfCheckView, self_check_of, tag_of, version_of, writing

NEEDS = {
    "comment": "needs_comment",
    "evaluation_digest": "names_evaluation",
    "due_on": "needs_due_date",
}
TAKE_UP = OpenApiExample("take_up", value={"step": "take_up", "comment": ""}, request_only=True)


class OfferSerializer(serializers.Serializer):
    """A step that leaves the present state, open to the caller or with what stands in the way."""

    step = serializers.CharField()
    label = serializers.CharField()
    is_open = serializers.BooleanField()
    blocked_by = serializers.CharField(help_text=_("现在不能办理的原因；能办理时是空的。"))
    needs = serializers.ListField(
        child=serializers.ChoiceField(choices=tuple(NEEDS)), help_text=_("办理时必须写的内容。")
    )


class StepsSerializer(serializers.Serializer):
    state = serializers.CharField()
    steps = OfferSerializer(many=True)


class TakingSerializer(StrictSerializer):
    step = OneOfField(choices=[(step.name, step.label) for step in STEPS])
    comment = serializers.CharField(
        required=False, allow_blank=True, max_length=2_000, help_text=_("意见或原因。")
    )
    evaluation_digest = serializers.CharField(
        required=False, max_length=80, help_text=_("复核时看的是哪一份测算结果。")
    )
    due_on = serializers.DateField(
        required=False, help_text=_("重新开启时必写的新截止日；退回修改时可以写。")
    )


class TrailEntrySerializer(serializers.ModelSerializer):
    upload = serializers.IntegerField(source="upload.number", allow_null=True, default=None)
    days_late = serializers.IntegerField(
        help_text=_("这次报送比当时的截止日迟了几天；0 是按时，或不是报送。")
    )

    class Meta:
        model = ReviewEntry
        fields = (
            *("number", "step", "from_state", "to_state", "actor_name", "taken_at", "comment"),
            *("upload", "evaluation_digest", "due_on", "days_late"),
        )


class StepsView(SelfCheckView):
    permission_classes = [writing(*(role for role in Role if role != Role.AUDITOR))]
    serializer_class = StepsSerializer
    samples = {"reference": f"{HANDED_IN}-{YEAR}", "account": "inspector"}
    needs_if_match = True
    texts = {
        "get": _("现在有哪些步骤，哪些可由您办理，其余为什么不能。"),
        "post": _("办理一个步骤；If-Match 里写取回自查或步骤时的 ETag。"),
    }

    @extend_schema(responses={200: StepsSerializer})
    def get(self, request: Request, reference: str) -> Response:
        self_check = self_check_of(request.user, reference)
        answer = {
            "state": self_check.state,
            "steps": [_offered(offer) for offer in open_steps(self_check, request.user)],
        }
        seal = tag_of_content(answer, "json").strip('"')[:8]
        return Response(answer, headers={"ETag": f'"{tag_of(self_check)}.{seal}"'})

    @extend_schema(
        examples=[TAKE_UP], request=TakingSerializer, responses={200: TrailEntrySerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        self_check = self_check_of(request.user, reference)
        seen = seen_tag(request, tag_of(self_check))
        asked = TakingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        entry = decide(
            self_check=self_check,
            by=request.user,
            expected_version=version_of(self_check, seen),
            **asked.validated_data,
        )
        now = SelfCheck.objects.select_related("district").get(pk=self_check.pk)
        return Response(TrailEntrySerializer(entry).data, headers={"ETag": f'"{tag_of(now)}"'})


def _offered(offer: Offer) -> dict[str, Any]:
    return {
        "step": offer.step.name,
        "label": str(offer.step.label),
        "is_open": offer.is_open,
        "blocked_by": offer.blocked_by,
        "needs": [
            name
            for name, flag in NEEDS.items()
            if getattr(offer.step, flag) or (name == "comment" and offer.objections)
        ],
    }


class TrailResource(SelfCheckRows):
    model = ReviewEntry
    related = ("upload",)
    serializer_class = TrailEntrySerializer
    table_name = "trail"
    texts = {"list": _("办理记录：谁在什么时候办理了哪一步，最近的在前。")}


class SignatureSerializer(serializers.Serializer):
    """A signed step, and what came of checking its signature just now."""

    number = serializers.IntegerField(source="entry.number", help_text=_("办理记录里的序号。"))
    step = serializers.CharField(source="entry.step")
    signed_by = serializers.CharField(source="entry.actor_name", help_text=_("签名人的姓名。"))
    signed_at = serializers.DateTimeField(source="entry.taken_at", help_text=_("签名的时间。"))
    algorithm = serializers.CharField(
        source="entry.signature.algorithm", help_text=_("ed25519 或 sm2-sm3。")
    )
    key = serializers.CharField(source="entry.signature.key", help_text=_("公钥的编号。"))
    value = serializers.CharField(
        source="entry.signature.value", help_text=_("签名，Base64；sm2-sm3 的是 DER。")
    )
    statement = serializers.CharField(
        help_text=_("签的内容，UTF-8；自己核对时一个字节也不要改。打不开工作簿时是空的。")
    )
    is_valid = serializers.BooleanField(help_text=_("刚才用公钥核对，签名有效。"))
    reason = serializers.CharField(help_text=_("无效的原因；有效时是空的。"))


class SignaturesSerializer(serializers.Serializer):
    signatures = SignatureSerializer(
        many=True, help_text=_("已签名的步骤；没有设密钥的门户不签名。")
    )


class SignaturesView(SelfCheckView):
    serializer_class = SignaturesSerializer
    samples = {"reference": f"{HANDED_IN}-{YEAR}", "account": "inspector"}
    texts = {"get": _("已签名的步骤，逐个核对签名，最近的在前。")}

    def get(self, request: Request, reference: str) -> Response:
        checked = checked_of(self_check_of(request.user, reference))
        return Response(SignaturesSerializer({"signatures": checked}).data)
