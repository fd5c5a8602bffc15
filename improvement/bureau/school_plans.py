"""一校一策: all schools of a district, one school with its steps, and steps for all at once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused, Unusable, one_of, understood
from districts.access import SignedInRequest
from districts.services.calendar import working_days
from improvement.bureau.access import page_of
from improvement.bureau.measure_forms import NewMeasureForm
from improvement.bureau.merging import DaysForm
from improvement.models import SchoolPlan
from improvement.school_plans.arrived import ArrivedLine, arrived_lines
from improvement.school_plans.page import SHOWN, PlanLine, SchoolPlanList, with_measures
from improvement.school_plans.wanted import due_days
from improvement.school_plans.workflow import OPEN_STEPS, STEP
from improvement.services import measures, school_plans, seeding
from improvement.services.arrived import later_of
from improvement.services.merging import standing
from improvement.services.planning import in_force
from improvement.services.remaining import remaining_of
from improvement.services.scenarios import MAY_PLAN
from selfchecks.bureau.access import of_self_check
from selfchecks.forms import EdgeForm, number_in
from selfchecks.models import SelfCheck


@of_self_check("comment")
def listed(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Every school's plan; POST begins them, or takes a step with all that it is open for."""
    plan = in_force(self_check)
    is_begun = request.POST.get("step") == "begin"
    days = DaysForm(request.POST if is_begun else None, plan=plan) if plan else None
    refusal = _act(request, self_check, days) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect("school-plans", self_check.reference)
    is_own = request.user.district_id == self_check.district_id
    chosen, problem = understood(lambda asked: one_of(asked, "state", SHOWN), request.GET, {})
    return page_of(
        request,
        "school_plans",
        self_check,
        page=SchoolPlanList(self_check, request.user, chosen),
        problem=problem,
        plan=plan,
        lacking=len(seeding.lacking(plan, due_days(plan))) if plan else 0,
        earlier=standing(plan).count() if plan else 0,
        days=days,
        may_begin=is_own and request.user.role in MAY_PLAN,
        may_write=school_plans.may_prepare(self_check, request.user),
        ahead=_ahead(request, self_check, refusal),
        refusal=refusal,
    )


def _act(request: SignedInRequest, self_check: SelfCheck, days: DaysForm | None) -> Refused | None:
    """What stood against it; None when it was done."""
    step = request.POST.get("step", "")
    about: dict[str, Any] = {"self_check": self_check, "by": request.user}
    try:
        if step == "begin":
            if days and not days.is_valid():
                return Unusable(dict(days.summary()).popitem()[1])
            begun = seeding.take_over(**about, **(days.arguments if days else {}))
            messages.success(request, _("已为 %s 所学校建立一校一策。") % len(begun))
        elif step in STEP:
            comment = request.POST.get("comment", "")
            done = school_plans.take_steps(**about, step=step, comment=comment)
            found = {"step": done.step.label, "count": len(done.done), "left": len(done.refused)}
            sentence = _("%(step)s：%(count)s 所学校已办理，%(left)s 所没有办理。")
            messages.success(request, sentence % found)
        else:
            raise Http404
    except Refused as refusal:
        return refusal
    return None


def _ahead(request: SignedInRequest, self_check: SelfCheck, refusal: Refused | None) -> list[Any]:
    """Steps of the reader's role with what they would do, and the form of each."""
    if request.user.district_id != self_check.district_id:
        return []
    tried = request.POST.get("step") if refusal else None
    offered = []
    for step in OPEN_STEPS:
        if request.user.role in step.roles:
            found = school_plans.look_ahead(self_check=self_check, step=step.name, by=request.user)
            if found.done or found.refused:
                form = EdgeForm(request.POST if tried == step.name else None, step=step)
                offered.append((found, form))
    return offered


@of_self_check("comment")
def one(request: SignedInRequest, self_check: SelfCheck, line: str) -> HttpResponse:
    """One school; POST takes a step."""
    found = find(request, self_check, line)
    tried, refusal = None, None
    if request.method == "POST":
        tried = _step_form(request)
        expected = number_in(request, "version")
        about = {"school_plan": found, "by": request.user, "expected": expected}
        if tried.carry_out(school_plans.take_step, **about):
            messages.success(request, _("%s：已办理。") % tried.step.label)
            return redirect("school-plan", self_check.reference, line)
        refusal = tried.refusal
    return _shown(request, found, tried, refusal)


def _shown(
    request: SignedInRequest,
    plan: SchoolPlan,
    tried: EdgeForm | None,
    refusal: Refused | None,
) -> HttpResponse:
    remaining = remaining_of(plan.self_check)
    needs = remaining.schools.get(plan.school_code) if remaining else None
    offers = [
        (offer, tried if tried and tried.step is offer.step else EdgeForm(step=offer.step))
        for offer in school_plans.open_steps(plan, request.user)
        if request.user.role in offer.step.roles
    ]
    return page_of(
        request,
        "school_plan",
        plan.self_check,
        line=PlanLine(plan, plan.measures.all(), working_days(), needs, _arrived(plan)),
        is_known=remaining is not None,
        offers=offers,
        has_open=any(offer.is_open for offer, _form in offers),
        trail=[(entry, STEP[entry.step].label) for entry in plan.trail.order_by("-number")],
        may_write=school_plans.may_prepare(plan.self_check, request.user),
        form=tried,
        refusal=refusal,
    )


@of_self_check("name", "responsible", "milestones", "evidence", "reason")
def add(request: SignedInRequest, self_check: SelfCheck, line: str) -> HttpResponse:
    """A measure the planner did not think of."""
    plan = find(request, self_check, line)
    if not school_plans.may_prepare(self_check, request.user):
        raise Http404
    form = NewMeasureForm.sent(request, asks_reason=plan.approved_at is not None)
    added = form.carry_out(measures.add, school_plan=plan, by=request.user)
    if added:
        messages.success(request, _("已增加措施「%s」。") % added.name)
        return redirect("school-plan", self_check.reference, line)
    return page_of(request, "measure_new", self_check, form=form, plan=plan)


def find(request: SignedInRequest, self_check: SelfCheck, line: str) -> SchoolPlan:
    """Within the reader's scope; Http404 otherwise."""
    rows: Any = with_measures(SchoolPlan.objects.select_related("plan", "approved_by"))
    found: SchoolPlan = rows.get_visible(request.user, self_check=self_check, school_code=line)
    found.self_check = self_check
    return found


def _arrived(plan: SchoolPlan) -> list[ArrivedLine]:
    later = later_of(plan.self_check)
    return arrived_lines(plan.self_check, later).get(plan.school_code, []) if later else []


def _step_form(request: SignedInRequest) -> EdgeForm:
    step = STEP.get(request.POST.get("step", ""))
    if step is None or step.implied:
        raise Http404
    return EdgeForm(request.POST, step=step)
