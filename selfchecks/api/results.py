"""What a self-check comes to: the present result, and every snapshot that was submitted."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api.outcome import OutcomeSerializer
from selfchecks.models import Evaluation
from selfchecks.services.evaluations import outcome_of

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
        return evaluation.self_check.approved_evaluation_id == evaluation.pk


class EvaluationResource(SelfCheckRows):
    model = Evaluation
    related = ("self_check", "standard", "upload", "evaluated_by")
    serializer_class = EvaluationSerializer
    lookup_field = "number"
    table_name = "evaluations"
    texts = {
        "list": _("每次报送时的测算结果，最近的在前。"),
        "retrieve": _("某一次报送时的测算结果全文。"),
    }

    def get_queryset(self) -> QuerySet[Evaluation]:
        return super().get_queryset().defer("inputs", "rules", "outcome")

    @extend_schema(responses={200: OutcomeSerializer})
    def retrieve(self, request: Request, **_address: Any) -> Response:
        return self.chosen(Response(self.get_object().outcome))
