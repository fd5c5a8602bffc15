"""What figures cannot say: reasons for warnings, and documents as evidence."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from districts.access import SignedInRequest
from selfchecks import files
from selfchecks.bureau.access import may_write, of_self_check, shown
from selfchecks.bureau.warnings import REASON, save_reasons, warnings_of
from selfchecks.forms import EvidenceForm, kept_text
from selfchecks.models import EvidenceItem, SelfCheck, Upload
from selfchecks.services.evidence import add_evidence, remove_evidence
from selfchecks.services.findings import BadReasons

PAGE = "self-check-explanations"


@of_self_check(REASON, "indicator", "note")
def explanations(
    request: SignedInRequest,
    self_check: SelfCheck,
    item: int | None = None,
    *,
    is_page: bool = True,
) -> HttpResponse:
    """Reasons and documents stand in one form: whatever button is pressed, both are saved.

    ``item`` is the document to take down. Buttons have addresses of their own, which lead back
    to the page when opened by themselves.
    """
    if request.method != "POST":
        typed = kept_text(request)
        if is_page or typed:
            return _show(request, self_check, typed)
        return redirect(PAGE, self_check.reference)
    found = None if item is None else _item(request, self_check, item)
    attaches = request.FILES or (request.POST.get("note") if is_page else item is None)
    try:
        saved = _save(request, self_check, is_asked=is_page and not attaches)
    except BadReasons as refusal:
        return _show(request, self_check, request.POST.dict(), refusal=refusal)
    if found:
        remove_evidence(item=found, by=request.user)
        messages.success(request, _("佐证材料已撤下;报送过的仍留存备查。"))
    if attaches:
        return _attach(request, self_check)
    if saved and is_page:
        messages.success(request, _("说明已保存。"))
    is_ready = saved and is_page and not saved.unexplained()
    return redirect("self-check-check" if is_ready else PAGE, self_check.reference)


def _save(request: SignedInRequest, self_check: SelfCheck, *, is_asked: bool) -> Upload | None:
    """The reasons that were asked to be saved or travelled with another button of the page."""
    current = self_check.current
    travelled = any(name.startswith(REASON) for name in request.POST)
    return save_reasons(request, current) if current and (is_asked or travelled) else None


def _attach(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    form = EvidenceForm.sent(request, indicators=self_check.standard.indicators.all())
    if form.carry_out(add_evidence, self_check=self_check, by=request.user):
        messages.success(request, _("佐证材料已附上。"))
        return redirect(PAGE, self_check.reference)
    return _show(request, self_check, {}, form)


def _show(
    request: SignedInRequest,
    self_check: SelfCheck,
    typed: Mapping[str, str],
    form: EvidenceForm | None = None,
    refusal: BadReasons | None = None,
) -> HttpResponse:
    current = self_check.current
    if form is None:  # with the indicator chosen that a remark spoke of
        chosen = {"indicator": request.GET.get("indicator", ""), **typed}
        form = EvidenceForm(indicators=self_check.standard.indicators.all(), initial=chosen)
    return shown(
        request,
        "explanations",
        self_check,
        current=current,
        warnings=warnings_of(current, typed) if current else None,
        unexplained=len(current.unexplained()) if current else 0,
        evidence=self_check.evidence.select_related("added_by"),
        form=form,
        can_write=may_write(request, self_check),
        refusal=refusal,
    )


def _item(request: SignedInRequest, self_check: SelfCheck, item: int) -> EvidenceItem:
    rows = EvidenceItem.objects.select_related("self_check__district")
    found: EvidenceItem = rows.get_visible(request.user, self_check=self_check, pk=item)
    return found


@of_self_check()
def evidence_file(request: SignedInRequest, self_check: SelfCheck, item: int) -> HttpResponse:
    found = _item(request, self_check, item)
    return files.offered(files.content_of(found), found.display_name)
