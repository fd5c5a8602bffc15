"""Pages of 回头看: every test, the rounds of the plan's last years, promises, and one case."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import one_of
from districts.access import SignedInRequest, open_to
from districts.models import District
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES
from districts.scope import Viewer, reaches
from districts.special_cases import STANDINGS
from districts.wording import day_text
from rest.books import Sheet, write_book
from schedule.look_back_words import (
    awaited_words,
    finding_words,
    line,
    step_words,
    subject_words,
)
from schedule.look_back_workflow import STEP
from schedule.models import CaseState, LookBack, Phase
from schedule.services.commitments import cases_of, promises
from schedule.services.look_back_steps import MOST_DAYS, open_steps, take_step
from schedule.services.look_backs import certified_on, lines_of, tag_of
from schedule.services.reading import today
from selfchecks.files import offered_book
from selfchecks.forms import DayField, EdgeForm
from selfchecks.step import Edge

READERS = (*DISTRICT_ROLES, *MUNICIPAL_ROLES)
LIMIT = 500  # rows on a page; the workbook has all


class StepForm(EdgeForm):
    """Words, and where the step sets a deadline, how many working days."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    within = forms.IntegerField(
        label=gettext_lazy("期限（工作日）"), min_value=1, max_value=MOST_DAYS, required=False
    )
    day = DayField(label=gettext_lazy("公布撤销的日期"), required=False)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=60, required=False)
    source = forms.CharField(label=gettext_lazy("来源网址"), max_length=300, required=False)

    def __init__(self, *args: Any, step: Edge, **kwargs: Any) -> None:
        super().__init__(*args, step=step, **kwargs)
        if not step.within:
            del self.fields["within"]
        if step.target != CaseState.REVOKED:
            for name in ("day", "document_number", "source"):
                del self.fields[name]

    @property
    def arguments(self) -> dict[str, Any]:
        given = super().arguments
        given["expected"] = given.pop("seen") or None
        return given


@open_to(*READERS)
def listed(request: SignedInRequest) -> HttpResponse:
    """What is open first, then every test; as a workbook with ``?format=xlsx``."""
    rows = LookBack.objects.visible_to(request.user).select_related("district", "evaluation")
    if one_of(request.GET, "format", ["xlsx"]):
        return offered_book(_book(rows), "look-backs.xlsx")
    day = today()
    lines, cases = [line(row, day) for row in rows[:LIMIT]], cases_of(rows)
    context = {
        "open": sorted((row for row in lines if row["row"].is_open), key=_by_due),
        "done": [row for row in lines if not row["row"].is_open],
        "promises": [_promise(each, cases) for each in promises(request.user, day)],
        "rounds": round_years(),
    }
    return render(request, "schedule/look_backs.html", context)


def _by_due(found: dict[str, Any]) -> date:
    return found["row"].due_on or date.max


def _promise(each: Any, cases: dict[Any, int]) -> dict[str, Any]:
    looks = {"overdue": "late", "pending": "idle", "undated": "near"}
    told = {"standing": STANDINGS[each.standing], "look": looks[each.standing]}
    return {"promise": each, "case": cases.get(each.key), **told}


def round_years() -> list[int]:
    """The years in which the plan looks back at everybody: those of its last phase."""
    last = Phase.objects.order_by("start_year").last()
    return list(range(last.start_year, last.end_year + 1)) if last else []


@open_to(*READERS)
def one_round(request: SignedInRequest) -> HttpResponse:
    """Every certified unit of the day, with its test of that year or that it is still to come."""
    asked = one_of(request.GET, "year", map(str, round_years()))
    if not asked:
        return redirect("look-backs")
    year = int(asked)
    day, rows = today(), LookBack.objects.visible_to(request.user).filter(year=year)
    tested: dict[int, list[dict[str, Any]]] = {}
    for row in rows.select_related("district"):
        tested.setdefault(row.district_id, []).append(line(row, day))
    context = {
        "year": year,
        "rounds": round_years(),
        "units": [
            (unit, since, tested.get(unit.pk, []))
            for unit in District.objects.order_by("order", "code")
            if reaches(request.user, unit.pk)
            if (since := certified_on(unit, day)) or unit.pk in tested
        ],
    }
    return render(request, "schedule/look_back_round.html", context)


@open_to(*READERS, keeps=("comment", "document_number", "source"))
def one(request: SignedInRequest, number: int) -> HttpResponse:
    """One case: what was found, its way so far, and the steps that are open to the reader."""
    case = _found(request.user, number)
    forms_of = _forms(request, case)
    form = forms_of.get(request.POST.get("step", ""))
    if request.method == "POST" and form is not None:
        if form.carry_out(take_step, look_back=case, by=request.user):
            messages.success(request, _("已办理：%s。") % form.step.label)
            return redirect("look-back", case.pk)
    elif request.method == "POST":
        raise Http404
    offers = open_steps(case, request.user)
    trail = case.trail.select_related("look_back")
    context = {
        "subject": subject_words(case),
        "line_of": line(case, today()),
        "case": case,
        "findings": [
            {**each, "words": finding_words(each), "problem": number}
            for each, number in zip(case.findings, lines_of(case), strict=True)
        ],
        "trail": [(entry, step_words(entry)) for entry in trail],
        "form": form or StepForm(step=next(iter(STEP.values()))),
        "offers": [(offer, forms_of[offer.step.name]) for offer in offers if offer.is_open],
        "awaited": "" if any(offer.is_open for offer in offers) else awaited_words(case),
        "blocked": [offer for offer in offers if _is_theirs(offer, request.user)],
    }
    status = form.status if form else 200
    return render(request, "schedule/look_back.html", context, status=status)


def _is_theirs(offer: Any, viewer: Any) -> bool:
    return not offer.is_open and viewer.role in offer.step.roles


def _found(viewer: Viewer, number: int) -> LookBack:
    rows = LookBack.objects.select_related("district", "evaluation__self_check", "revocation")
    found: LookBack = rows.get_visible(viewer, pk=number)
    return found


def _forms(request: SignedInRequest, case: LookBack) -> dict[str, StepForm]:
    """A form for each step; the one that was sent is bound."""
    sent, tag = request.POST.get("step"), tag_of(case)
    make: Callable[[Edge], StepForm] = lambda step: (  # noqa: E731
        StepForm.sent(request, {}, step=step)
        if step.name == sent
        else StepForm(initial={"seen": tag, "within": step.within}, step=step)
    )
    return {offer.step.name: make(offer.step) for offer in open_steps(case, request.user)}


def _book(rows: Any) -> bytes:
    head = (_("区县"), _("年度"), _("由来"), _("退步程度"), _("状态"), _("回头看日期"), _("期限"))
    table: list[tuple[Any, ...]] = [(*head, _("退步的项数"))]
    for row in rows:
        days = [day_text(day) if day else "" for day in (row.opened_on, row.due_on)]
        told = (row.get_grade_display(), row.get_state_display())
        name = row.district.display_name
        table.append((name, row.year, subject_words(row), *told, *days, len(row.findings)))
    return write_book([Sheet(_("回头看"), table, frozen=1)])
