"""假设方案: what-if pages of a self-check, for comparing only; nobody else sees them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Conflict, Refused, one_of
from districts.access import SignedInRequest
from improvement.bureau.change_forms import TYPED, ChangeForm
from improvement.lacking.book import comparison_book
from improvement.models import Scenario
from improvement.planner.plan import CHEAPEST
from improvement.scenario.changes import KINDS
from improvement.scenarios.changes import ChangeWords
from improvement.scenarios.comparison import Comparison
from improvement.services import planning, scenarios
from improvement.services.comparing import MOST, compare
from improvement.services.scenarios import tag_of
from selfchecks.bureau.access import of_self_check
from selfchecks.files import offered_book
from selfchecks.forms import Answering
from selfchecks.models import SelfCheck

LIST, ONE = "scenarios", "scenario"


class ScenarioForm(Answering):
    """What a scenario is called, and why it is thought of."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        error_messages={"required": gettext_lazy("请写明名称。")},
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False)


@of_self_check("name", "note")
def listed(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """All scenarios of a self-check; people of the district begin new ones."""
    form = ScenarioForm.sent(request)
    if request.method == "POST":
        made = form.carry_out(scenarios.create, self_check=self_check, by=request.user)
        if made is not None:
            return redirect(ONE, self_check.reference, made.number)
    rows = Scenario.objects.visible_to(request.user).filter(self_check=self_check)
    found = list(rows.select_related("author"))
    context = {
        "self_check": self_check,
        "form": form,
        "rows": [row for row in found if row.archived_at is None],
        "archived": [row for row in found if row.archived_at],
        "can_write": _may_write(request, self_check),
        "most": MOST,
    }
    return render(request, "improvement/scenarios.html", context, status=form.status)


@of_self_check()
def compared(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """Up to four beside what was reported; also as a workbook."""
    asked = [int(text[:9]) for text in request.GET.getlist("s")[:100] if text.isdecimal()]
    rows = Scenario.objects.visible_to(request.user).filter(self_check=self_check)
    found = rows.filter(number__in=asked[:MOST]).order_by("number")
    context: dict[str, Any] = {
        "self_check": self_check,
        "numbers": [row.number for row in found],
        "not_shown": rows.filter(number__in=asked[MOST:]).exclude(number__in=asked[:MOST]),
        "most": MOST,
    }
    try:
        page = Comparison(self_check, compare(self_check, found))
    except Conflict as refusal:
        context["refusal"] = refusal
        return render(request, "improvement/comparison.html", context, status=refusal.status)
    if one_of(request.GET, "format", ["xlsx"]):
        name = f"{self_check.reference}-scenarios.xlsx"
        return offered_book(comparison_book(page), name)
    return render(request, "improvement/comparison.html", {**context, "page": page})


@of_self_check("name", "note", *TYPED)
def one(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    """One scenario: its changes and what comes of them."""
    rows = Scenario.objects.visible_to(request.user).select_related("self_check__district")
    scenario = rows.filter(self_check=self_check, number=number).first()
    if scenario is None:
        raise Http404
    if request.method != "POST":
        return _show(request, scenario)
    act = ACTS.get(request.POST.get("act", ""), _rename)
    try:
        return act(request, scenario)
    except Refused as refusal:
        return _show(request, scenario, refusal=refusal)


def _rename(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    form = ScenarioForm.sent(request)
    if form.carry_out(partial(scenarios.change, scenario=scenario), **_about(request)) is None:
        return _show(request, scenario, form=form)
    messages.success(request, _("已保存。"))
    return redirect(request.path)


def _add(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    form = _change_form(request, scenario, request.POST.get("kind", ""))
    if form is None:
        raise Http404

    def add(change: dict[str, Any], **about: Any) -> Scenario:
        return scenarios.change(scenario=scenario, changes=[*scenario.changes, change], **about)

    if form.carry_out(add, **_about(request)) is None:
        return _show(request, scenario, adding=form, form=form)
    messages.success(request, _("已加上这项改动。"))
    return redirect(request.path)


def _remove(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    at = _place(request, scenario)
    kept = [*scenario.changes[:at], *scenario.changes[at + 1 :]]
    scenarios.change(scenario=scenario, changes=kept, **_about(request))
    messages.success(request, _("已去掉这项改动。"))
    return redirect(request.path)


def _earlier(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    at, rows = _place(request, scenario), [*scenario.changes]
    rows.insert(max(0, at - 1), rows.pop(at))
    scenarios.change(scenario=scenario, changes=rows, **_about(request))
    return redirect(request.path)


def _duplicate(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    copy = scenarios.duplicate(scenario=scenario, by=request.user)
    messages.success(request, _("已复制为「%s」。") % copy.name)
    return redirect(ONE, scenario.self_check.reference, copy.number)


def _archive(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    scenarios.archive(scenario=scenario, by=request.user)
    messages.success(request, _("「%s」已归档。") % scenario.name)
    return redirect(LIST, scenario.self_check.reference)


def _restore(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    scenarios.restore(scenario=scenario, by=request.user)
    messages.success(request, _("「%s」恢复使用。") % scenario.name)
    return redirect(request.path)


def _plan(request: SignedInRequest, scenario: Scenario) -> HttpResponse:
    about = scenario.self_check
    plan = planning.make(self_check=about, kind=CHEAPEST, scenario=scenario, by=request.user)
    return redirect("plan", about.reference, plan.number)


ACTS: dict[str, Callable[[SignedInRequest, Scenario], HttpResponse]] = {
    "add": _add,
    "remove": _remove,
    "earlier": _earlier,
    "duplicate": _duplicate,
    "archive": _archive,
    "restore": _restore,
    "plan": _plan,
}


def _about(request: SignedInRequest) -> dict[str, Any]:
    return {"by": request.user, "expected": request.POST.get("seen") or None}


def _place(request: SignedInRequest, scenario: Scenario) -> int:
    """Which change a button stands beside."""
    text = request.POST.get("at", "")
    if not text.isdecimal() or int(text[:9]) >= len(scenario.changes):
        raise Conflict(_("没有这项改动；请看过现在的内容再改。"))
    return int(text)


def _may_write(request: SignedInRequest, self_check: SelfCheck) -> bool:
    is_own = request.user.district_id == self_check.district_id
    return is_own and request.user.role in scenarios.MAY_PLAN


def _change_form(request: SignedInRequest, scenario: Scenario, kind: str) -> ChangeForm | None:
    if kind not in KINDS:
        return None
    say = ChangeWords(scenario.self_check)
    offers = {"schools": say.schools_after(scenario.changes), "measures": say.measures}
    return ChangeForm.sent(request, kind=KINDS[kind], **offers)


def _show(
    request: SignedInRequest,
    scenario: Scenario,
    *,
    form: Answering | None = None,
    adding: ChangeForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    self_check = scenario.self_check
    can_write = scenario.archived_at is None and _may_write(request, self_check)
    if adding is None and can_write and request.method != "POST":
        adding = _change_form(request, scenario, request.GET.get("add", ""))
    said = {"name": scenario.name, "note": scenario.note}
    context: dict[str, Any] = {
        "self_check": self_check,
        "scenario": scenario,
        "tag": tag_of(scenario),
        "changes": ChangeWords(self_check).all(scenario.changes),
        "kinds": KINDS.values(),
        "plans": scenario.plans.defer("result", "terms").order_by("-number"),
        "adding": adding,
        "naming": form if isinstance(form, ScenarioForm) else ScenarioForm(initial=said),
        "form": form,
        "refusal": refusal,
        "can_write": can_write,
        "steps": scenarios.open_steps(scenario, request.user),
    }
    try:
        context["page"] = Comparison(self_check, compare(self_check, [scenario]))
    except Conflict as without:
        context["without"] = without
    spoke = refusal or form
    status = getattr(spoke, "status", 200)
    return render(request, "improvement/scenario.html", context, status=status)
