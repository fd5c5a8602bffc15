"""Check and submit: what is looked at before signing, the steps, the receipt and the trail."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from audit.refusals import Conflict
from districts.access import SignedInRequest
from selfchecks import results
from selfchecks.attention import Words
from selfchecks.bureau.access import of_self_check, shown
from selfchecks.bureau.differences import Differences, differences_of
from selfchecks.bureau.overview import newer_held
from selfchecks.bureau.warnings import warnings_of
from selfchecks.forms import StepForm, kept_text, number_in, step_forms
from selfchecks.models import ReviewEntry, SelfCheck, State, Upload
from selfchecks.remarks import with_parts
from selfchecks.results import verdicts_in_words
from selfchecks.services import looking
from selfchecks.services.attending import attend
from selfchecks.services.attention import Kind
from selfchecks.services.checking import last_year_of
from selfchecks.services.differences import compare, compare_units, compare_verdicts
from selfchecks.services.documents import documents_of
from selfchecks.services.reported import from_payload, from_records
from selfchecks.services.signatures import checked_of
from selfchecks.services.steps import AlreadyTaken, open_steps, take_step
from selfchecks.workflow import SENDING, STEP, SUBMITTING, steps_with

RETURNING = steps_with(target=State.RETURNED)
AT_ONCE = 4  # items a chief reads before the first fold: as many as a phone shows


@of_self_check("comment")
def check(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Everything to look at before signing; the buttons below are the steps open to the reader."""
    tried, typed = None, kept_text(request)
    if request.method == "POST":
        tried = _form(request, request.POST.get("step", ""))
        entry = _take(request, self_check, tried)
        if entry:
            return _after(self_check, entry)
    try:
        context = _to_check(self_check)
    except Conflict as refusal:
        return shown(request, "result", self_check, refusal=refusal)
    offers = sorted(
        open_steps(self_check, request.user), key=lambda offer: not offer.step.needs_complete_upload
    )
    steps = step_forms(offers, request.user, tried, typed)
    context["has_open"] = any(offer.is_open for offer in offers)
    return shown(request, "check", self_check, form=tried, steps=steps, **context)


def _form(request: SignedInRequest, name: str) -> StepForm:
    if name not in STEP:
        raise Http404
    return StepForm.sent(request, step=STEP[name])


def _take(request: SignedInRequest, self_check: SelfCheck, form: StepForm) -> ReviewEntry | None:
    try:
        entry = form.carry_out(
            take_step,
            self_check=self_check,
            by=request.user,
            evaluation_digest=request.POST.get("digest") or None,
            expected_version=number_in(request, "version"),
        )
    except AlreadyTaken as taken:
        messages.info(request, str(taken))
        return taken.entry
    if entry:
        done = {"step": form.step.label, "state": entry.get_to_state_display()}
        messages.success(request, _("已办理「%(step)s」，现在的状态是「%(state)s」。") % done)
    return entry


def _after(self_check: SelfCheck, entry: ReviewEntry) -> HttpResponse:
    if STEP[entry.step].evaluates:
        return redirect("self-check-receipt", self_check.reference, entry.number)
    return redirect("self-check", self_check.reference)


def _to_check(self_check: SelfCheck) -> dict[str, Any]:
    """Raises Conflict when the figures cannot be evaluated."""
    current = self_check.current
    page = results.build(self_check)
    context = {
        "page": page,
        "current": current,
        "newer": newer_held(self_check, current),
        "evidence": self_check.evidence.count(),
        "documents": documents_of(self_check),
    }
    if current and page:
        context |= {
            "returned": _last_return(self_check),
            "last_year": _last_year(self_check),
            "last_version": _last_version(self_check, current),
            "warnings": warnings_of(current, {}),
            "unexplained": len(current.unexplained()),
            **_eyes(self_check, current, page),
        }
    return context


def _eyes(self_check: SelfCheck, current: Upload, page: results.ResultPage) -> dict[str, Any]:
    """What the inspector will look at first, and which verdicts are not last year's."""
    if page.evaluation:
        basis, found = looking.look(self_check, page.evaluation)
    else:
        basis = looking.before_submission(self_check, current, page.outcome)
        found = attend(basis)
    sections, names = Words(page).sections(found), with_parts(page.names)
    lines = [line for section in sections for line in section.lines]
    year = basis.outcome_of(Kind.YEAR)
    return {
        "eyes": lines[:AT_ONCE],
        "more_eyes": lines[AT_ONCE:],
        "eyes_left": sum(section.more for section in sections),
        "verdicts": verdicts_in_words(compare_verdicts(year, page.outcome), names) if year else [],
        "units": verdicts_in_words(compare_units(year, page.outcome), names) if year else [],
    }


def _last_return(self_check: SelfCheck) -> dict[str, Any]:
    """The entry that sent the figures back, and what is different from them."""
    entries = self_check.trail.filter(step__in=RETURNING).select_related("evaluation")
    entry = entries.last()
    evaluation = entry and (entry.evaluation or self_check.approved_evaluation)
    if evaluation is None:
        return {}
    found = compare(from_payload(evaluation.inputs), from_records(self_check))
    return {"entry": entry, "changes": differences_of(self_check, found.as_dict(most=None))}


def _last_year(self_check: SelfCheck) -> Differences | None:
    before = last_year_of(self_check)
    if not before.schools:
        return None
    found = compare(before, from_records(self_check))
    return differences_of(self_check, found.as_dict(most=None))


def _last_version(self_check: SelfCheck, current: Upload) -> Differences | None:
    counted = self_check.uploads.filter(kept_at__isnull=False).count()
    has_earlier = current.changes and counted > 1
    return differences_of(self_check, current.changes) if has_earlier else None


@of_self_check()
def receipt(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    rows = ReviewEntry.objects.select_related("upload__uploaded_by", "evaluation", "actor")
    found = {"self_check": self_check, "number": number, "step__in": SUBMITTING}
    entry = rows.get_visible(request.user, **found)
    entry.self_check = self_check
    # Not whoever uploaded: figures may have been corrected by the city since.
    sent = self_check.trail.filter(step__in=SENDING, number__lt=entry.number).last()
    officer = sent.actor_name if sent else _("没有记录")
    return shown(request, "receipt", self_check, entry=entry, officer=officer)


@of_self_check()
def signatures(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Every signed step, its signature checked now."""
    checked = [(each, STEP[each.entry.step].label) for each in checked_of(self_check)]
    return shown(request, "signatures", self_check, checked=checked)


@of_self_check()
def trail(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Every step, newest first, and every version."""
    entries = self_check.trail.select_related("upload", "evaluation").order_by("-number")
    labelled = [(entry, STEP[entry.step].label) for entry in entries]
    versions = self_check.uploads.select_related("uploaded_by")
    return shown(request, "trail", self_check, entries=labelled, versions=versions)
