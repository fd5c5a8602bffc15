"""Visits in a list, one visit with its schools and steps, and the protocol of the draw."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.access import SignedInRequest, open_to
from improvement.models import Visit
from improvement.services.visits import take_step
from improvement.visiting.access import READERS, find, shown
from improvement.visiting.forms import DrawForm, StepForm
from improvement.visits import words as words
from improvement.visits.page import VisitPage
from improvement.visits.protocol import protocol_of
from improvement.visits.steps import MAY_VISIT, STEP, steps_from
from selfchecks.forms import kept_text

ON_A_PAGE = 50


@open_to(*READERS)
@require_safe
def listed(request: SignedInRequest) -> HttpResponse:
    """All visits the reader may see; inspectors begin another here."""
    live = Q(schools__findings__removed_at=None, schools__findings__isnull=False)
    rows = Visit.objects.visible_to(request.user).select_related("district")
    rows = rows.annotate(
        seen=Count("schools", Q(schools__visited_on__isnull=False), distinct=True),
        problems=Count("schools__findings", live, distinct=True),
    )
    rows = rows.order_by("-year", "district__code", "-number")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    about: dict[str, Any] = {"rows": page, "looks": words.LOOKS}
    if request.user.role in MAY_VISIT:
        about["asking"] = DrawForm()
    return shown(request, "visits", **about)


@open_to(*READERS, keeps=("words",))
def one(request: SignedInRequest, visit: str) -> HttpResponse:
    """One visit; POST takes a step of the table."""
    found, tried = find(request.user, visit), None
    if request.method == "POST":
        tried = _form(request)
        done = tried.carry_out(take_step, visit=found, by=request.user)
        if done:
            told = {"step": tried.step.label, "state": done.get_state_display()}
            messages.success(request, _("已办理「%(step)s」，现在的状态是「%(state)s」。") % told)
            return redirect("visit", found.reference)
    may = request.user.role in MAY_VISIT
    typed = kept_text(request)
    steps = steps_from(found.state) if may else ()
    forms = [
        tried if tried and tried.step is step else StepForm(step=step, initial=typed)
        for step in steps
    ]
    about = {"page": VisitPage(found), "visit": found, "forms": forms, "may": may}
    return shown(request, "visit", form=tried, **about)


@open_to(*READERS)
@require_safe
def protocol(request: SignedInRequest, visit: str) -> HttpResponse:
    """What is printed, signed and kept: how the schools were drawn, for whoever draws again."""
    page = VisitPage(find(request.user, visit))
    return shown(request, "visit_protocol", visit=page.visit, told=protocol_of(page))


def _form(request: SignedInRequest) -> StepForm:
    step = STEP.get(request.POST.get("step", ""))
    if step is None or not step.is_offered:
        raise Http404
    return StepForm.sent(request, step=step)
