"""The plan adopted last is taken over: begun in schools without a plan, merged into the others."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from audit.services import as_json
from districts.access import SignedInRequest
from districts.wording import day_text, listed
from improvement.bureau.access import page_of
from improvement.models import Measure, Plan
from improvement.plans.words import money
from improvement.school_plans.history import words_of
from improvement.school_plans.measure import amount_of, name_of
from improvement.school_plans.wanted import due_days
from improvement.services import merging, seeding
from improvement.services.merging import Merge
from improvement.services.planning import in_force
from improvement.services.school_plans import may_prepare
from selfchecks.bureau.access import of_self_check
from selfchecks.forms import Answering, DayField
from selfchecks.models import SelfCheck


class DaysForm(Answering):
    """By when the additions of each year of a plan are due."""

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = due_days(plan)
        for year, day in self.years.items():
            label = _("%s 年的措施什么时候完成") % year
            self.fields[f"due_{year}"] = DayField(label=label, initial=day)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for year in self.years:
            day = said.get(f"due_{year}")
            if day and day.year != year:
                self.add_error(f"due_{year}", _("请填 %s 年里的一天。") % year)
        return said

    @property
    def arguments(self) -> dict[str, Any]:
        return {"days": [self.cleaned_data[f"due_{year}"] for year in self.years]}


class MergeForm(DaysForm):
    """``seen`` is what the person read of what would be done."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("改动的原因"),
        required=False,
        max_length=300,
        help_text=_("批准过的一校一策改动后须重新审批，原来的内容保留。"),
    )

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_reason:
            del self.fields["reason"]

    @property
    def arguments(self) -> dict[str, Any]:
        reason = self.cleaned_data.get("reason", "")
        return {**super().arguments, "seen": self.cleaned_data["seen"], "reason": reason}


@of_self_check("reason")
def merge(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """What merging would do; POST does it."""
    if not may_prepare(self_check, request.user):
        raise Http404
    if in_force(self_check) is None:
        raise Http404
    found = merging.look(self_check)
    if not found.merges:
        all_same = _("各校的一校一策都已按第 %s 号方案。")
        messages.info(request, all_same % found.plan.number)
        return redirect("school-plans", self_check.reference)
    about = {"plan": found.plan, "asks_reason": found.is_after_approval}
    form = MergeForm.sent(request, initial={"seen": found.tag}, **about)
    if request.method == "POST":
        done = form.carry_out(merging.merge, self_check=self_check, by=request.user)
        if done:
            facts = {"number": done.plan.number, "count": len(done.others), "new": len(done.begun)}
            sentence = _("已并入第 %(number)s 号方案：%(count)s 所学校有改动，新建 %(new)s 所。")
            messages.success(request, sentence % facts)
            return redirect("school-plans", self_check.reference)
    names = seeding.names_in(found.plan)
    return page_of(
        request,
        "school_plans_merge",
        self_check,
        plan=found.plan,
        tag=found.tag,
        rows=[(each.school_plan, [*_lines(each)]) for each in found.others],
        begun=[names.get(code, code) for code in sorted(found.begun)],
        same=len(found.merges) - len(found.others),
        form=form,
    )


def _lines(found: Merge) -> Iterator[tuple[Any, str, str]]:
    """What becomes of each measure: the kind of change, the measure, and what it is in words."""
    for row in found.added:
        told = [
            amount_of(row, row.amount),
            row.cost and money(row.cost),
            row.due and day_text(row.due),
        ]
        yield _("新增"), name_of(row), listed(filter(None, told))
    for row, values in found.changed:
        changes = {name: [getattr(row, name), value] for name, value in values.items()}
        yield _("改动"), name_of(row), listed(words_of(as_json(changes)))
    for row in found.fallen:
        yield _("不再需要"), name_of(row), _fallen(row)


def _fallen(row: Measure) -> str:
    amount, done = amount_of(row, row.amount), row.done  # type: ignore[attr-defined]
    facts = {"amount": amount, "done": amount_of(row, done) if done else ""}
    return str(_("%(amount)s，已报完成 %(done)s") % facts) if done else amount
