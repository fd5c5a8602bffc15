"""Plans of additions: variants side by side, a new one, one of them, adopting it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from districts.access import SignedInRequest
from improvement.bureau.access import page_of
from improvement.models import Kind, Phase, Plan, State
from improvement.plan_book import plan_book
from improvement.plan_conditions import conditions_of
from improvement.plan_list import PlanList
from improvement.plan_page import PlanPage
from improvement.plan_reasons import why_none
from improvement.planner.plan import PLANNERS
from improvement.services import planning
from improvement.services.scenarios import MAY_PLAN
from rest.renderers import XlsxRenderer
from selfchecks.bureau.access import of_self_check
from selfchecks.files import offered
from selfchecks.forms import Answering
from selfchecks.models import SelfCheck
from selfchecks.results import build

PATIENCE = 3  # seconds until a page of a plan in the making looks again


class PlanForm(Answering):
    """What kind of plan to make."""

    kind = forms.ChoiceField(
        label=_("做哪一种"),
        choices=[(kind.value, kind.label) for kind in Kind if kind.value in PLANNERS],
        initial=Kind.CHEAPEST,
    )


@of_self_check(acts=True)
def plans(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Every plan, those of the present figures side by side; POST makes another."""
    form = PlanForm.sent(request)
    plan = form.carry_out(planning.make, self_check=self_check, by=request.user)
    if plan:
        return redirect("plan", self_check.reference, plan.number)
    found = PlanList(self_check)
    return page_of(request, "plans", self_check, form=form, found=found, may_plan=_may(request))


def _may(request: SignedInRequest) -> bool:
    return request.user.role in MAY_PLAN


@of_self_check(acts=True)
def plan(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    """One plan; POST adopts it."""
    found, refusal = _find(request, self_check, number), None
    if request.method == "POST":
        refusal = _adopt(request, found)
        if refusal is None:
            messages.success(request, _("已采用第 %s 号增配方案。") % found.number)
            return redirect("plan", self_check.reference, found.number)
    if found.state != State.FOUND:
        return _without_result(request, self_check, found)
    before = build(self_check)
    if before is None:
        raise Http404
    page = PlanPage(found, before)
    if request.GET.get("format") == "xlsx":
        name = f"{self_check.reference}-plan-{found.number}.xlsx"
        return offered(plan_book(page), name, XlsxRenderer.media_type)
    plans_beside = PlanList(self_check)
    template = "plan_strips" if request.GET.get("part") == "strips" else "plan"
    return page_of(
        request,
        template,
        self_check,
        plan=found,
        page=page,
        refusal=refusal,
        found=plans_beside,
        is_current=plans_beside.is_current(found),
        conditions=conditions_of(found),
        may_plan=_may(request),
        may_adopt=request.user.role in planning.MAY_ADOPT,
    )


def _find(request: SignedInRequest, self_check: SelfCheck, number: int) -> Plan:
    rows = Plan.objects.select_related("made_by", "adopted_by", "scenario")
    found: Plan = rows.get_visible(request.user, self_check=self_check, number=number)
    found.self_check = self_check
    return found


def _adopt(request: SignedInRequest, plan: Plan) -> Refused | None:
    try:
        planning.adopt(plan=plan, by=request.user)
    except Refused as refusal:
        return refusal
    return None


def _without_result(request: SignedInRequest, self_check: SelfCheck, plan: Plan) -> HttpResponse:
    """How far it has come, or why there is none; a plan in the making looks again by itself."""
    answer = page_of(
        *(request, "plan_state", self_check), plan=plan, why=why_none(plan), words=plan.phase.label
    )
    if plan.phase in (Phase.WAITING, Phase.RUNNING):
        answer["Refresh"] = str(PATIENCE)
    return answer
