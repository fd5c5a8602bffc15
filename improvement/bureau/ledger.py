"""问题台账: the list of problems in the reader's reach, one problem, and many at once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit.refusals import Refused, one_of, understood
from districts.access import SignedInRequest, open_to
from improvement.ledger.books import ledger_book
from improvement.ledger.listing import MOST, Ledger
from improvement.ledger.steps import AMEND, BY_PEOPLE, LABELS, STEP
from improvement.models import Problem
from improvement.models.ledger import UNSOLVED, State
from improvement.services.ledger_acts import MAY_ARRANGE, arrange, open_steps, tag_of, take_step
from improvement.services.ledger_bulk import arrange_all, foresee, open_for, take_steps
from selfchecks.bureau.access import READERS
from selfchecks.files import offered_book
from selfchecks.forms import Answering, DayField, EdgeForm, kept_text

MOST_SHOWN = 20  # lines of a preview


class ArrangeForm(Answering):
    owner = forms.CharField(label=gettext_lazy("责任人"), required=False, max_length=60)
    due_on = DayField(label=gettext_lazy("整改期限"), required=False)
    measures = forms.CharField(
        label=gettext_lazy("整改措施"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )
    comment = forms.CharField(
        label=gettext_lazy("改动的原因"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("改动已定的整改期限时要写。"),
    )


class ArrangeAllForm(ArrangeForm):
    """What is left blank stays as it is."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


@open_to(*READERS)
@require_safe
def listed(request: SignedInRequest) -> HttpResponse:
    ledger, problem = understood(partial(Ledger, request.user), request.GET.dict(), {})
    is_answered = not problem and ledger.found.is_valid()
    if one_of(request.GET, "format", ["xlsx"]) and is_answered:
        book = ledger_book(ledger.sorted[:MOST])
        return offered_book(book, "ledger.xlsx")
    context = {
        "ledger": ledger,
        "problem": problem,
        "is_answered": is_answered,
        "form": None,
        "may_arrange": request.user.role in MAY_ARRANGE,
        "acts": [*_acts(request, ledger)],
        "most": MOST,
    }
    status = 200 if is_answered else 422
    return render(request, "improvement/ledger.html", context, status=status)


def _acts(request: SignedInRequest, ledger: Ledger) -> Iterator[tuple[str, Any]]:
    """What the reader can do with problems of the list."""
    if request.user.role in MAY_ARRANGE and ledger.has_any(UNSOLVED):
        yield AMEND, LABELS[AMEND]
    for step in BY_PEOPLE:
        if _takes(step, request) and ledger.has_any(step.sources):
            yield step.name, step.label


def _takes(step: Any, request: SignedInRequest) -> bool:
    return any(request.user.role in step.roles_for(kind) for kind in step.kinds)


@open_to(*READERS, keeps=("owner", "measures", "comment"))
def one(request: SignedInRequest, number: int) -> HttpResponse:
    problem = _problem(request, number)
    tried = _tried(request)
    if tried:
        done = _act(request, problem, tried)
        if done:
            messages.success(request, done)
            return redirect("problem", number=number)
        problem = _problem(request, number)
    context = {
        "problem": problem,
        "form": tried,
        "arranging": tried if isinstance(tried, ArrangeForm) else _arranging(request, problem),
        "tag": tag_of(problem),
        "offers": [
            (offer, tried if _is_of(tried, offer.step) else EdgeForm(step=offer.step))
            for offer in open_steps(problem, request.user)
        ],
        "may_arrange": request.user.role in MAY_ARRANGE and problem.state in UNSOLVED,
        "history": (history := [(LABELS[each.step], each) for each in problem.entries.all()]),
        "claimed": _claimed(problem, history),
    }
    status = tried.status if tried else 200
    return render(request, "improvement/problem.html", context, status=status)


def _claimed(problem: Problem, history: list[tuple[Any, Any]]) -> Any:
    """Where it waits to be closed, the entry by which the district asked for it."""
    asked = [entry for _label, entry in history if entry.step == "claim"]
    return asked[-1] if asked and problem.state == State.PROPOSED else None


def _problem(request: SignedInRequest, number: int) -> Problem:
    found: Problem = Problem.objects.select_related(
        "district", "evaluation__self_check"
    ).get_visible(request.user, pk=number)
    return found


def _arranging(request: SignedInRequest, problem: Problem) -> ArrangeForm:
    told = {name: getattr(problem, name) for name in ("owner", "due_on", "measures")}
    return ArrangeForm(initial={**told, **kept_text(request)})


def _tried(request: SignedInRequest) -> Answering | None:
    """What was sent: a step, or how the problem is to be worked off."""
    if request.method != "POST":
        return None
    step = request.POST.get("step", AMEND)
    if step == AMEND:
        return ArrangeForm(request.POST)
    if step not in STEP:
        raise Http404
    return EdgeForm(request.POST, step=STEP[step])


def _is_of(form: Answering | None, step: Any) -> bool:
    return isinstance(form, EdgeForm) and form.step is step


def _act(request: SignedInRequest, problem: Problem, form: Answering) -> str:
    """Carry out what was sent; says what was done, nothing when the form was not taken."""
    seen = request.POST.get("seen") or None
    about = {"problem": problem, "by": request.user, "expected": seen}
    if isinstance(form, EdgeForm):
        done = form.carry_out(take_step, **about)
        return _("已办理「%s」。") % form.step.label if done else ""
    before = tag_of(problem)
    if not (kept := form.carry_out(arrange, **about)):
        return ""
    return _("已保存整改安排。") if tag_of(kept) != before else _("没有改动，也就没有保存。")


@open_to(*READERS, keeps=("owner", "measures", "comment"))
def many(request: SignedInRequest) -> HttpResponse:
    """What a step would do to the chosen problems; confirmed, it is done to all of them."""
    sent = request.POST if request.method == "POST" else request.GET
    ledger = Ledger(request.user, sent.dict())
    chosen = [int(text) for text in sent.getlist("problem") if text.isdecimal()][:MOST]
    rows = ledger.rows.filter(pk__in=chosen) if chosen else ledger.rows
    if not chosen and sent.get("scope") != "all":
        messages.error(request, _("请先勾选要办理的问题。"))
        return redirect(f"{reverse('ledger')}?{ledger.query()}")
    step = sent.get("step", AMEND)
    edge = STEP.get(step)
    form = EdgeForm.sent(request, step=edge) if edge else ArrangeAllForm.sent(request)
    try:
        if request.method == "POST":
            about = {"expected": request.POST.get("seen", "")}
            act = take_steps if edge else arrange_all
            done = form.carry_out(act, problems=rows, by=request.user, **about)
            if done is not None:
                messages.success(request, _("办理了 %s 个问题。") % done)
                return redirect("ledger")
        foreseen = foresee(rows, request.user, step)
        taken = rows.filter(open_for(request.user, step))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("ledger")
    context = {
        "ledger": ledger,
        "chosen": chosen,
        "step": step,
        "edge": edge,
        "label": LABELS[step],
        "form": form,
        "foreseen": foreseen,
        "left": _left(foreseen.left),
        "rows": taken.select_related("district").order_by("-pk")[:MOST_SHOWN],
        "most": MOST_SHOWN,
    }
    return render(request, "improvement/ledger_many.html", context, status=form.status)


def _left(left: Any) -> list[tuple[str, int]]:
    labels = dict(Problem._meta.get_field("state").flatchoices)
    return [(str(labels[state]), count) for state, count in left.items()]
