"""What a self-check comes to: the present result, and every snapshot that was submitted."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api.outcome import OutcomeSerializer
from rest.filters import AsOfFilter
from selfchecks.models import Evaluation
from selfchecks.services.evaluations import outcome_of
from selfchecks.services.undoing import standing
from selfchecks.workflow import APPROVING

from .found import SelfCheckRows, SelfCheckView, self_check_of


class EvaluationView(SelfCheckView):
    serializer_class = OutcomeSerializer
    texts = {"get": _("测算结果：数据还能改动时是现有数据的试算，报送后是报送时的结果。")}

    @extend_schema(responses={200: OutcomeSerializer})
    def get(self, request: Request, reference: str) -> Response:
        _evaluation, outcome = outcome_of(self_check_of(request.user, reference))
        if outcome is None:
            raise NotFound(_("还没有数据；上传并采用工作簿后才有测算结果。"), "no_figures")
        return Response(outcome.as_dict())


class EvaluationSerializer(serializers.ModelSerializer):
    standard = serializers.CharField(source="standard.code")
    upload = serializers.IntegerField(source="upload.number")
    evaluated_by = serializers.CharField(source="evaluated_by.display_name")
    is_approved = serializers.SerializerMethodField()

    class Meta:
        model = Evaluation
        fields = (
            *("number", "digest", "verdict", "standard", "engine", "upload", "evaluated_at"),
            *("evaluated_by", "is_approved"),
        )

    def get_is_approved(self, evaluation: Evaluation) -> bool:
        return bool(self.context["approved"] == evaluation.pk)


class EvaluationFilter(FilterSet):
    as_of = AsOfFilter(
        "evaluated_at__date",
        "lte",
        help_text=_("到那天为止的测算结果，is_approved 是那天结束时的；不能是以后。"),
    )


class EvaluationResource(SelfCheckRows):
    model = Evaluation
    related = ("self_check", "standard", "upload", "evaluated_by")
    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter
    lookup_field = "number"
    table_name = "evaluations"
    texts = {
        "list": _("每次报送时的测算结果，最近的在前。"),
        "retrieve": _("某一次报送时的测算结果全文。"),
    }

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "approved": SimpleLazyObject(self._approved)}

    def _approved(self) -> int | None:
        """The key of the result that was approved on the day asked about, or is today."""
        own = self_check_of(self.request.user, self.kwargs["reference"])
        day = self.request.query_params.get("as_of")
        if not day:
            return own.approved_evaluation_id
        stood = standing(APPROVING, day=date.fromisoformat(day)).filter(self_check=own)
        keys = stood.order_by("-number").values_list("evaluation", flat=True)
        return keys.first()

    def get_queryset(self) -> QuerySet[Evaluation]:
        return super().get_queryset().defer("inputs", "rules", "outcome")

    @extend_schema(responses={200: OutcomeSerializer})
    def retrieve(self, request: Request, **_address: Any) -> Response:
        return self.chosen(Response(self.get_object().outcome))
