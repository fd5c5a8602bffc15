"""Where the plan is heading over REST: forecast to each milestone, and which years to exchange."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.roles import MUNICIPAL_ROLES, Role
from rest.permissions import allow
from rest.serializers import NumberParameter
from rest.views import ApiView
from schedule import progress
from schedule.api.progress import DayField
from schedule.forecast import PACES
from schedule.services.outlook import MOST_DAYS, Milestone, Outlook, UnitOutlook, outlook_on
from schedule.services.reading import today

PLACES = Decimal("0.0001")
PACE = _("速度：same 近两年的，slow 它的一半，fast 它的一倍半。")


class ShareField(serializers.CharField):
    """A figure computed as a fraction or a share, as a decimal string of four places."""

    def to_representation(self, value: Fraction | float) -> str:
        exact = Fraction(value)
        return str((Decimal(exact.numerator) / exact.denominator).quantize(PLACES))


class OutlookParameters(serializers.Serializer):
    as_of = DayField(
        default=today, help_text=_("查看哪一天的情况，如 2026-11-23；不写就是今天，不能是以后。")
    )
    days = NumberParameter(
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("从复核通过到公布要多少天；不写用已有记录的中位数，没有记录是 0。"),
    )


class PacedTotalSerializer(serializers.Serializer):
    pace = serializers.ChoiceField(choices=list(PACES), help_text=PACE)
    arriving = serializers.IntegerField(help_text=_("届时新通过的单位数（个）。"))
    at_least = serializers.IntegerField(help_text=_("届时至少共多少个。"))
    at_most = serializers.IntegerField(help_text=_("届时至多共多少个。"))
    reached = serializers.BooleanField(
        allow_null=True, help_text=_("够不够目标；取决于名单待核的单位时为空。")
    )


class MilestoneSerializer(serializers.Serializer):
    year = serializers.IntegerField(source="phase.end_year", help_text=_("到哪一年年底。"))
    target = serializers.IntegerField(help_text=_("累计目标（个）。"))
    named = serializers.IntegerField(help_text=_("已通过、名称已知的（个）。"))
    unnamed = serializers.IntegerField(help_text=_("已通过、名单待核的（个）。"))
    needed = serializers.IntegerField(help_text=_("还要多少个。"))
    unknown = serializers.IntegerField(help_text=_("资料不足、不作推算的单位数（个）。"))
    likely = ShareField(
        allow_null=True, help_text=_("按各单位的可能性合计，届时新通过的单位数；没有依据为空。")
    )
    totals = serializers.SerializerMethodField(help_text=_("各种速度下的单位数。"))

    @extend_schema_field(PacedTotalSerializer(many=True))
    def get_totals(self, row: Milestone) -> list[dict[str, Any]]:
        return [
            {
                "pace": pace,
                "arriving": row.arriving[pace],
                "at_least": row.totals(pace)[0],
                "at_most": row.totals(pace)[1],
                "reached": row.is_reached(pace),
            }
            for pace in PACES
        ]


class OpenYearSerializer(serializers.Serializer):
    year = serializers.IntegerField(help_text=_("复核通过的自查的年度。"))
    open = serializers.IntegerField(help_text=_("没有达到的要求数（项）。"))


class ExpectedSerializer(serializers.Serializer):
    pace = serializers.ChoiceField(choices=list(PACES), help_text=PACE)
    year = serializers.IntegerField(
        allow_null=True, help_text=_("预计通过认定的年份；差距没有缩小为空。")
    )


class ChanceSerializer(serializers.Serializer):
    year = serializers.IntegerField(help_text=_("到哪一年年底。"))
    chance = ShareField(help_text=_("届时通过认定的可能性，0 到 1。"))


class UnitOutlookSerializer(serializers.Serializer):
    district = serializers.CharField(source="standing.code", help_text=_("区县代码。"))
    planned_year = serializers.IntegerField(
        source="standing.planned_year", allow_null=True, help_text=_("规划年份；没有为空。")
    )
    status = serializers.ChoiceField(
        source="standing.status", choices=progress.STATUSES, help_text=_("状态")
    )
    known = serializers.BooleanField(
        source="is_known", help_text=_("false 是资料不足：不到两个年度复核通过，不作推算。")
    )
    open_by_year = serializers.SerializerMethodField(help_text=_("各年没有达到的要求数。"))
    speed = ShareField(
        source="course.speed",
        allow_null=True,
        default=None,
        help_text=_("每年减少多少项；不到两个年度为空。"),
    )
    expected = serializers.SerializerMethodField(help_text=_("各种速度下预计通过的年份。"))
    chances = serializers.SerializerMethodField(help_text=_("赶上各阶段的可能性；没有依据时没有。"))

    @extend_schema_field(OpenYearSerializer(many=True))
    def get_open_by_year(self, row: UnitOutlook) -> list[dict[str, int]]:
        years = row.course.open_by_year if row.course else ()
        return [{"year": year, "open": count} for year, count in years]

    @extend_schema_field(ExpectedSerializer(many=True))
    def get_expected(self, row: UnitOutlook) -> list[dict[str, Any]]:
        return [{"pace": pace, "year": year} for pace, year in row.expected.items()]

    @extend_schema_field(ChanceSerializer(many=True))
    def get_chances(self, row: UnitOutlook) -> Any:
        rows = [{"year": year, "chance": chance} for year, chance in row.chances.items()]
        return ChanceSerializer(rows, many=True).data


class BackTestSerializer(serializers.Serializer):
    changes = serializers.IntegerField(help_text=_("核对了多少次逐年变化。"))
    closed = serializers.IntegerField(help_text=_("其中差距补完的次数。"))
    score = ShareField(help_text=_("可能性的均方误差，0 最好。"))
    base = ShareField(help_text=_("对每个单位都只说平均比例时的均方误差。"))
    better = serializers.BooleanField(source="is_better", help_text=_("是否比只说平均比例准。"))


class SwapSerializer(serializers.Serializer):
    district = serializers.CharField(source="code", help_text=_("区县代码。"))
    before = serializers.IntegerField(source="old")
    after = serializers.IntegerField(source="new")


class SwapsSerializer(serializers.Serializer):
    late_before = serializers.IntegerField(help_text=_("现在各单位逾期的年数合计。"))
    late_after = serializers.IntegerField(help_text=_("互换以后逾期的年数合计。"))
    moves = SwapSerializer(many=True, help_text=_("互换规划年份的单位；没有好处时没有。"))


class OutlookSerializer(serializers.Serializer):
    as_of = serializers.DateField(source="position.progress.as_of")
    plan_version = serializers.IntegerField(source="position.version.number")
    days = serializers.IntegerField(help_text=_("所用的从复核通过到公布的天数。"))
    days_seen = serializers.IntegerField(
        source="seen", allow_null=True, help_text=_("已有记录的中位数（天）；没有记录为空。")
    )
    changes = serializers.IntegerField(help_text=_("可能性所依据的逐年变化的次数。"))
    is_demo = serializers.BooleanField(help_text=_("是否用到了演示数据。"))
    milestones = MilestoneSerializer(many=True, help_text=_("还没有结束的各阶段的目标。"))
    units = UnitOutlookSerializer(many=True, help_text=_("还没有通过认定的单位。"))
    back_test = BackTestSerializer(
        source="test",
        allow_null=True,
        help_text=_("用别的单位推算每个单位，再同实际比；太少为空。"),
    )
    swaps = SwapsSerializer(source="advice", help_text=_("互换规划年份的建议。"))


class OutlookView(ApiView):
    permission_classes = [allow(read=[*MUNICIPAL_ROLES, Role.CLIENT], citywide=True)]
    serializer_class = OutlookSerializer
    parameters_class = OutlookParameters
    tag = _("规划与进度")
    texts = {"get": _("规划走向：到各阶段能有多少个单位，哪些单位互换年份更好；限市级。")}

    def get(self, request: Request) -> Response:
        asked = self.parameters()
        found: Outlook = outlook_on(asked["as_of"], asked.get("days"))
        return Response(OutlookSerializer(found).data)
