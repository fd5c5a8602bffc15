"""Addresses to which the portal sends what has changed, over REST: each account its own."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from audit.refusals import NotAllowed, Unusable
from districts.models import Delivery, Hook
from districts.models.hook import Ending
from districts.services import hooks
from rest.calling import LONGEST
from rest.permissions import SCOPE_LACKS, allow
from rest.serializers import OneOfField, StrictSerializer, WholeNumberField
from rest.views import ApiView, Resource, TaggedResource, seen_tag, with_tag

from .changes import NO_SUCH_PLACE

OWN = allow(read="signed-in", write=hooks.OWNERS, scope="write:hooks")
SAMPLES = {"id": "1"}
STEPS = [
    ("end", _("停用")),
    ("resume", _("恢复")),
    ("renew", _("更换密钥")),
    ("replay", _("重发")),
]
REGISTERED = OpenApiExample(
    "register",
    value={"url": "https://hooks.demo.invalid/portal", "kinds": ["self-checks", "schools"]},
    request_only=True,
)
CHANGED = OpenApiExample("kinds", value={"kinds": ["self-checks"]}, request_only=True)
TAKEN = OpenApiExample("resume", value={"step": "resume"}, request_only=True)
TAG = _("推送")


class HookSerializer(serializers.ModelSerializer):
    district = serializers.CharField(
        source="district.code",
        allow_null=True,
        default=None,
        help_text=_("限于哪个区县的改动；不限为 null。"),
    )
    kinds = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("推送哪些列表的改动，例如 self-checks；空的是全部。"),
    )
    ended = serializers.ChoiceField(
        choices=Ending.choices,
        allow_blank=True,
        help_text=_(
            "在用是空的；own 已停用，failing 连续失败五天后自动停用，"
            "gone 对方应答 410 后自动停用，account 账号停用或变更。"
        ),
    )
    secret = serializers.CharField(
        allow_null=True,
        help_text=_("验证签名的密钥，以 whsec_ 开头；只在登记和更换时给出一次，其余为 null。"),
    )

    class Meta:
        model = Hook
        fields = (
            "id",
            "url",
            "kinds",
            "district",
            "created_at",
            "ended",
            "position",
            "next_at",
            "failures",
            "failing_since",
            "secret",
        )


class HookChangeSerializer(StrictSerializer):
    url = serializers.CharField(
        max_length=LONGEST, help_text=_("https:// 开头的地址；改动以 POST 发到这里。")
    )
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=40,
        help_text=_("推送哪些列表的改动，例如 self-checks；不写或空的是全部。"),
    )


class HookStepSerializer(StrictSerializer):
    step = OneOfField(
        choices=STEPS,
        help_text=_(
            "end 停用，resume 恢复（从停下的地方继续，也用来立即重试），"
            "renew 更换密钥，replay 从 after 之后重发。"
        ),
    )
    after = WholeNumberField(
        required=False,
        min_value=0,
        max_value=10**15,
        error_messages=NO_SUCH_PLACE,
        help_text=_("重发哪个序号之后的改动；只用于 replay。"),
    )


class DeliverySerializer(serializers.ModelSerializer):
    fault = serializers.CharField(source="why", label=_("原因"), max_length=300)

    class Meta:
        model = Delivery
        fields = ("number", "action", "at", "seconds", "status", "is_ok", "fault")


class HookResource(TaggedResource):
    permission_classes = [OWN]
    serializer_class = HookSerializer
    tag_of = staticmethod(hooks.tag_of)
    answers_secret = True
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = SAMPLES
    table_name = "hooks"
    tag = TAG
    texts = {
        "list": _("自己登记的推送地址，最近的在前。"),
        "retrieve": _("一个推送地址，推送到了哪里。"),
        "create": _(
            "登记推送地址：以后看得到的改动，按 Standard Webhooks 签名后依次发到那里，"
            "第一条是这次登记。"
        ),
        "partial_update": _("改地址或内容；If-Match 里写取回它时的 ETag。"),
    }

    def get_queryset(self) -> QuerySet[Hook]:
        return own_hooks(self.request)

    @extend_schema(
        examples=[REGISTERED], request=HookChangeSerializer, responses={201: HookSerializer}
    )
    def create(self, request: Request) -> Response:
        if "read" not in getattr(request.auth, "scopes", ["read"]):
            raise NotAllowed(SCOPE_LACKS % "read", code="scope")
        asked = self.body(HookChangeSerializer)
        origin, user = request.build_absolute_uri("/"), request.user
        made = hooks.register(user=user, by=user, origin=origin, district=user.district, **asked)
        return self.answer(made, status=201)

    @extend_schema(
        examples=[CHANGED], request=HookChangeSerializer, responses={200: HookSerializer}
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        hook = self.get_object()
        seen = seen_tag(request, hooks.tag_of(hook))
        asked = self.body(HookChangeSerializer, partial=True)
        return self.answer(hooks.update(hook=hook, by=request.user, expected=seen, **asked))


class HookStepView(ApiView):
    permission_classes = [OWN]
    serializer_class = HookSerializer
    needs_if_match = answers_secret = True
    samples = SAMPLES
    tag = TAG
    texts = {"post": _("停用、恢复、更换密钥或重发；If-Match 里写取回它时的 ETag。")}

    @extend_schema(examples=[TAKEN], request=HookStepSerializer, responses={200: HookSerializer})
    def post(self, request: Request, pk: str) -> Response:
        hook = get_object_or_404(own_hooks(request), pk=int(pk))
        seen = seen_tag(request, hooks.tag_of(hook))
        asked = self.body(HookStepSerializer)
        step, given = asked.pop("step"), {"hook": hook, "by": request.user, "expected": seen}
        if (step == "replay") != ("after" in asked):
            raise Unusable.at("after", _("重发要写 after：哪个序号之后；其他步骤不写。"))
        done = getattr(hooks, step)(**given, **asked)
        return with_tag(hooks.tag_of(done), HookSerializer(done).data)


class DeliveryResource(ListModelMixin, Resource):
    permission_classes = [OWN]
    serializer_class = DeliverySerializer
    queryset = Delivery.objects.none()
    cursor_key = "-pk"
    samples = SAMPLES
    table_name = "deliveries"
    tag = TAG
    texts = {"list": _("推送记录，每次一行，最近的在前，保留 30 天。")}

    def get_queryset(self) -> QuerySet[Delivery]:
        if "pk" not in self.kwargs:  # while the document is made
            return Delivery.objects.none()
        hook = get_object_or_404(own_hooks(self.request), pk=int(self.kwargs["pk"]))
        return Delivery.objects.filter(hook=hook)


def own_hooks(request: Request) -> QuerySet[Hook]:
    """A token narrowed to one unit does not reach an address that is told more."""
    rows = Hook.objects.visible_to(request.user).filter(user=request.user.pk)
    return rows.select_related("district")
