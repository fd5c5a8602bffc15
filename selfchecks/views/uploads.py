"""The workbook: template, upload, what the check found, taking it over, the marked file."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import Refused, Stale
from selfchecks import files
from selfchecks.forms import UploadForm, workbook_of
from selfchecks.models import SelfCheck, Upload, UploadStatus
from selfchecks.pages import findings
from selfchecks.services import uploads, workbooks
from selfchecks.services.checking import FileRefused
from selfchecks.views.access import kept_text, of_self_check
from selfchecks.views.reasons import save_reasons
from workbooks.findings import Refused as UnmarkableFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offered(content: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Bytes to save, never to be shown by the browser itself."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@of_self_check()
@require_safe
def template(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    content = workbooks.template_for(self_check)
    return offered(content, workbooks.template_name(self_check), XLSX)


@of_self_check("reason_", "of")
def upload(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    """Takes a workbook in; reasons typed beside the file are saved whatever becomes of it."""
    if request.method == "POST":
        return _receive(request, self_check)
    typed = kept_text(request)
    shown = _spoken_of(request, self_check, typed)
    if shown:
        return _show_version(request, shown, typed)
    return _show_upload(request, self_check, UploadForm())


def _spoken_of(
    request: HttpRequest, self_check: SelfCheck, posted: Mapping[str, str]
) -> Upload | None:
    """The version whose page the file was sent from."""
    number = posted.get("of", "")
    if not number.isdecimal():
        return None
    return _find(request, self_check, int(number[:9]))


def _receive(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    before = _spoken_of(request, self_check, request.POST)
    if before and before.status == UploadStatus.HELD:
        try:
            save_reasons(request, before)
        except uploads.BadReasons as refusal:
            return _show_version(request, before, request.POST.dict(), refusal)
    try:
        content, name = workbook_of(request.FILES.getlist("file"))
        kept = uploads.receive(self_check=self_check, content=content, name=name, by=request.user)
    except Refused as refusal:
        form = UploadForm({}, {})
        form.is_valid()
        form.take(refusal)
        return _show_upload(request, self_check, form, refusal.status)
    return _received(request, kept)


def _show_upload(
    request: HttpRequest, self_check: SelfCheck, form: UploadForm, status: int = 200
) -> HttpResponse:
    context = {
        "self_check": self_check,
        "form": form,
        "versions": self_check.uploads.select_related("uploaded_by"),
        "can_upload": self_check.is_editable and request.user.role in uploads.MAY_UPLOAD,
    }
    return render(request, "selfchecks/upload.html", context, status=status)


def _received(request: HttpRequest, kept: uploads.Kept) -> HttpResponse:
    if kept.is_unchanged:
        number = kept.upload.number
        messages.info(request, _("无变化:这个文件和第 %s 版完全相同,没有另存新版。") % number)
    return _to_version(kept.upload)


def _to_version(upload: Upload) -> HttpResponse:
    reference = upload.self_check.reference
    return redirect("self-check-version", reference=reference, number=upload.number)


def _find(request: HttpRequest, self_check: SelfCheck, number: int) -> Upload:
    rows = Upload.objects.select_related("uploaded_by")
    found: Upload = rows.get_visible(request.user, self_check=self_check, number=number)
    found.self_check = self_check
    return found


@of_self_check("reason_")
def version(request: HttpRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    """What the check of one version found; confirming takes its figures over."""
    found = _find(request, self_check, number)
    if request.method != "POST":
        return _show_version(request, found, kept_text(request))
    if request.FILES:  # whoever chose another file does not mean this one
        return _receive(request, self_check)
    try:
        return _confirm(request, found)
    except Stale as refusal:
        return _show_version(request, _find(request, self_check, number), {}, refusal)
    except uploads.BadReasons as refusal:
        return _show_version(request, found, request.POST.dict(), refusal)


def _show_version(
    request: HttpRequest, upload: Upload, typed: Mapping[str, str], refusal: Refused | None = None
) -> HttpResponse:
    self_check = upload.self_check
    if refusal:
        self_check.refresh_from_db(fields=["version", "state"])
    can_write = self_check.is_editable and request.user.role in uploads.MAY_UPLOAD
    context = {
        "self_check": self_check,
        "page": findings.build(upload, can_write=can_write, typed=typed),
        "upload": upload,
        "form": UploadForm(),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "selfchecks/version.html", context, status=status)


def _confirm(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The very bytes that were looked at are checked again and taken over."""
    if upload.status != UploadStatus.REFUSED:
        upload = save_reasons(request, upload)
    seen = request.POST.get("counts", "")
    counts = int(seen[:9]) if seen.isdecimal() else None
    kept = uploads.confirm(upload=upload, by=request.user, counts=counts)
    reference = kept.upload.self_check.reference
    if kept.upload.unexplained():
        messages.info(request, _("数据已采用。还有警告没有写明原因,送审前请逐条说明。"))
        return redirect("self-check-explanations", reference=reference)
    messages.success(request, _("第 %s 版已采用。请核对后送负责人审签。") % kept.upload.number)
    return redirect("self-check-check", reference=reference)


@of_self_check()
@require_safe
def marked(request: HttpRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    found = _find(request, self_check, number)
    try:
        content = workbooks.marked_workbook(found)
    except UnmarkableFile as refused:
        raise FileRefused(refused) from refused
    return offered(content, workbooks.marked_name(found), XLSX)


@of_self_check()
@require_safe
def original(request: HttpRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    found = _find(request, self_check, number)
    return offered(files.content_of(found), found.display_name)
