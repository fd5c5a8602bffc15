"""One document as a .docx or an .xlsx, the same as the pages offer."""

from typing import Any
from urllib.parse import quote

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES, Role
from papers.kinds import KINDS
from papers.names import Name
from papers.services.making import WORD, book, make
from rest.permissions import allow
from rest.views import ApiView
from schedule.api.progress import DayField
from schedule.services.reading import today
from selfchecks.api.uploads import BytesRenderer, WorkbookRenderer
from selfchecks.files import fingerprint


class DocumentRenderer(WorkbookRenderer):
    media_type = WORD
    format = "docx"


LOOKING_BACK = _(
    "截至哪一天，不能是以后；不写就是今天。只有单位情况报告、年度进展通报、复核意见书能看以前的日期，"
    "其他公文只有今天的。"
)


class PaperParameters(serializers.Serializer):
    as_of = DayField(default=today, help_text=LOOKING_BACK)


class PaperView(ApiView):
    permission_classes = [allow(read=[*DISTRICT_ROLES, *MUNICIPAL_ROLES, Role.CLIENT])]
    renderer_classes = [DocumentRenderer, WorkbookRenderer, BytesRenderer]
    parameters_class = PaperParameters
    serializer_class = PaperParameters
    tag = _("公文")
    samples = {"kind": Name.UNIT_REPORT.value, "reference": "500106"}
    texts = {
        "get": _(
            "一份公文（.docx；format=xlsx 得到同样内容的工作簿，数字是数字），"
            "数字与同一天的其他接口一致；总是中文。"
        )
    }

    @extend_schema(responses={200: bytes})
    def get(self, request: Request, kind: str, reference: str) -> Response:
        if kind not in KINDS:
            raise Http404
        subject: Any = KINDS[kind].find(request.user, reference)
        is_book = request.accepted_renderer.media_type == WorkbookRenderer.media_type
        content = (book if is_book else make)(kind, subject, self.parameters()["as_of"])
        name = quote(f"{kind}-{reference}.{'xlsx' if is_book else 'docx'}")
        headers = {
            "ETag": f'"{fingerprint(content)[:32]}"',
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, headers=headers)
