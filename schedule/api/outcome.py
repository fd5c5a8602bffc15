"""Look-backs and grants over REST: for the unit's own people and the city."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from districts.api import UnitFilter
from districts.roles import Role
from rest.filters import OneOfFilter, WholeNumberFilter, day_range
from rest.permissions import allow
from rest.views import TaggedResource
from schedule.models import CaseState, Grade, Grant, LookBack
from schedule.services import grants, look_backs

EVERYONE = [role.value for role in Role if role.value != "department"]
TAG = _("回头看和奖补")


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
    year = WholeNumberFilter("year")
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


class GrantSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code")
    due_on = serializers.DateField(
        source="standing.due_on", help_text=_("完成创建的期限，延期后的。")
    )
    state = serializers.ChoiceField(
        source="standing.state",
        choices=list(grants.STANDINGS.items()),
        help_text=_("今天的状态。"),
    )
    recovered = serializers.DecimalField(
        14, 2, source="standing.recovered", help_text=_("已追回的金额（元）。")
    )

    class Meta:
        model = Grant
        fields = (
            *("id", "district", "amount", "issued_on", "purpose", "document_number", "source"),
            *("due_on", "state", "recovered", "recorded_at", "is_demo"),
        )


class GrantFilter(day_range("issued_on")):  # type: ignore[misc]
    district = UnitFilter("district__code")


class GrantResource(TaggedResource):
    permission_classes = [allow(read=EVERYONE)]
    serializer_class = GrantSerializer
    queryset = Grant.objects.select_related("district")
    filterset_class = GrantFilter
    tag_of = staticmethod(grants.tag_of)
    cursor_key = "-pk"
    lookup_value_regex = "[0-9]{1,9}"
    samples = {"id": "1"}
    table_name = "grants"
    tag = TAG
    texts = {
        "list": _("市级奖补资金，最近录入的在前；限本区县和市级。"),
        "retrieve": _("一笔奖补资金：期限、状态和已追回的金额。"),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        rows = super().paginate_queryset(queryset)
        for found in grants.standings(rows):
            found.grant.standing = found  # type: ignore[attr-defined]
        return rows

    def get_object(self) -> Any:
        grant = super().get_object()
        grant.standing = grants.standing_of(grant)
        return grant
