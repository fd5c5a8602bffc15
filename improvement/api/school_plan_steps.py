"""One step with every school plan of a self-check over REST, after seeing what it would do."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from improvement.api.school_plans import TAG, UNIT, SchoolPlanStepSerializer, rows_of
from improvement.services import school_plans
from improvement.services.scenarios import MAY_PLAN
from rest.serializers import DryRunParameters
from selfchecks.api.found import YEAR, SelfCheckView, self_check_of, writing

TAKEN = OpenApiExample("recall", value={"step": "recall"}, request_only=True)


class ManyStepsSerializer(SchoolPlanStepSerializer):
    schools = serializers.ListField(
        child=serializers.CharField(max_length=10),
        required=False,
        max_length=5000,
        help_text=_("只办这些学校的，写学校标识码；不写是全区县的。"),
    )


class RefusedPlanSerializer(serializers.Serializer):
    school_plan = serializers.IntegerField(help_text=_("一校一策的编号。"))
    school_code = serializers.CharField(help_text=_("学校标识码。"))
    blocked_by = serializers.CharField(help_text=_("现在不能办理的原因。"))


class PlansStepSerializer(serializers.Serializer):
    done = serializers.ListField(
        child=serializers.IntegerField(),
        help_text=_("办理了的一校一策的编号；预览时是能办理的。"),
    )
    refused = RefusedPlanSerializer(many=True, help_text=_("不能办理、保持不变的和原因。"))


class SchoolPlansStepView(SelfCheckView):
    """What it is not open for stays as it is, and is told with the reason."""

    permission_classes = [writing(*MAY_PLAN)]
    serializer_class = PlansStepSerializer
    parameters_class = DryRunParameters
    samples = {"reference": f"{UNIT}-{YEAR}", "account": f"officer_{UNIT}"}
    tag = TAG
    texts = {"post": _("全区县或几所学校能办的一校一策一起办一步，或用 dry_run 先看是哪些。")}

    @extend_schema(
        examples=[TAKEN], request=ManyStepsSerializer, responses={200: PlansStepSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        said = self.body(ManyStepsSerializer)
        about: dict[str, Any] = {
            "self_check": self_check_of(request.user, reference),
            "step": said["step"],
            "by": request.user,
            "schools": said.get("schools", ()),
        }
        if self.parameters().get("dry_run"):
            found = school_plans.look_ahead(**about)
        else:
            found = school_plans.take_steps(**about, comment=said.get("comment", ""))
        return Response(_told(found, set(rows_of(request.user).values_list("pk", flat=True))))


def _told(found: school_plans.Summary, theirs: set[int]) -> dict[str, Any]:
    """The city's clients learn nothing of what the district has not approved."""
    refused = [
        {"school_plan": plan.pk, "school_code": plan.school_code, "blocked_by": str(why)}
        for plan, why in found.refused
        if plan.pk in theirs
    ]
    return {"done": [plan.pk for plan in found.done], "refused": refused}
