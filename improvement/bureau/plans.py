"""Plans of additions: variants side by side, a new one, one of them, adopting it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused, one_of
from districts.access import SignedInRequest
from improvement.bureau.access import page_of
from improvement.bureau.plan_forms import forms_of
from improvement.models import Phase, Plan
from improvement.plans.book import plan_book
from improvement.plans.budget import BudgetCurve
from improvement.plans.conditions import Conditions
from improvement.plans.curve import what_money_buys
from improvement.plans.listing import PlanList, Progress, asked_of
from improvement.plans.page import PlanPage
from improvement.plans.reasons import still_open, why_none
from improvement.services import planning
from improvement.services.scenarios import MAY_PLAN
from selfchecks.bureau.access import of_self_check
from selfchecks.files import offered_book
from selfchecks.forms import kept_text
from selfchecks.models import SelfCheck
from selfchecks.results import ResultPage, build

AT_ONCE = 1.0  # seconds of processor time for what conditions cost
PATIENCE = 3  # seconds until a page of a plan in the making looks again


@of_self_check(acts=True)
def plans(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Every plan, those of the present figures side by side; POST makes another."""
    form, asking = forms_of(request)
    plan = form.carry_out(planning.make, self_check=self_check, by=request.user)
    if plan:
        return redirect("plan", self_check.reference, plan.number)
    about = {"form": form, "asking": asking, "found": PlanList(self_check)}
    return page_of(request, "plans", self_check, may_plan=_may(request), **about)


@of_self_check()
def budgets(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """What each further amount of money buys."""
    about: dict[str, Any] = {"may_plan": _may(request)}
    try:
        about["found"] = what_money_buys(self_check)
    except Refused as refusal:
        about["refusal"] = refusal
    return page_of(request, "budgets", self_check, **about)


def _may(request: SignedInRequest) -> bool:
    return request.user.role in MAY_PLAN


@of_self_check("reason")
def plan(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    """One plan; POST adopts it, stops the work on it, or lets it go on."""
    found, refusal = _find(request, self_check, number), None
    if request.method == "POST":
        refusal = _act(request, found)
        if refusal is None:
            return redirect("plan", self_check.reference, found.number)
    before = None if found.cost is None else build(self_check)
    answer = _shown(request, found, before, refusal) if before else _empty(request, found, refusal)
    if found.phase in (Phase.WAITING, Phase.RUNNING):
        answer["Refresh"] = str(PATIENCE)
    return answer


def _shown(
    request: SignedInRequest, plan: Plan, before: ResultPage, refusal: Refused | None
) -> HttpResponse:
    self_check, page = plan.self_check, PlanPage(plan, before)
    if one_of(request.GET, "format", ["xlsx"]):
        name = f"{self_check.reference}-plan-{plan.number}.xlsx"
        return offered_book(plan_book(page), name)
    found = PlanList(self_check)
    template = "plan_strips" if request.GET.get("part") == "strips" else "plan"
    return page_of(
        request,
        template,
        self_check,
        plan=plan,
        page=page,
        refusal=refusal,
        found=found,
        beside=found.beside(plan),
        still_open=still_open(plan, page.after),
        progress=Progress(plan),
        budget=BudgetCurve(plan, found.variants, before),
        is_current=found.is_current(plan) or plan.scenario_id is not None,
        conditions=Conditions(plan, AT_ONCE),
        again=asked_of(plan),
        may_plan=_may(request) and plan.scenario_id is None,
        steps=planning.open_steps(plan, request.user),
        reason=request.POST.get("reason") or kept_text(request).get("reason", ""),
        taken_back=planning.taken_back(plan),
    )


def _empty(request: SignedInRequest, plan: Plan, refusal: Refused | None) -> HttpResponse:
    """How far it has come, or why there is none."""
    return page_of(
        request,
        "plan_state",
        plan.self_check,
        plan=plan,
        why=why_none(plan),
        refusal=refusal,
        progress=Progress(plan),
        conditions=Conditions(plan),
        again=asked_of(plan),
        may_plan=_may(request),
    )


def _find(request: SignedInRequest, self_check: SelfCheck, number: int) -> Plan:
    rows = Plan.objects.select_related("made_by", "adopted_by", "scenario")
    found: Plan = rows.get_visible(request.user, self_check=self_check, number=number)
    found.self_check = self_check
    return found


ACTS: dict[str, tuple[Callable[..., Plan], Any]] = {
    "adopt": (planning.adopt, _("已采用第 %s 号增配方案。")),
    "take_back": (planning.take_back, _("已收回采用第 %s 号增配方案。")),
    "stop": (planning.stop, _("第 %s 号增配方案不再算下去。")),
    "restart": (planning.restart, _("第 %s 号增配方案接着算。")),
}


def _act(request: SignedInRequest, plan: Plan) -> Refused | None:
    if request.POST.get("act") not in ACTS:
        raise Http404
    service, done = ACTS[request.POST["act"]]
    is_back = service is planning.take_back
    said = {"reason": request.POST.get("reason", "")} if is_back else {}
    try:
        service(plan=plan, by=request.user, **said)
    except Refused as refusal:
        return refusal
    messages.success(request, done % plan.number)
    return None
