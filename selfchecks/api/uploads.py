"""Workbooks over REST: the template out, a filled one in, its findings, the marked one back."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from audit.refusals import Unusable
from rest.parsers import FormParser
from rest.problems import escaped, problem
from rest.renderers import JsonRenderer, XlsxRenderer
from selfchecks.files import fingerprint
from selfchecks.models import SelfCheck, Upload
from selfchecks.services import uploads, workbooks
from selfchecks.services.blockers import MAY_UPLOAD, refuse_unless_editable
from selfchecks.services.checking import answer_of_preview, preview
from selfchecks.services.findings import BadReasons, answer_of_upload, explain

from .found import (
    SelfCheckRows,
    SelfCheckView,
    refuse_stale,
    self_check_of,
    tag_of,
    writing,
)
from .upload_shapes import (
    AnswerSerializer,
    ReasonsSerializer,
    UploadParameters,
    UploadSerializer,
    WorkbookSerializer,
)

REASONS = OpenApiExample("reasons", value={"reasons": {}}, request_only=True)


class WorkbookRenderer(BaseRenderer):
    """Passes a finished .xlsx on; also as mere bytes, the only file that some clients know."""

    media_type = XlsxRenderer.media_type
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(self, data: Any, media_type: Any = None, renderer_context: Any = None) -> bytes:
        content: bytes = data
        return content


class BytesRenderer(WorkbookRenderer):
    media_type = "application/octet-stream"


def _download(content: bytes, name: str) -> Response:
    headers = {
        "ETag": f'"{fingerprint(content)[:32]}"',
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers)


class TemplateView(SelfCheckView):
    renderer_classes = [WorkbookRenderer, BytesRenderer]
    texts = {"get": gettext_lazy("这份自查的工作簿（.xlsx）：已填好学校名册和上年数据。")}

    @extend_schema(responses={200: bytes})
    def get(self, request: Request, reference: str) -> Response:
        self_check = self_check_of(request.user, reference)
        name = workbooks.template_name(self_check)
        return _download(workbooks.template_for(self_check), name)


class MarkedView(SelfCheckView):
    renderer_classes = [WorkbookRenderer, BytesRenderer]
    texts = {"get": gettext_lazy("上传的工作簿，问题已逐格标注；改正后可直接再传。")}

    @extend_schema(responses={200: bytes})
    def get(self, request: Request, reference: str, number: str) -> Response:
        upload = upload_of(request.user, reference, number)
        return _download(workbooks.marked_workbook(upload), workbooks.marked_name(upload))


def upload_of(viewer: Any, reference: str, number: str) -> Upload:
    self_check = self_check_of(viewer, reference)
    rows = Upload.objects.select_related("self_check__district", "uploaded_by")
    found: Upload = rows.get_visible(viewer, self_check=self_check, number=int(number))
    return found


class UploadResource(SelfCheckRows):
    """Versions of the workbook. A POST is a multipart form with one ``file``."""

    model = Upload
    related = ("uploaded_by",)
    permission_classes = [writing(*MAY_UPLOAD)]
    serializer_class = UploadSerializer
    parser_classes = [FormParser]
    table_name = "uploads"
    texts = {
        "list": gettext_lazy("已上传的各版工作簿，最近的在前。"),
        "create": gettext_lazy("上传填好的工作簿；有错误时应答 422，逐格说明，整份不采用。"),
    }

    @property
    def parameters_class(self) -> Any:  # type: ignore[override]
        return UploadParameters if self.action == "create" else None

    @extend_schema(
        request={"multipart/form-data": WorkbookSerializer},
        responses={200: AnswerSerializer, 201: AnswerSerializer},
    )
    def create(self, request: Request, reference: str) -> HttpResponse:
        self_check = self_check_of(request.user, reference)
        # A new version overwrites none, so If-Match is welcome here and not asked for.
        if "If-Match" in request.headers:
            refuse_stale(request, self_check)
        if set(request.data) - {"file"}:
            WorkbookSerializer(data=request.data).is_valid(raise_exception=True)
        content, name = workbooks.workbook_of(request.FILES.getlist("file"))
        given: dict[str, Any] = {"self_check": self_check, "content": content, "name": name}
        if self.parameters()["dry_run"]:
            refuse_unless_editable(self_check, request.user)
            return Response(answer_of_preview(preview(**given)))
        try:
            received = uploads.keep(**given, by=request.user)
        except uploads.HasErrors as errors:
            return _with_errors(request, errors)
        return _accepted(request, received)


def _accepted(request: Request, received: uploads.Received) -> Response:
    self_check = SelfCheck.objects.select_related("district").get(pk=received.upload.self_check_id)
    return Response(
        answer_of_upload(received.upload, is_unchanged=received.is_unchanged),
        status=200 if received.is_unchanged else 201,
        headers={
            "Location": _address(request, received.upload),
            "ETag": f'"{tag_of(self_check)}"',
        },
    )


def _with_errors(request: Request, errors: uploads.HasErrors) -> HttpResponse:
    """422 with every error at its cell; Location leads to all findings and the marked workbook.

    An answer rather than an exception: the refused file stays on record.
    """
    found = [
        {
            "sheet": finding["sheet"],
            "cell": finding["cell"],
            "code": finding["code"],
            "detail": finding["what"] + finding["expected"] + finding["fix"],
        }
        for finding in answer_of_upload(errors.upload)["findings"]
        if finding["level"] == "error"
    ]
    address = _address(request, errors.upload)
    response = problem(
        request._request,
        422,
        errors.sentence,
        code=errors.code,
        errors=found,
        number=errors.upload.number,
        marked=f"{address}marked/",
    )
    response["Location"] = address
    return response


def _address(request: Request, upload: Upload) -> str:
    names = [upload.self_check.reference, upload.number]
    return str(reverse("self-check-upload", names, request=request))


class UploadView(SelfCheckView):
    permission_classes = [writing(*MAY_UPLOAD)]
    renderer_classes = [JsonRenderer]
    serializer_class = ReasonsSerializer
    texts = {
        "get": gettext_lazy("一版工作簿的检查结果，和它与上一版的差别。"),
        "patch": gettext_lazy("写明警告的原因；有警告没有原因时不能送审。"),
    }

    @extend_schema(responses={200: AnswerSerializer})
    def get(self, request: Request, reference: str, number: str) -> Response:
        return self._answer(upload_of(request.user, reference, number))

    @extend_schema(examples=[REASONS], request=ReasonsSerializer, responses={200: AnswerSerializer})
    def patch(self, request: Request, reference: str, number: str) -> Response:
        upload = upload_of(request.user, reference, number)
        refuse_stale(request, upload.self_check)
        asked = ReasonsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            explained = explain(upload=upload, by=request.user, **asked.validated_data)
        except BadReasons as refusal:
            fields = {f"reasons/{escaped(key)}": said for key, said in refusal.fields.items()}
            raise Unusable(refusal.sentence, code=refusal.code, fields=fields) from refusal
        return self._answer(explained)

    def _answer(self, upload: Upload) -> Response:
        answer = answer_of_upload(upload)
        self_check = SelfCheck.objects.select_related("district").get(pk=upload.self_check_id)
        tag = f"{tag_of(self_check)}.{fingerprint(str(answer).encode())[:8]}"
        return Response(answer, headers={"ETag": f'"{tag}"'})
