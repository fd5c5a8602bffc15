"""What figures cannot say: reasons for warnings, and documents as evidence."""

from collections.abc import Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import Refused
from selfchecks import files
from selfchecks.forms import EvidenceForm
from selfchecks.models import EvidenceItem, SelfCheck, Upload
from selfchecks.pages.findings import warnings_of
from selfchecks.pages.reasons import REASON
from selfchecks.services.blockers import MAY_UPLOAD
from selfchecks.services.evidence import add_evidence, remove_evidence
from selfchecks.services.explaining import BadReasons
from selfchecks.views.access import View, kept_text, of_self_check
from selfchecks.views.reasons import save_reasons
from selfchecks.views.uploads import offered


def _current(self_check: SelfCheck) -> Upload | None:
    current: Upload | None = self_check.uploads.filter(is_current=True).first()
    if current:
        current.self_check = self_check
    return current


def _told_beside_boxes(view: View) -> View:
    """Reasons that cannot be accepted come back in their boxes, with everything else typed."""

    @wraps(view)
    def told(request: HttpRequest, self_check: SelfCheck, **rest: Any) -> HttpResponse:
        try:
            return view(request, self_check, **rest)
        except BadReasons as refusal:
            return _show(request, self_check, request.POST.dict(), refusal=refusal)

    return told


@of_self_check("reason_")
@_told_beside_boxes
def explanations(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    """Reasons and documents stand in one form: whatever button is pressed, both are kept."""
    if request.method != "POST":
        return _show(request, self_check, kept_text(request))
    if request.FILES or request.POST.get("note"):
        return _attach(request, self_check)
    current = _current(self_check)
    saved = save_reasons(request, current) if current else None
    if saved:
        messages.success(request, _("说明已保存。"))
    is_ready = saved and not saved.unexplained()
    page = "self-check-check" if is_ready else "self-check-explanations"
    return redirect(page, reference=self_check.reference)


def _save_too(request: HttpRequest, self_check: SelfCheck) -> None:
    """The reasons that travelled with another button of the page."""
    current = _current(self_check)
    if current and any(name.startswith(REASON) for name in request.POST):
        save_reasons(request, current)


def _show(
    request: HttpRequest,
    self_check: SelfCheck,
    typed: Mapping[str, str],
    form: EvidenceForm | None = None,
    status: int = 200,
    refusal: Refused | None = None,
) -> HttpResponse:
    current = _current(self_check)
    context: dict[str, Any] = {
        "self_check": self_check,
        "current": current,
        "warnings": warnings_of(current, typed) if current else None,
        "unexplained": len(current.unexplained()) if current else 0,
        "evidence": self_check.evidence_items.filter(removed_at=None).select_related("added_by"),
        "form": form or _evidence_form(request, self_check, typed),
        "can_write": self_check.is_editable and request.user.role in MAY_UPLOAD,
        "refusal": refusal,
    }
    status = refusal.status if refusal else status
    return render(request, "selfchecks/explanations.html", context, status=status)


def _evidence_form(
    request: HttpRequest, self_check: SelfCheck, typed: Mapping[str, str]
) -> EvidenceForm:
    """Empty, or with the indicator chosen that a remark spoke of."""
    chosen = {"indicator": request.GET.get("indicator", "")}
    indicators = self_check.standard.indicators.all()
    return EvidenceForm(indicators=indicators, initial={**chosen, **typed})


@of_self_check("indicator", "note", "reason_")
@_told_beside_boxes
def evidence(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    """Adds a file; opened by itself, the address leads to the list."""
    if request.method == "POST":
        return _attach(request, self_check)
    typed = kept_text(request)
    if not typed:
        return redirect("self-check-explanations", reference=self_check.reference)
    return _show(request, self_check, typed)


def _attach(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    _save_too(request, self_check)
    indicators = self_check.standard.indicators.all()
    form = EvidenceForm(request.POST, request.FILES, indicators=indicators)
    status = 422
    if form.is_valid():
        try:
            add_evidence(
                self_check=self_check,
                indicator=form.cleaned_data["indicator"].code,
                content=form.content,
                name=form.cleaned_data["file"].name,
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except Refused as refusal:
            form.take(refusal)
            status = refusal.status
        else:
            messages.success(request, _("佐证材料已附上。"))
            return redirect("self-check-explanations", reference=self_check.reference)
    return _show(request, self_check, {}, form, status)


def _item(request: HttpRequest, self_check: SelfCheck, item: int) -> EvidenceItem:
    rows = EvidenceItem.objects.select_related("self_check__district")
    found: EvidenceItem = rows.get_visible(request.user, self_check=self_check, pk=item)
    return found


@of_self_check()
@require_safe
def evidence_file(request: HttpRequest, self_check: SelfCheck, item: int) -> HttpResponse:
    found = _item(request, self_check, item)
    return offered(files.content_of(found), found.display_name)


@of_self_check("reason_", "indicator", "note")
@_told_beside_boxes
def evidence_removal(request: HttpRequest, self_check: SelfCheck, item: int) -> HttpResponse:
    found = _item(request, self_check, item)
    if request.method != "POST":
        typed = kept_text(request)
        if typed:
            return _show(request, self_check, typed)
    else:
        _save_too(request, self_check)
        remove_evidence(item=found, by=request.user)
        messages.success(request, _("佐证材料已撤下;报送过的仍留存备查。"))
        if request.FILES:
            return _attach(request, self_check)
    return redirect("self-check-explanations", reference=self_check.reference)
