"""Check and submit: the summary before signature, the steps, the receipt and the trail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import Conflict, Unusable
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.pages import checking
from selfchecks.services.steps import AlreadyTaken, take_step
from selfchecks.views.access import kept_text, of_self_check


@of_self_check("comment")
def check(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    """Everything to look at before signing; the buttons below are the steps open to the reader."""
    typed = kept_text(request)
    refusal = None
    if request.method == "POST":
        try:
            return _take(request, self_check)
        except Unusable as unusable:
            refusal, typed = unusable, request.POST.dict()
    try:
        page = checking.build(self_check, request.user, typed, refusal)
    except Conflict as conflict:
        context = {"self_check": self_check, "refusal": conflict}
        return render(request, "selfchecks/result.html", context, status=conflict.status)
    status = refusal.status if refusal else 200
    context = {"self_check": self_check, "page": page}
    return render(request, "selfchecks/check.html", context, status=status)


def _take(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    seen = request.POST.get("version", "")
    try:
        entry = take_step(
            self_check=self_check,
            step=request.POST.get("step", ""),
            by=request.user,
            comment=request.POST.get("comment", ""),
            evaluation_digest=request.POST.get("digest") or None,
            expected_version=int(seen) if seen.isdecimal() else None,
        )
    except AlreadyTaken as taken:
        messages.info(request, str(taken))
        entry = taken.entry
    else:
        messages.success(request, checking.done_words(entry))
    if entry.step == "submit":
        return redirect("self-check-receipt", reference=self_check.reference, number=entry.number)
    return redirect("self-check", reference=self_check.reference)


@of_self_check()
@require_safe
def receipt(request: HttpRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    rows = ReviewEntry.objects.select_related("upload__uploaded_by", "evaluation", "actor")
    entry = rows.get_visible(request.user, self_check=self_check, number=number, step="submit")
    entry.self_check = self_check
    # Not whoever uploaded: figures may have been corrected by the city since.
    sent = self_check.trail.filter(step="send_for_signature", number__lt=entry.number).last()
    officer = sent.actor_name if sent else _("没有记录")
    context = {"self_check": self_check, "entry": entry, "officer": officer}
    return render(request, "selfchecks/receipt.html", context)


@of_self_check()
@require_safe
def trail(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    context = {
        "self_check": self_check,
        "entries": checking.trail_of(self_check),
        "versions": self_check.uploads.select_related("uploaded_by"),
        "evaluations": self_check.evaluations.defer("inputs", "rules", "outcome"),
    }
    return render(request, "selfchecks/trail.html", context)
