"""What is done about a visit over REST: its steps, the record of a school, what was found there."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from improvement.api.visits import (
    TAG,
    WRITING,
    VisitedSchoolSerializer,
    WholeVisitSerializer,
    whole,
)
from improvement.models import Finding, FindingKind, Visit, VisitState
from improvement.services import visit_schools, visits
from improvement.services.demo_visits import SHOWN
from improvement.visits.page import VisitPage
from improvement.visits.steps import STEPS
from rest.parsers import FormParser
from rest.serializers import OneOfField, StrictSerializer, WholeNumberField
from rest.views import ApiView, seen_tag, with_tag
from selfchecks.contents import MOST_BYTES

BY_PEOPLE = [(step.name, step.label) for step in STEPS if step.is_offered]
UNSEEN = "none"  # the tag of a school that has no record yet
TAKEN = OpenApiExample(
    "cancel", value={"step": "cancel", "words": "演示：学校考试，改期到下月"}, request_only=True
)
RECORDED = OpenApiExample("missed", value={"words": "演示：道路施工，没有到校"}, request_only=True)
FOUND = OpenApiExample(
    "found",
    value={
        "kind": "figure",
        "indicator": "A7",
        "words": "演示：多媒体教室少于报送的数",
        "reported": "24 间",
        "found": "22 间",
    },
    request_only=True,
)


class VisitStepSerializer(StrictSerializer):
    step = OneOfField(
        choices=BY_PEOPLE,
        help_text=_(
            "finish 结束查看，take_back 收回结束，draw_again 重新抽样，cancel 取消查看；"
            "记录第一所学校就开始查看。"
        ),
    )
    words = serializers.CharField(max_length=1000, help_text=_("总的结论，或者原因。"))
    count = WholeNumberField(
        required=False,
        min_value=1,
        max_value=visits.MOST,
        help_text=_("重新抽样时抽几所；不写同上一次。"),
    )


class VisitStepsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=VisitState.choices)
    steps = serializers.ListField(
        child=serializers.ChoiceField(choices=BY_PEOPLE), help_text=_("您现在能办理的步骤。")
    )


class SchoolRecordedSerializer(StrictSerializer):
    visited_on = serializers.DateField(
        required=False, allow_null=True, help_text=_("到校日期，抽样以后、今天以前；没有到校不写。")
    )
    words = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=1000,
        help_text=_("看了什么；没有到校的必须写明原因。"),
    )


class NewFindingSerializer(StrictSerializer):
    kind = OneOfField(
        choices=FindingKind.choices,
        help_text=_("figure 数据与实际不符，evidence 材料缺失或不实，condition 办学条件或管理。"),
    )
    indicator = serializers.CharField(
        required=False, allow_blank=True, max_length=8, help_text=_("涉及的指标的代码。")
    )
    words = serializers.CharField(max_length=900, help_text=_("发现的问题。"))
    reported = serializers.CharField(
        required=False, max_length=40, help_text=_("报送的数，带单位；数据不符时必填。")
    )
    found = serializers.CharField(
        required=False, max_length=40, help_text=_("现场看到的数，带单位；数据不符时必填。")
    )


class VisitView(ApiView):
    """``found`` is the visit an address names, within the reader's scope."""

    permission_classes = [WRITING]
    serializer_class = WholeVisitSerializer
    samples = {"id": "2", "school": SHOWN, "number": "1", "account": "inspector"}
    tag = TAG

    def found(self, pk: str) -> Visit:
        """Raises Http404 for somebody else's."""
        rows = Visit.objects.select_related("district")
        visit: Visit = rows.get_visible(self.request.user, pk=int(pk))
        return visit

    def shown(self, pk: str, status: int = 200) -> Response:
        return whole(self.found(pk), status)


class VisitStepView(VisitView):
    needs_if_match = True
    texts = {
        "get": _("一次查看现在有哪些步骤可由您办理。"),
        "post": _("结束、收回结束、重新抽样或取消；If-Match 里写取回它时的 ETag。"),
    }

    @extend_schema(responses={200: VisitStepsSerializer})
    def get(self, request: Request, pk: str) -> Response:
        visit = self.found(pk)
        offers = visits.open_steps(visit, request.user)
        steps = [offer.step.name for offer in offers if offer.is_open]
        return with_tag(visits.tag_of(visit), {"state": visit.state, "steps": steps})

    @extend_schema(
        examples=[TAKEN], request=VisitStepSerializer, responses={200: WholeVisitSerializer}
    )
    def post(self, request: Request, pk: str) -> Response:
        visit = self.found(pk)
        seen = seen_tag(request, visits.tag_of(visit))
        said = self.body(VisitStepSerializer)
        visits.take_step(visit=visit, by=request.user, expected=seen, **said)
        return self.shown(pk)


class VisitSchoolView(VisitView):
    needs_if_match = True
    texts = {
        "get": _("一所抽中的学校：到校记录和现场发现。"),
        "post": _("记录到校，或者没有到校的原因；If-Match 里写取回这所学校时的 ETag。"),
    }

    @extend_schema(responses={200: VisitedSchoolSerializer})
    def get(self, request: Request, pk: str, school: str) -> Response:
        line = self._line(pk, school)
        return with_tag(_tag_of(line), VisitedSchoolSerializer(line).data)

    @extend_schema(
        examples=[RECORDED],
        request=SchoolRecordedSerializer,
        responses={200: VisitedSchoolSerializer},
    )
    def post(self, request: Request, pk: str, school: str) -> Response:
        current = _tag_of(self._line(pk, school))
        seen = seen_tag(request, current)
        expected = "" if seen == UNSEEN else "stale" if seen == "" else seen
        about = {"visit": self.found(pk), "school": school, "by": request.user}
        said = self.body(SchoolRecordedSerializer)
        visit_schools.record_school(**about, expected=expected, **said)
        return self.get(request, pk, school)

    def _line(self, pk: str, school: str) -> Any:
        line = VisitPage(self.found(pk)).line_of(school)
        if line is None:
            raise Http404
        return line


def _tag_of(line: Any) -> str:
    return visit_schools.tag_of(line.record) or UNSEEN


class NewFindingView(VisitView):
    texts = {"post": _("记一个现场发现的问题；同样的话再发一次不会记两次。")}

    @extend_schema(
        examples=[FOUND], request=NewFindingSerializer, responses={201: WholeVisitSerializer}
    )
    def post(self, request: Request, pk: str, school: str) -> Response:
        about = {"visit": self.found(pk), "school": school, "by": request.user}
        visit_schools.add_finding(**about, **self.body(NewFindingSerializer))
        return self.shown(pk, status=201)


class FindingView(VisitView):
    """``finding`` is the one an address names, within the reader's scope."""

    def finding(self, pk: str, school: str, number: str) -> Finding:
        """Raises Http404 for somebody else's."""
        rows = Finding.objects.select_related("school__visit__district")
        at = {"school__visit": self.found(pk), "school__school_code": school}
        row: Finding = rows.get_visible(self.request.user, number=int(number), **at)
        return row


class PhotoSerializer(StrictSerializer):
    file = serializers.FileField(help_text=_("JPG 或 PNG，最大 10 MB；拍摄的位置和设备不保存。"))


class NewPhotoView(FindingView):
    """A POST is a multipart form with one ``file``."""

    parser_classes = [FormParser]
    texts = {"post": _("给一个现场发现加一张照片，查看结束前都可以；同一张不重复。")}

    @extend_schema(
        request={"multipart/form-data": PhotoSerializer}, responses={201: WholeVisitSerializer}
    )
    def post(self, request: Request, pk: str, school: str, number: str) -> Response:
        finding = self.finding(pk, school, number)
        PhotoSerializer(data=request.data).is_valid(raise_exception=True)
        file = request.FILES["file"]
        about: dict[str, Any] = {"content": file.read(MOST_BYTES + 1), "name": file.name or ""}
        visit_schools.add_photo(finding=finding, by=request.user, **about)
        return self.shown(pk, status=201)


class FindingRemovalView(FindingView):
    texts = {"post": _("撤回一个现场发现和它的照片；记录仍保留。")}

    @extend_schema(request=None, responses={200: WholeVisitSerializer})
    def post(self, request: Request, pk: str, school: str, number: str) -> Response:
        visit_schools.remove_finding(finding=self.finding(pk, school, number), by=request.user)
        return self.shown(pk)
