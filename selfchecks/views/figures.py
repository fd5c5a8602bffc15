"""The reported figures with the cell each came from, correcting one, and the threads on them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.refusals import Refused, Stale
from selfchecks.forms import CellForm, CommentForm
from selfchecks.models import ReviewComment, SelfCheck
from selfchecks.pages import figures as pages
from selfchecks.pages.threads import Thread, evidence_address, threads, tied_to
from selfchecks.pages.words import decided_words
from selfchecks.services import reviews
from selfchecks.services.blockers import MAY_UPLOAD
from selfchecks.services.corrections import Cell, cell_of, correct
from selfchecks.views.access import kept_text, of_self_check


@of_self_check()
@require_safe
def figures(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    """The district's own figures, and the list of its schools."""
    context = {
        "self_check": self_check,
        "lines": pages.of_district(self_check),
        "schools": self_check.school_records.values_list("school_code", "school_name"),
    }
    return render(request, "selfchecks/figures.html", context)


@of_self_check()
@require_safe
def school(request: HttpRequest, self_check: SelfCheck, line: str) -> HttpResponse:
    record = self_check.school_records.filter(school_code=line).first()
    if record is None:
        raise Http404
    context = {
        "self_check": self_check,
        "record": record,
        "lines": pages.of_school(self_check, record),
        "threads": threads(self_check, school_code=line),
    }
    return render(request, "selfchecks/school.html", context)


@of_self_check("value", "reason", "seen")
def cell(request: HttpRequest, self_check: SelfCheck, line: str, column: str) -> HttpResponse:
    """One value with its thread; correcting it makes a new version of the workbook."""
    found = cell_of(self_check, line, column)
    form = CellForm(initial={"value": found.shown, "seen": found.shown, **kept_text(request)})
    status = 200
    if request.method == "POST":
        form = CellForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                kept = correct(self_check=self_check, by=request.user, **_decided(found, form))
            except Stale as refusal:
                found = cell_of(self_check, line, column)
                form = CellForm({**form.cleaned_data, "seen": found.shown})
                form.take(refusal)
                status = refusal.status
            except Refused as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                messages.success(request, _("已更正,存为第 %s 版。") % kept.number)
                if kept.unexplained():
                    messages.info(request, _("还有警告没有写明原因,送审前请逐条说明。"))
                return redirect(request.path)
    tied = threads(self_check, **tied_to(found))
    context = {
        "self_check": self_check,
        "cell": found,
        "form": form,
        "threads": tied,
        "evidence_url": evidence_address(self_check, _indicator_of(found, tied)),
        "can_write": self_check.is_editable and request.user.role in MAY_UPLOAD,
    }
    return render(request, "selfchecks/cell.html", context, status=status)


def _decided(cell: Cell, form: CellForm) -> dict[str, Any]:
    """What was typed; a form that does not say which value it showed is not asked."""
    typed, seen = form.cleaned_data, form.data.get("seen")
    return {
        "values": {cell.key: typed["value"]},
        "reason": typed["reason"],
        "seen": None if seen is None else {cell.key: seen},
    }


def _indicator_of(cell: Cell, tied: list[Thread]) -> str:
    """What a document about the value would speak of: said by the value or by a remark on it."""
    said = (thread.comment.indicator for thread in tied)
    return cell.target.indicator or next(filter(None, said), "")


@of_self_check()
@require_safe
def comments(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    context = {
        "self_check": self_check,
        "threads": threads(self_check),
        "said": decided_words(self_check, request.user),
    }
    return render(request, "selfchecks/comments.html", context)


@of_self_check("text")
def answer(request: HttpRequest, self_check: SelfCheck, comment: int) -> HttpResponse:
    """One thread with the form to answer it."""
    rows = ReviewComment.objects.select_related("self_check__district", "parent")
    parent = rows.get_visible(request.user, self_check=self_check, pk=comment)
    form = CommentForm(initial=kept_text(request))
    status = 200
    if request.method == "POST":
        form = CommentForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                reviews.answer(parent=parent, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                messages.success(request, _("回复已发出。"))
                return redirect("self-check-comments", reference=self_check.reference)
    root = parent.parent_id or parent.pk
    context = {
        "self_check": self_check,
        "thread": threads(self_check, pk=root)[0],
        "form": form,
    }
    return render(request, "selfchecks/answer.html", context, status=status)
