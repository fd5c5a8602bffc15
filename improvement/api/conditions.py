"""What is settled for schools beside a plan, over REST, and what releasing each would save."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from improvement.api.plans import PlanThrottle, plan_of
from improvement.models import Condition, Plan
from improvement.services.conditions import SAID, in_force
from improvement.services.planning import QUICK
from improvement.services.releasing import Released
from rest.permissions import ClientThrottle
from rest.views import Resource
from selfchecks.api.found import READING, SAMPLES, TAG

YUAN: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "allow_null": True}


class PlanConditionSerializer(serializers.ModelSerializer):
    entered_by = serializers.CharField(source="entered_by.display_name", help_text=_("设定人"))
    cost_without = serializers.DecimalField(
        **YUAN,
        help_text=_("放开这一项，方案要多少（元）；为空是没有算出来，再取一次接着算。"),
    )
    saving = serializers.DecimalField(**YUAN, help_text=_("放开这一项能省多少（元）。"))

    class Meta:
        model = Condition
        fields = (*SAID, "entered_by", "entered_at", "cost_without", "saving")


class PlanConditionResource(Resource):
    permission_classes = [READING]
    throttle_classes = [ClientThrottle, PlanThrottle]
    serializer_class = PlanConditionSerializer
    queryset = Condition.objects.none()  # worked out, not selected
    cursor_key = "key"
    samples = SAMPLES
    table_name = "conditions"
    table_title = _("增配条件")
    tag = TAG
    texts = {"list": _("现在的增配条件：锁定、限制或不做哪些措施，放开每一项方案能省多少。")}

    def list(self, request: Request, reference: str, number: str) -> Response:
        return self.listed(_priced(plan_of(request, reference, number)))


def _priced(plan: Plan) -> Iterator[dict[str, Any]]:
    """``key`` orders the list."""
    released = Released(plan, QUICK)
    for row in in_force(plan.self_check.district).select_related("entered_by"):
        without = released.cost_without(row)
        yield {
            **{name: getattr(row, name) for name in (*SAID, "entered_by", "entered_at")},
            "key": f"{row.school_code}.{row.kind}",
            "cost_without": without,
            "saving": None if without is None or plan.cost is None else plan.cost - without,
        }
