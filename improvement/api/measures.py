"""Measures of a school plan over REST: read with their history, added, changed, reported on."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from districts.roles import DISTRICT_ROLES, Role
from districts.services.calendar import working_days
from improvement.api.measure_shapes import (
    MeasureChangeSerializer,
    NewMeasureSerializer,
    NewProgressSerializer,
    WholeMeasureSerializer,
    known,
)
from improvement.api.school_plans import (
    SAMPLES,
    TAG,
    acting,
    plan_of,
    tagged_as,
    version_seen,
)
from improvement.models import Measure, SchoolPlan
from improvement.school_plans.measure import MeasureLine
from improvement.school_plans.workflow import MAY_PREPARE
from improvement.services import measures, progress
from rest.views import ApiView
from selfchecks import clock

ADDED = OpenApiExample(
    "added",
    value={
        "name": "演示：与城区学校结对",
        "amount": "1",
        "unit": "item",
        "office": "bureau",
        "cost": "0",
        "funding": "none",
        "responsible": "演示：教研室",
        "start": "2027-03-01",
        "due": "2027-12-31",
        "reason": "演示：补充一项措施",
    },
    request_only=True,
)
CHANGED = OpenApiExample(
    "changed",
    value={"due": "2027-12-31", "reason": "演示：施工期延长"},
    request_only=True,
)
REPORTED = OpenApiExample("reported", value={"words": "演示：已完成招标"}, request_only=True)


class MeasureView(ApiView):
    serializer_class = WholeMeasureSerializer
    samples = SAMPLES
    tag = TAG

    def found(self, pk: str, number: str) -> Measure:
        """Raises Http404 for somebody else's."""
        plan = plan_of(self.request.user, pk)
        measure = _rows().get_visible(self.request.user, school_plan=plan, number=int(number))
        measure.school_plan = plan
        return measure


class NewMeasureView(MeasureView):
    permission_classes = [acting(*MAY_PREPARE)]
    texts = {"post": _("增加一项措施；批准过的一校一策要写原因，并须重新审批。")}

    @extend_schema(
        examples=[ADDED], request=NewMeasureSerializer, responses={201: WholeMeasureSerializer}
    )
    def post(self, request: Request, pk: str) -> Response:
        plan = plan_of(request.user, pk)
        said = self.body(NewMeasureSerializer)
        added = measures.add(school_plan=plan, by=request.user, **said)
        address = reverse("school-plan-measure", [plan.pk, added.number], request=request)
        return _shown(added, status=201, Location=address)


class OneMeasureView(MeasureView):
    permission_classes = [acting(*MAY_PREPARE)]
    texts = {
        "get": _("一项措施：内容、报告的进展和改动的记录。"),
        "patch": _("修改一项措施；If-Match 里写取回它时的 ETag。批准过的要写原因，并须重新审批。"),
    }

    def get(self, request: Request, pk: str, number: str) -> Response:
        return _shown(self.found(pk, number))

    @extend_schema(
        examples=[CHANGED],
        request=MeasureChangeSerializer(partial=True),
        responses={200: WholeMeasureSerializer},
    )
    def patch(self, request: Request, pk: str, number: str) -> Response:
        measure = self.found(pk, number)
        seen = version_seen(request, measure.school_plan)
        said = self.body(MeasureChangeSerializer, partial=True)
        return _shown(measures.change(measure=measure, by=request.user, expected=seen, **said))


class ProgressView(MeasureView):
    permission_classes = [acting(*DISTRICT_ROLES, Role.CLIENT)]
    texts = {"post": _("报告一项措施的进展：累计完成多少，或者一句说明；批准以后才能报告。")}

    @extend_schema(
        examples=[REPORTED],
        request=NewProgressSerializer,
        responses={201: WholeMeasureSerializer},
    )
    def post(self, request: Request, pk: str, number: str) -> Response:
        measure = self.found(pk, number)
        progress.report(measure=measure, by=request.user, **self.body(NewProgressSerializer))
        return _shown(measure, status=201)


def _rows() -> Any:
    history = ("progress__reported_by", "revisions__made_by")
    return Measure.objects.with_done().prefetch_related(*history)


def _shown(measure: Measure, status: int = 200, **headers: str) -> Response:
    fresh = _rows().get(pk=measure.pk)
    plan = SchoolPlan.objects.get(pk=fresh.school_plan_id)
    line = MeasureLine(fresh, clock.today(), working_days())
    return tagged_as(plan, WholeMeasureSerializer(known(line)).data, status, **headers)
