"""What a plan looks like in the API: the planner's answer, and the row that keeps it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from improvement.models import Phase, Plan
from improvement.planner.told import FEASIBLE, INFEASIBLE, PROVEN
from improvement.services import planning
from improvement.services.working import is_unattended
from indicators.api.outcome import OutcomeSerializer

STATUSES = (PROVEN, FEASIBLE, INFEASIBLE)


class PlanAdditionSerializer(serializers.Serializer):
    school_code = serializers.CharField()
    stage = serializers.CharField()
    measure = serializers.CharField(help_text=_("措施代码。"))
    amount = serializers.CharField(help_text=_("增加多少，用该数据项的单位。"))
    cost = serializers.CharField(help_text=_("费用，元。"))


class PlanAnswerSerializer(serializers.Serializer):
    """Without a plan there is only why; what some kinds tell besides is left out by others."""

    may_lack = {
        *("cost", "certified_bound", "solver_bound", "gap", "additions", "spared", "outcome"),
        *("schools_after", "worse", "budget", "units", "failing", "coefficients", "years"),
    }

    kind = serializers.CharField(help_text=_("方案种类。"))
    status = serializers.ChoiceField(
        choices=STATUSES, help_text=_("proven 已证明最省，feasible 可行，infeasible 没有方案。")
    )
    reason = serializers.DictField(help_text=_("为什么是这样：起决定作用的系数，或者卡在哪里。"))
    cost = serializers.CharField(help_text=_("费用，元。"))
    certified_bound = serializers.CharField(
        allow_null=True, help_text=_("已证明任何方案都不少于这么多元。")
    )
    solver_bound = serializers.CharField(
        allow_null=True, help_text=_("按求解器的说法任何方案都不少于这么多元。")
    )
    gap = serializers.CharField(allow_null=True, help_text=_("最多还能省几成，0.01 即百分之一。"))
    additions = PlanAdditionSerializer(many=True, help_text=_("在哪所学校增加什么。"))
    spared = serializers.DictField(help_text=_("学校、学段里留在基本值和达标值之间的一项。"))
    schools_after = serializers.ListField(
        child=serializers.DictField(), help_text=_("实施后的学校数据。")
    )
    outcome = OutcomeSerializer(help_text=_("实施后的测算结果。"))
    worse = serializers.DictField(help_text=_("A 组以外会变差的指标：原来的和以后的结论。"))
    budget = serializers.CharField(help_text=_("预算，元。"))
    units = serializers.DictField(help_text=_("达标的评估单元数、总数和最多可能的数。"))
    failing = serializers.ListField(
        child=serializers.DictField(), help_text=_("这笔预算下仍不达标的评估单元。")
    )
    coefficients = serializers.DictField(
        help_text=_("达标的差异系数、总数，和这笔预算下还没有达标的。")
    )
    years = serializers.ListField(
        child=serializers.DictField(), help_text=_("逐年的预算、费用、增配和测算结果。")
    )


class PlanSerializer(serializers.ModelSerializer):
    phase = serializers.ChoiceField(
        choices=Phase.choices, help_text=_("等待、正在计算、计算中断或结束。")
    )
    cost = serializers.DecimalField(16, 2, allow_null=True, help_text=_("费用，元。"))
    scenario = serializers.IntegerField(
        source="scenario.number", allow_null=True, default=None, help_text=_("假设方案的序号。")
    )
    made_by = serializers.CharField(source="made_by.display_name", help_text=_("制作人"))
    adopted_by = serializers.CharField(
        source="adopted_by.display_name",
        allow_null=True,
        default=None,
        help_text=_("采用人"),
    )

    class Meta:
        model = Plan
        fields: tuple[str, ...] = (
            *("number", "kind", "scenario", "state", "phase", "cost", "digest", "made_by"),
            *("made_at", "finished_at", "adopted_by", "adopted_at"),
        )


class WholePlanSerializer(PlanSerializer):
    is_outdated = serializers.SerializerMethodField(
        help_text=_("制作之后数据、单价或条件有了变化，不能再采用。")
    )
    is_unattended = serializers.SerializerMethodField(
        help_text=_("等了很久没有程序来算：请运行 manage.py work。")
    )
    progress = serializers.DictField(help_text=_("计算到哪里：目前的费用、下界、差距和秒数。"))
    terms = serializers.DictField(help_text=_("所用的单价和条件。"))
    result = serializers.SerializerMethodField(help_text=_("算出的方案，或目前最好的。"))

    class Meta(PlanSerializer.Meta):
        fields = (
            *PlanSerializer.Meta.fields,
            *("is_outdated", "is_unattended", "progress", "terms", "result"),
        )

    def get_is_outdated(self, plan: Plan) -> bool:
        return planning.is_outdated(plan)

    def get_is_unattended(self, plan: Plan) -> bool:
        return is_unattended(plan)

    @extend_schema_field(PlanAnswerSerializer(allow_null=True))
    def get_result(self, plan: Plan) -> Any:
        return plan.result
