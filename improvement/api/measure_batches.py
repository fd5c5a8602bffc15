"""Many measures in one call, after seeing what it would do: changed, or merged with a new plan."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit.refusals import Unusable
from audit.services import as_json
from improvement.api.measure_shapes import REASON, MeasureChangeSerializer
from improvement.api.school_plans import TAG, UNIT, BeginningSerializer
from improvement.models import Measure
from improvement.school_plans.workflow import MAY_PREPARE
from improvement.services import measures, merging
from improvement.services.merging import Ahead
from rest.serializers import DryRunParameters, StrictSerializer, WholeNumberField
from selfchecks.api.found import YEAR, SelfCheckView, self_check_of, writing
from selfchecks.models import SelfCheck

SCHOOL = "5002439004"  # of the demonstration, small or large: it has a school plan
CHANGED = OpenApiExample(
    "changed",
    value={
        "measures": [{"school_code": SCHOOL, "number": 1, "milestones": "演示：九月开工"}],
        "reason": "演示：写明时间节点",
    },
    request_only=True,
)
MERGED = OpenApiExample("merged", value={"plan": 1, "reason": "演示"}, request_only=True)


class OfSchoolSerializer(MeasureChangeSerializer):
    reason = None  # one for all
    school_code = serializers.CharField(max_length=10, help_text=_("学校标识码。"))
    number = WholeNumberField(min_value=1, help_text=_("措施序号。"))

    def get_fields(self) -> Any:
        """What is not said stays as it is; only a whole body can be partial."""
        fields = super().get_fields()
        for name in measures.SAID:
            fields[name].required = False
        return fields


class MeasuresSerializer(StrictSerializer):
    measures = OfSchoolSerializer(many=True, help_text=_("要改的措施，没有写的项目不变。"))
    reason = serializers.CharField(required=False, max_length=300, help_text=REASON)


class ChangedMeasureSerializer(serializers.Serializer):
    school_code = serializers.CharField(
        source="measure.school_plan.school_code", help_text=_("学校标识码。")
    )
    number = serializers.IntegerField(
        source="measure.number", allow_null=True, help_text=_("措施序号；预览时新措施还没有。")
    )
    name = serializers.CharField(source="measure.name", help_text=_("要做什么。"))
    changes = serializers.DictField(help_text=_("改动的项目：原来的和现在的。"))


class ChangedMeasuresSerializer(serializers.Serializer):
    changed = ChangedMeasureSerializer(many=True, help_text=_("有改动的措施，预览时是会有改动的。"))


class MeasuresView(SelfCheckView):
    """Whole or not at all."""

    permission_classes = [writing(*MAY_PREPARE)]
    serializer_class = ChangedMeasuresSerializer
    parameters_class = DryRunParameters
    samples = {"reference": f"{UNIT}-{YEAR}", "account": f"officer_{UNIT}"}
    tag = TAG
    texts = {
        "post": _("一次修改多项措施，有一项不对就都不改；或用 dry_run 先看会改什么。"),
    }

    @extend_schema(
        examples=[CHANGED], request=MeasuresSerializer, responses={200: ChangedMeasuresSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        self_check = self_check_of(request.user, reference)
        said = self.body(MeasuresSerializer)
        changes, at = _of_measures(self_check, request.user, said["measures"])
        about: dict[str, Any] = {
            **{"self_check": self_check, "changes": changes, "by": request.user, "at": at},
            "reason": said.get("reason", ""),
        }
        act = measures.foresee if self.parameters().get("dry_run") else measures.change_all
        found = act(**about)
        rows = [{"measure": row, "changes": as_json(told)} for row, told in found.items()]
        return Response(ChangedMeasuresSerializer({"changed": rows}).data)


def _of_measures(self_check: SelfCheck, viewer: Any, said: list[dict[str, Any]]) -> tuple[Any, Any]:
    """What is said of each, and where, by the key of the measure. Raises Unusable."""
    rows = Measure.objects.live().visible_to(viewer).filter(school_plan__self_check=self_check)
    known = {(code, number): key for key, code, number in rows.values_list(
        "pk", "school_plan__school_code", "number"
    )}  # fmt: skip
    changes, at = dict[int, Any](), dict[int, str]()
    for place, each in enumerate(said):
        which = each.pop("school_code"), each.pop("number")
        key, where = known.get(which), f"measures/{place}/"
        if key is None or key in changes:
            sentence = _("学校 %s 没有第 %s 项措施，或者已经取消，或者写了两次。") % which
            raise Unusable.at(f"{where}number", sentence)
        changes[key], at[key] = each, where
    return changes, at


class MergingSerializer(BeginningSerializer):
    reason = serializers.CharField(required=False, max_length=300, help_text=REASON)
    seen = serializers.CharField(
        required=False,
        max_length=64,
        help_text=_("预览时应答里的 tag；此后有变化时应答 412，不改。"),
    )


class MergedSerializer(serializers.Serializer):
    added = ChangedMeasureSerializer(many=True, help_text=_("新方案才有的措施。"))
    changed = ChangedMeasureSerializer(many=True, help_text=_("两个方案里不同的措施。"))
    fallen = ChangedMeasureSerializer(many=True, help_text=_("新方案里没有、因而取消的措施。"))
    begun = serializers.ListField(
        child=serializers.CharField(), help_text=_("新建立一校一策的学校的标识码。")
    )
    same = serializers.IntegerField(help_text=_("措施没有变、只改为按新方案的学校数。"))
    tag = serializers.CharField(help_text=_("写进 seen，就只照这样办。"))


class MergeView(SelfCheckView):
    """Between both plans is compared: what people wrote stays where both want the same."""

    permission_classes = [writing(*MAY_PREPARE)]
    serializer_class = MergedSerializer
    parameters_class = DryRunParameters
    samples = {"reference": f"{UNIT}-{YEAR}", "account": f"officer_{UNIT}"}
    tag = TAG
    texts = {"post": _("把后来采用的增配方案并入已有的一校一策，或用 dry_run 先看会改什么。")}

    @extend_schema(examples=[MERGED], request=MergingSerializer, responses={200: MergedSerializer})
    def post(self, request: Request, reference: str) -> Response:
        said = self.body(MergingSerializer)
        plan, days = said.pop("plan"), said.pop("days", ())
        self_check = self_check_of(request.user, reference)
        found = merging.look(self_check, days, plan)
        told = _told(found)
        if not self.parameters().get("dry_run"):
            done = merging.merge(
                **{"self_check": self_check, "by": request.user, "days": days, "expected": plan},
                **{"seen": found.tag, **said},
            )
            told["added"] = [*_rows(done, "added")]  # they have their numbers now
        return Response(MergedSerializer(told).data)


def _told(found: Ahead) -> dict[str, Any]:
    return {
        "added": [*_rows(found, "added")],
        "changed": [*_rows(found, "changed")],
        "fallen": [*_rows(found, "fallen")],
        "begun": sorted(found.begun),
        "same": len(found.merges) - len(found.others),
        "tag": found.tag,
    }


def _rows(found: Ahead, what: str) -> Iterator[dict[str, Any]]:
    for each in found.others:
        for item in getattr(each, what):
            measure, values = item if what == "changed" else (item, {})
            measure.school_plan = each.school_plan
            changes = {name: [getattr(measure, name), value] for name, value in values.items()}
            yield {"measure": measure, "changes": as_json(changes)}
