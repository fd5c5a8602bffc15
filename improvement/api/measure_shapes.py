"""What measures and school plans look like in the API, and what may be written into a measure."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from districts.roles import Office
from improvement.models import Funding, Measure, Progress, Revision, SchoolPlan, SchoolPlanEntry
from improvement.models.school_plan import Unit
from improvement.school_plans.measure import MeasureLine
from improvement.services.school_plans import lacks
from indicators.calculation.scheme import CODES, STAGES
from rest.serializers import OneOfField, StrictSerializer

NUMBER: dict[str, Any] = {"max_digits": 14, "decimal_places": 4}
MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
REASON = _("改动的原因；批准过的一校一策要写，改动后须重新审批。")
DONE = _("到截至日期为止一共完成多少，用这项措施的单位；空是只有说明。")
LATE = _("逾期几个工作日；没有逾期是 0。")


class MeasureProgressSerializer(serializers.ModelSerializer):
    done = serializers.DecimalField(**NUMBER, allow_null=True, help_text=DONE)
    day = serializers.DateField(help_text=_("截至日期"))
    reported_by = serializers.CharField(source="reported_by.display_name", help_text=_("报告人"))

    class Meta:
        model = Progress
        fields = ("done", "day", "words", "display_name", "sha256", "reported_by", "reported_at")


class MeasureRevisionSerializer(serializers.ModelSerializer):
    changes = serializers.DictField(help_text=_("改动的项目：原来的和现在的。"))
    made_by = serializers.CharField(source="made_by.display_name", help_text=_("修改人"))

    class Meta:
        model = Revision
        fields = ("number", "changes", "reason", "after_approval", "made_by", "made_at")


class SchoolMeasureSerializer(serializers.ModelSerializer):
    """Of a row that knows its ``line``."""

    indicators = serializers.ListField(
        child=serializers.CharField(), help_text=_("对应指标的代码。")
    )
    done = serializers.DecimalField(**NUMBER, allow_null=True, help_text=DONE)
    is_done = serializers.BooleanField(source="line.is_done", help_text=_("已完成。"))
    days_late = serializers.IntegerField(source="line.days_late", help_text=LATE)
    lacks = serializers.SerializerMethodField(help_text=_("送审批以前还要写的项目。"))

    class Meta:
        model = Measure
        fields: tuple[str, ...] = (
            *("number", "kind", "name", "indicators", "stage", "from_school", "amount", "unit"),
            *("cost", "funding", "funding_note", "responsible", "office", "start", "due"),
            *("milestones", "evidence", "dropped_at", "done", "is_done", "days_late", "lacks"),
        )

    def get_lacks(self, row: Measure) -> list[str]:
        return lacks(row)


class WholeMeasureSerializer(SchoolMeasureSerializer):
    progress = MeasureProgressSerializer(many=True, help_text=_("报告的进展，最早的在前。"))
    revisions = MeasureRevisionSerializer(many=True, help_text=_("改动的记录，最早的在前。"))

    class Meta(SchoolMeasureSerializer.Meta):
        fields = (*SchoolMeasureSerializer.Meta.fields, "progress", "revisions")


class SchoolPlanEntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = SchoolPlanEntry
        fields = ("step", "from_state", "to_state", "actor_name", "taken_at", "comment")


class SchoolPlanSerializer(serializers.ModelSerializer):
    """Of a row that knows its ``line``."""

    self_check = serializers.CharField(source="self_check.reference", help_text=_("自查的编号。"))
    district = serializers.CharField(source="self_check.district.code", help_text=_("区县代码。"))
    plan = serializers.IntegerField(source="plan.number", help_text=_("所依据的增配方案的序号。"))
    approved_by = serializers.CharField(
        source="approved_by.display_name", allow_null=True, default=None, help_text=_("批准人")
    )
    cost = serializers.DecimalField(
        **MONEY, source="line.yuan", help_text=_("各项措施的经费合计，元；没有写经费的不计。")
    )
    measure_count = serializers.SerializerMethodField(help_text=_("措施的项数，不含取消的。"))
    done_count = serializers.IntegerField(source="line.done", help_text=_("已完成的项数。"))
    days_late = serializers.IntegerField(source="line.days_late", help_text=LATE)

    class Meta:
        model = SchoolPlan
        fields: tuple[str, ...] = (
            *("id", "self_check", "district", "plan", "school_code", "school_name", "state"),
            *("version", "cost", "measure_count", "done_count", "days_late", "begun_at"),
            *("approved_by", "approved_at"),
        )

    def get_measure_count(self, row: Any) -> int:
        return len(row.line.measures)


class WholeSchoolPlanSerializer(SchoolPlanSerializer):
    measures = serializers.SerializerMethodField(help_text=_("各项措施，也有取消的。"))
    trail = SchoolPlanEntrySerializer(many=True, help_text=_("办理记录，最早的在前。"))

    class Meta(SchoolPlanSerializer.Meta):
        fields = (*SchoolPlanSerializer.Meta.fields, "measures", "trail")

    def get_measures(self, row: Any) -> SchoolMeasureSerializer(many=True):  # type: ignore[valid-type]
        return SchoolMeasureSerializer(map(known, row.line.all), many=True).data


def known(line: MeasureLine) -> Measure:
    """The measure of a line, which it then knows."""
    line.measure.line = line  # type: ignore[attr-defined]
    return line.measure


class MeasureChangeSerializer(StrictSerializer):
    """What is not said stays as it is."""

    amount = serializers.DecimalField(
        **NUMBER, help_text=_("数量，用这项措施的单位；人数和间数只能是整数。")
    )
    cost = serializers.DecimalField(
        **MONEY, required=False, allow_null=True, help_text=_("经费（元）；不用钱的写 0。")
    )
    funding = OneOfField(
        choices=Funding.choices, required=False, allow_blank=True, help_text=_("经费来源")
    )
    funding_note = serializers.CharField(
        required=False, allow_blank=True, max_length=100, help_text=_("来源是「其他」时必填。")
    )
    responsible = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text=_("责任人")
    )
    office = OneOfField(choices=Office.choices, help_text=_("责任部门"))
    start = serializers.DateField(required=False, allow_null=True, help_text=_("开始日期"))
    due = serializers.DateField(required=False, allow_null=True, help_text=_("完成期限"))
    milestones = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text=_("时间节点")
    )
    evidence = serializers.CharField(
        required=False, allow_blank=True, max_length=300, help_text=_("要交的佐证")
    )
    reason = serializers.CharField(required=False, max_length=300, help_text=REASON)


class NewMeasureSerializer(MeasureChangeSerializer):
    name = serializers.CharField(max_length=60, help_text=_("要做什么。"))
    unit = OneOfField(choices=Unit.choices, help_text=_("计量单位"))
    indicators = serializers.ListField(
        child=serializers.ChoiceField(choices=CODES),
        required=False,
        help_text=_("对应指标的代码。"),
    )
    stage = OneOfField(choices=STAGES, required=False, help_text=_("学段；不分学段的不写。"))


class NewProgressSerializer(StrictSerializer):
    done = serializers.DecimalField(**NUMBER, required=False, help_text=DONE)
    day = serializers.DateField(required=False, help_text=_("截至日期；不写是今天。"))
    words = serializers.CharField(
        required=False, max_length=500, help_text=_("说明；没有写数量时必填。")
    )
