"""The workbook: template, upload, what the check found, taking it over, the marked file."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.refusals import Refused, Stale
from districts.access import SignedInRequest
from districts.tables import FileRefused
from districts.wording import listed
from selfchecks import files
from selfchecks.bureau.access import may_write, of_self_check, shown
from selfchecks.bureau.differences import differences_of
from selfchecks.bureau.warnings import Problem, save_reasons, warnings_of
from selfchecks.forms import UploadForm, kept_text, number_in
from selfchecks.models import SelfCheck, Upload, UploadStatus
from selfchecks.services import uploads, workbooks
from selfchecks.services.checking import preview
from selfchecks.services.findings import BadReasons, in_words
from workbooks.findings import Refused as UnmarkableFile

MOST_SHOWN = 300  # the marked workbook has them all


@of_self_check()
def template(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    content = workbooks.template_for(self_check)
    return files.offered_book(content, workbooks.template_name(self_check))


@of_self_check("reason_", "of")
def upload(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Takes a workbook in; reasons typed beside the file are saved whatever becomes of it."""
    if request.method == "POST":
        return _receive(request, self_check)
    typed = kept_text(request)
    number = typed.get("of", "")
    if number.isdecimal():
        return _show_version(request, _find(request, self_check, int(number[:9])), typed)
    return _show_upload(request, self_check, UploadForm())


def _receive(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    number = number_in(request, "of")  # the version whose page the file was sent from
    before = None if number is None else _find(request, self_check, number)
    if before and before.status == UploadStatus.HELD:
        try:
            save_reasons(request, before)
        except BadReasons as refusal:
            return _show_version(request, before, request.POST.dict(), refusal)
    form = UploadForm.sent(request)
    done = form.carry_out(uploads.receive, self_check=self_check, by=request.user)
    if done is None:
        return _show_upload(request, self_check, form)
    found = done.upload
    if done.is_unchanged:
        sentence = _("无变化：这个文件和第 %s 版完全相同，没有另存新版。")
        messages.info(request, sentence % found.number)
    return redirect("self-check-version", self_check.reference, found.number)


def _show_upload(request: SignedInRequest, self_check: SelfCheck, form: UploadForm) -> HttpResponse:
    versions = self_check.uploads.select_related("uploaded_by")
    can_upload = may_write(request, self_check)
    return shown(request, "upload", self_check, form=form, versions=versions, can_upload=can_upload)


def _find(request: SignedInRequest, self_check: SelfCheck, number: int) -> Upload:
    rows = Upload.objects.select_related("uploaded_by")
    found: Upload = rows.get_visible(request.user, self_check=self_check, number=number)
    found.self_check = self_check
    return found


@of_self_check("reason_")
def version(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
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
    except BadReasons as refusal:
        return _show_version(request, found, request.POST.dict(), refusal)


def _confirm(request: SignedInRequest, found: Upload) -> HttpResponse:
    """The very bytes that were looked at are checked again and taken over."""
    if found.status != UploadStatus.REFUSED:
        found = save_reasons(request, found)
    counts = number_in(request, "counts")
    current = uploads.confirm(upload=found, by=request.user, counts=counts).upload
    reference = current.self_check.reference
    if current.unexplained():
        messages.info(request, _("数据已采用。还有警告没有写明原因，送审前请逐条说明。"))
        return redirect("self-check-explanations", reference)
    messages.success(request, _("第 %s 版已采用。请核对后送负责人审签。") % current.number)
    return redirect("self-check-check", reference)


def _show_version(
    request: SignedInRequest,
    found: Upload,
    typed: Mapping[str, str],
    refusal: Refused | None = None,
) -> HttpResponse:
    self_check = found.self_check
    if refusal:
        self_check.refresh_from_db(fields=["version", "state"])
    can_write = may_write(request, self_check)
    return shown(
        request,
        "version",
        self_check,
        upload=found,
        form=UploadForm(),
        refusal=refusal,
        can_write=can_write,
        banner=_banner(found),
        **_problems(found, typed),
        **_compared(found, can_write),
    )


def _banner(found: Upload) -> str:
    told = _numbers(found.error_count, found.warning_count)
    return told or _("%s 所学校，0 个问题") % found.school_count


def _numbers(errors: int, warnings: int) -> str:
    """What must be corrected and what is to be looked at are never one sum."""
    must = ngettext("%s 个问题必须修改", "%s 个问题必须修改", errors) % errors
    look = ngettext("%s 个问题需要确认", "%s 个问题需要确认", warnings) % warnings
    return listed([must] * (errors > 0) + [look] * (warnings > 0))


def _problems(found: Upload, typed: Mapping[str, str]) -> dict[str, Any]:
    """Only the rows with problems, as many as the page has room for."""
    errors = _of_level(found, "error")
    warnings = warnings_of(found, typed, most=MOST_SHOWN - len(errors))
    hidden = found.error_count - len(errors), found.warning_count - warnings.shown
    return {
        "errors": errors,
        "warnings": warnings,
        "notices": _of_level(found, "notice"),
        "problem_count": found.error_count + found.warning_count,
        "hidden": _numbers(*hidden),
    }


def _of_level(found: Upload, level: str) -> list[Problem]:
    rows = [row for row in found.findings if row["level"] == level]
    return [Problem(in_words(row)) for row in rows[:MOST_SHOWN]]


def _compared(found: Upload, can_write: bool) -> dict[str, Any]:
    """Beside the version that counts. A held one is looked at again, exactly as confirming will."""
    is_held = found.status == UploadStatus.HELD
    current = found.self_check.uploads.filter(is_current=True).select_related("uploaded_by").first()
    counted = found.self_check.uploads.filter(kept_at__isnull=False, number__lt=found.number)
    previewed, stored = None, found.changes if counted.exists() else None
    if is_held and can_write:
        content, name = files.content_of(found), found.display_name
        previewed = preview(self_check=found.self_check, content=content, name=name)
        stored = previewed.comparison.as_dict()
    return {
        "current": current,
        "preview": previewed,
        "changes": differences_of(found.self_check, stored) if stored else None,
        # Taking an older one over would bring its figures back.
        "is_older": is_held and current and found.number < current.number,
    }


@of_self_check()
def marked(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    found = _find(request, self_check, number)
    try:
        content = workbooks.marked_workbook(found)
    except UnmarkableFile as refused:
        raise FileRefused(refused) from refused
    return files.offered_book(content, workbooks.marked_name(found))


@of_self_check()
def original(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    found = _find(request, self_check, number)
    return files.offered(files.content_of(found), found.display_name)
