"""One measure: written by the bureau, reported on by the bureau and the department it is with."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from districts.access import SignedInRequest, open_to
from districts.roles import Role
from districts.services.calendar import working_days
from improvement.bureau.access import page_of
from improvement.bureau.measure_forms import DropForm, MeasureForm, ProgressForm
from improvement.bureau.school_plans import find
from improvement.models import Measure, Progress, Stage
from improvement.school_plans.history import history_of
from improvement.school_plans.measure import MeasureLine, amount_of
from improvement.services import measures
from improvement.services.progress import may_report, report
from improvement.services.school_plans import may_prepare
from selfchecks import clock
from selfchecks.bureau.access import of_self_check
from selfchecks.files import content_of, offered
from selfchecks.forms import Answering, number_in
from selfchecks.models import SelfCheck

TYPED = ("words", "responsible", "milestones", "evidence", "reason")
RELATED = ("school_plan__self_check__district",)


@of_self_check(*TYPED)
def measure(
    request: SignedInRequest, self_check: SelfCheck, line: str, number: int
) -> HttpResponse:
    """POST changes it, drops it, or reports on it."""
    plan = find(request, self_check, line)
    rows = Measure.objects.with_done().select_related(*RELATED)
    found: Measure = rows.get_visible(request.user, school_plan=plan, number=number)
    forms = _forms(request, found)
    if request.method == "POST":
        form = forms.get(request.POST.get("act", ""))
        if form is None:
            raise Http404
        if _carry_out(request, form, found):
            return redirect("measure", self_check.reference, line, number)
        forms["form"] = form
    return page_of(request, "measure", self_check, plan=plan, **_about(request, found), **forms)


def _about(request: SignedInRequest, found: Measure) -> dict[str, Any]:
    can_write = may_prepare(found.school_plan.self_check, request.user)
    is_live = found.dropped_at is None
    is_approved = found.school_plan.approved_at is not None
    return {
        "line": MeasureLine(found, clock.today(), working_days()),
        **history_of(found),
        "can_write": can_write and is_live and found.school_plan.state != Stage.AWAITING,
        "can_report": may_report(found, request.user) and is_live and is_approved,
    }


def _forms(request: SignedInRequest, found: Measure) -> dict[str, Answering]:
    """By what their button does; the one that was sent is bound."""
    sent = request.POST.get("act") if request.method == "POST" else None
    said = {name: getattr(found, name) for name in measures.SAID}
    said["amount"] = f"{found.amount.normalize():f}"
    asks = found.school_plan.approved_at is not None
    kinds: dict[str, tuple[type[Answering], dict[str, Any]]] = {
        "change": (MeasureForm, {"asks_reason": asks, "initial": said}),
        "drop": (DropForm, {}),
        "report": (ProgressForm, {"initial": {"day": clock.today()}}),
    }
    return {
        name: kind(request.POST, request.FILES, **more) if sent == name else kind(**more)
        for name, (kind, more) in kinds.items()
    }


def _carry_out(request: SignedInRequest, form: Answering, found: Measure) -> bool:
    about: dict[str, Any] = {"measure": found, "by": request.user}
    if isinstance(form, MeasureForm):
        about["expected"] = number_in(request, "version")
        done: Any = form.carry_out(measures.change, **about)
        sentence = _("已保存。")
    elif isinstance(form, DropForm):
        done, sentence = form.carry_out(measures.drop, **about), _("这项措施已取消，记录保留。")
    else:
        done, sentence = form.carry_out(report, **about), _("进展已记下。")
    if done:
        messages.success(request, sentence)
    if isinstance(done, Progress) and done.done and done.done > found.amount:
        more = {"done": amount_of(found, done.done), "planned": amount_of(found, found.amount)}
        sentence = _("累计 %(done)s，超过计划的 %(planned)s；写错了请按实际再报一次。")
        messages.warning(request, sentence % more)
    return bool(done)


@of_self_check()
def document(
    request: SignedInRequest, self_check: SelfCheck, line: str, number: int, item: int
) -> HttpResponse:
    """A document that came with a report."""
    plan = find(request, self_check, line)
    return _offer(request, measure__school_plan=plan, measure__number=number, pk=item)


@open_to(Role.DEPARTMENT)
@require_safe
def own(request: SignedInRequest) -> HttpResponse:
    """A department's list: what is due first."""
    rows = Measure.objects.with_done().live().visible_to(request.user)
    rows = rows.filter(school_plan__approved_at__isnull=False).select_related(*RELATED)
    today, calendar = clock.today(), working_days()
    lines = [MeasureLine(row, today, calendar) for row in rows.order_by("due", "pk")]
    context = {
        "lines": lines,
        "late": sum(bool(line.days_late) for line in lines),
        "office": request.user.get_office_display(),
    }
    return render(request, "improvement/own_measures.html", context)


@open_to(Role.DEPARTMENT)
def own_one(request: SignedInRequest, item: int) -> HttpResponse:
    """One of them; POST reports on it."""
    found = _own(request, item)
    form = _forms(request, found)["report"]
    if request.method == "POST" and _carry_out(request, form, found):
        return redirect("own-measure", item)
    context = {**_about(request, found), "report": form, "form": form}
    return render(request, "improvement/own_measure.html", context, status=form.status)


@open_to(Role.DEPARTMENT)
@require_safe
def own_document(request: SignedInRequest, item: int, number: int) -> HttpResponse:
    return _offer(request, measure=_own(request, item), pk=number)


def _own(request: SignedInRequest, item: int) -> Measure:
    rows = Measure.objects.with_done().select_related(*RELATED)
    approved = {"school_plan__approved_at__isnull": False}
    found: Measure = rows.get_visible(request.user, pk=item, **approved)
    return found


def _offer(request: SignedInRequest, **which: Any) -> HttpResponse:
    row = Progress.objects.exclude(file="").get_visible(request.user, **which)
    return offered(content_of(row), row.display_name)
