"""What is settled for one school and kind of measure: locked, capped, forbidden, or released."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.access import SignedInRequest
from improvement.bureau.access import page_of
from improvement.models import Condition, Plan
from improvement.plans.conditions import saving_of, words_of
from improvement.plans.words import measures_of
from improvement.services import conditions, planning
from improvement.services.releasing import Released
from improvement.services.scenarios import MAY_PLAN
from selfchecks.bureau.access import of_self_check
from selfchecks.forms import Answering
from selfchecks.models import SelfCheck

LOCK, CAP, FORBID, RELEASE = "least", "most", "none", "release"


class ConditionForm(Answering):
    """One of three conditions, or none."""

    choice = forms.ChoiceField(
        label=_("怎么定"),
        choices=[
            (LOCK, _("锁定：至少做这么多，例如已经开工")),
            (CAP, _("限制：至多做这么多，例如用地有限")),
            (FORBID, _("不做")),
        ],
        initial=LOCK,
        widget=forms.RadioSelect,
    )
    amount = forms.DecimalField(
        label=_("数量"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "invalid": _("请填数字，例如 3680 或 12.5。"),
            "min_value": _("数量不能是负数。"),
            "max_decimal_places": _("最多两位小数。"),
            "max_digits": _("数字太大；请核对。"),
            "max_whole_digits": _("数字太大；请核对。"),
        },
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=300,
        error_messages={"required": _("请写明原因。")},
    )

    def clean_amount(self) -> Decimal | None:
        amount = self.cleaned_data["amount"]
        if amount is None and self.cleaned_data.get("choice") != FORBID:
            raise forms.ValidationError(_("请填数量。"))
        return amount

    @property
    def arguments(self) -> dict[str, Any]:
        choice, amount = self.cleaned_data["choice"], self.cleaned_data["amount"]
        sides = {LOCK: {"least": amount}, CAP: {"most": amount}, FORBID: {"most": Decimal()}}
        return {"reason": self.cleaned_data["reason"], **sides[choice]}


class ReleaseForm(Answering):
    """Nothing but a button."""


@of_self_check()
def chosen(request: SignedInRequest, self_check: SelfCheck, number: int) -> HttpResponse:
    """To the condition of a school and measure that were picked from lists."""
    line, kind = (request.GET.get(name, "") for name in ("line", "kind"))
    plan = Plan.objects.get_visible(request.user, self_check=self_check, number=number)
    is_there = self_check.school_records.filter(school_code=line).exists()
    if not is_there or kind not in measures_of(plan):
        raise Http404
    return redirect("plan-condition", self_check.reference, number, line, kind)


@of_self_check("amount", "reason")
def condition(
    request: SignedInRequest, self_check: SelfCheck, number: int, line: str, kind: str
) -> HttpResponse:
    """From the row of a plan: settle one measure of one school, or release it."""
    plan = Plan.objects.get_visible(request.user, self_check=self_check, number=number)
    plan.self_check = self_check
    school = self_check.school_records.filter(school_code=line).first()
    measure = measures_of(plan).get(kind)
    if school is None or measure is None:
        raise Http404
    added = [row for row in (plan.result or {}).get("additions", ()) if _is(row, line, kind)]
    amount = sum((Decimal(row["amount"]) for row in added), Decimal())
    form: Answering = ConditionForm.sent(
        request, {"amount": f"{amount.normalize():f}" if amount else ""}
    )
    is_asked = "saving" in request.GET
    now = conditions.in_force(self_check.district).filter(school_code=line, kind=kind).first()
    if now and request.POST.get("choice") == RELEASE:
        form = ReleaseForm.sent(request)
        done = form.carry_out(_release, condition=now, by=request.user)
    else:
        about = {"district": self_check.district, "school_code": line, "kind": kind}
        done = form.carry_out(_settle, before=now, by=request.user, **about)
    if done:
        messages.success(request, done)
        return redirect("plan", self_check.reference, number)
    return page_of(
        request,
        "condition",
        self_check,
        **{"form": form, "plan": plan, "school": school, "measure": measure, "now": now},
        is_asked=is_asked,
        saving=saving_of(now, Released(plan, planning.QUICK if is_asked else 0)) if now else "",
        added=measure.amount(amount) if amount else "",
        words=words_of(now, measure) if now else "",
        may_plan=request.user.role in MAY_PLAN,
    )


def _settle(before: Condition | None, **about: Any) -> str:
    if conditions.set_condition(**about) == before:
        return gettext("已经是这样定的，没有改动；方案不用重新制作。")
    return gettext("已定下；重新制作方案后生效。")


def _release(**about: Any) -> str:
    conditions.end_condition(**about)
    return gettext("已放开；重新制作方案后生效。")


def _is(row: dict[str, str], school: str, kind: str) -> bool:
    return (row["school_code"], row["measure"]) == (school, kind)
