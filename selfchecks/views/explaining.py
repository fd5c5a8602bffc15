"""What figures cannot say: reasons for warnings, and documents as evidence."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import Refused
from selfchecks import files
from selfchecks.forms import EvidenceForm, reasons_in
from selfchecks.models import EvidenceItem, SelfCheck, Upload
from selfchecks.pages.findings import problems
from selfchecks.services import uploads
from selfchecks.services.evidence import add_evidence, remove_evidence
from selfchecks.views.access import kept_text, of_self_check
from selfchecks.views.uploads import offered


def _current(self_check: SelfCheck) -> Upload | None:
    current: Upload | None = self_check.uploads.filter(is_current=True).first()
    if current:
        current.self_check = self_check
    return current


@of_self_check("reason_")
def explanations(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    current = _current(self_check)
    if request.method == "POST" and current:
        reasons = reasons_in(request.POST, current.findings)
        left = uploads.explain(upload=current, reasons=reasons, by=request.user).unexplained()
        messages.success(request, _("说明已保存。"))
        page = "self-check-explanations" if left else "self-check-check"
        return redirect(page, reference=self_check.reference)
    return _show(request, self_check, current, kept_text(request))


def _show(
    request: HttpRequest,
    self_check: SelfCheck,
    current: Upload | None,
    typed: dict[str, str],
    form: EvidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = [row for row in current.findings if row["level"] == "warning"] if current else []
    context: dict[str, Any] = {
        "self_check": self_check,
        "current": current,
        "warnings": tuple(problems(rows, current.reasons if current else {}, typed)),
        "unexplained": len(current.unexplained()) if current else 0,
        "evidence": self_check.evidence_items.filter(removed_at=None).select_related("added_by"),
        "names": dict(self_check.standard.indicators.values_list("code", "name")),
        "form": form or _evidence_form(request, self_check),
        "can_write": self_check.is_editable and request.user.role in uploads.MAY_UPLOAD,
    }
    return render(request, "selfchecks/explanations.html", context, status=status)


def _evidence_form(request: HttpRequest, self_check: SelfCheck) -> EvidenceForm:
    """Empty, or with the indicator chosen that a remark spoke of."""
    chosen = {"indicator": request.GET.get("indicator", "")}
    return EvidenceForm(indicators=self_check.standard.indicators.all(), initial=chosen)


@of_self_check("indicator", "note")
def evidence(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    """Adds a file; opened by itself, the address leads to the list."""
    indicators = self_check.standard.indicators.all()
    if request.method != "POST":
        typed = kept_text(request)
        if not typed:
            return redirect("self-check-explanations", reference=self_check.reference)
        form = EvidenceForm(indicators=indicators, initial=typed)
        return _show(request, self_check, _current(self_check), {}, form)
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
    return _show(request, self_check, _current(self_check), {}, form, status)


def _item(request: HttpRequest, self_check: SelfCheck, item: int) -> EvidenceItem:
    rows = EvidenceItem.objects.select_related("self_check__district")
    found: EvidenceItem = rows.get_visible(request.user, self_check=self_check, pk=item)
    return found


@of_self_check()
@require_safe
def evidence_file(request: HttpRequest, self_check: SelfCheck, item: int) -> HttpResponse:
    found = _item(request, self_check, item)
    return offered(files.content_of(found), found.display_name)


@of_self_check()
def evidence_removal(request: HttpRequest, self_check: SelfCheck, item: int) -> HttpResponse:
    found = _item(request, self_check, item)
    if request.method == "POST":
        remove_evidence(item=found, by=request.user)
        messages.success(request, _("佐证材料已撤下;报送过的仍留存备查。"))
    return redirect("self-check-explanations", reference=self_check.reference)
