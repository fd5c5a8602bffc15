"""Support, priority and accountability over REST: recorded and voided by a manager."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.api import UnitField, UnitFilter
from districts.roles import Role
from rest.filters import OneOfFilter, day_range
from rest.permissions import allow
from rest.serializers import OneOfField, StrictSerializer
from rest.views import ApiView, TaggedResource, seen_tag, with_tag
from schedule.api.look_backs import EVERYONE
from schedule.models import Consequence, ConsequenceKind, Form, Grant, LookBack
from schedule.services import consequences, voiding

TAG = _("督促、支持和问责")
VOIDED = ("voided_at", "void_reason")


def acting(*roles: str) -> Any:
    """Read by the unit and the city; what is written concerns what the city does."""
    return allow(read=EVERYONE, write=roles, scope="write:plan", citywide=True)


GIVEN = OpenApiExample(
    "support",
    value={
        "district": "500103",
        "kind": "support",
        "day": "2026-11-02",
        "ground": "演示：补齐专用教室，倾斜支持设备购置",
        "document_number": "〔演示〕第 22 号",
    },
    request_only=True,
)
SLIP = OpenApiExample("slip", value={"reason": "演示：录到了别的区县"}, request_only=True)


class ConsequenceSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code", help_text=_("区县代码。"))
    kind = serializers.ChoiceField(choices=ConsequenceKind.choices, help_text=_("种类"))
    form = serializers.CharField(help_text=_("问责方式；不是问责的是空的。"))
    grant = serializers.IntegerField(
        source="grant_id", allow_null=True, help_text=_("作为事由的奖补资金，见 grants。")
    )
    look_back = serializers.IntegerField(
        source="look_back_id", allow_null=True, help_text=_("作为事由的回头看，见 look-backs。")
    )

    class Meta:
        model = Consequence
        fields = (
            *("id", "district", "kind", "form", "day", "ground", "grant", "look_back"),
            *("document_number", "source", "recorded_at", *VOIDED, "is_demo"),
        )


def _row(model: Any, **more: Any) -> Any:
    """A row by its number; the service says whether it may be the ground."""
    errors = {"does_not_exist": _("没有编号为「{pk_value}」的记录。")}
    return serializers.PrimaryKeyRelatedField(
        queryset=model.objects.all(), required=False, error_messages=errors, **more
    )


class NewConsequenceSerializer(StrictSerializer):
    district = UnitField()
    kind = OneOfField(
        choices=ConsequenceKind.choices,
        help_text=_("support 倾斜支持，priority 转移支付优先安排，accountability 问责。"),
    )
    form = OneOfField(
        choices=Form.choices,
        required=False,
        help_text=_(
            "问责方式，只有问责写：criticism 公开批评，talk 约谈，circular 督导通报，"
            "restriction 资源限制。"
        ),
    )
    day = serializers.DateField(help_text=_("日期，不能是以后。"))
    ground = serializers.CharField(max_length=1000, help_text=_("事由"))
    document_number = serializers.CharField(max_length=60, help_text=_("文号"))
    grant = _row(Grant, help_text=_("作为事由的、这个区县到期未完成的奖补资金。"))
    look_back = _row(LookBack, help_text=_("作为事由的、这个区县复查未通过的回头看。"))
    source = serializers.URLField(
        required=False, allow_blank=True, max_length=300, help_text=_("来源网址。")
    )


class VoidSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=1000, help_text=_("作废的理由；会一直显示。"))


class ConsequenceFilter(day_range("day")):  # type: ignore[misc]
    district = UnitFilter("district__code")
    kind = OneOfFilter(field_name="kind", choices=ConsequenceKind.choices)


class FollowingResource(TaggedResource):
    tag_of = staticmethod(voiding.tag_of)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    tag = TAG

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)


class ConsequenceResource(FollowingResource):
    permission_classes = [acting(Role.MANAGER)]
    serializer_class = ConsequenceSerializer
    queryset = Consequence.objects.select_related("district")
    filterset_class = ConsequenceFilter
    table_name = "consequences"
    texts = {
        "list": _("支持和问责，最近录入的在前；限本区县和市级。"),
        "retrieve": _("一条支持或问责。"),
        "create": _("录入一条支持、优先安排或问责。"),
    }

    @extend_schema(
        examples=[GIVEN], request=NewConsequenceSerializer, responses={201: ConsequenceSerializer}
    )
    def create(self, request: Request) -> Response:
        said = self.body(NewConsequenceSerializer)
        return self.answer(consequences.record_consequence(by=request.user, **said), status=201)


class RowView(ApiView):
    """One thing done about a row, by who has read it as it is."""

    needs_if_match = True
    resource: type[FollowingResource]
    samples = {"id": "2"}
    tag = TAG

    def found(self, pk: str) -> tuple[Any, str | None]:
        """The row, and which state of it was seen. Raises Http404 for somebody else's."""
        rows: Any = self.resource.queryset
        row = rows.get_visible(self.request.user, pk=int(pk))
        return row, seen_tag(self.request, voiding.tag_of(row))

    def shown(self, pk: str, status: int = 200) -> Response:
        rows: Any = self.resource.queryset
        row = rows.all().get(pk=int(pk))
        data = self.resource.serializer_class(row).data
        return with_tag(voiding.tag_of(row), data, status)


class VoidView(RowView):
    texts = {"post": _("作废录错的一条：它和理由都保留；If-Match 里写取回它时的 ETag。")}

    def void(self, request: Request, pk: str) -> Response:
        row, seen = self.found(pk)
        voiding.void(row=row, by=request.user, expected=seen, **self.body(VoidSerializer))
        return self.shown(pk)


class ConsequenceVoidView(VoidView):
    permission_classes = [acting(Role.MANAGER)]
    serializer_class = ConsequenceSerializer
    resource = ConsequenceResource

    @extend_schema(examples=[SLIP], request=VoidSerializer, responses={200: ConsequenceSerializer})
    def post(self, request: Request, pk: str) -> Response:
        return self.void(request, pk)
