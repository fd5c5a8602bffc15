"""What came of it: the result, also as a table, and the talk about it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from audit.refusals import Conflict, one_of
from charts.plain import plain_style
from districts.access import SignedInRequest
from indicators import wording
from indicators.calculation.problems import write_decimal
from indicators.presenting import Presented
from indicators.rows import Figure
from selfchecks.books import coefficients, result_book
from selfchecks.bureau.access import of_self_check, shown
from selfchecks.files import offered, offered_book, offered_table
from selfchecks.forms import CommentForm
from selfchecks.models import ReviewComment, SelfCheck
from selfchecks.outstanding import lines_of
from selfchecks.remarks import decided_words, threads
from selfchecks.results import ResultPage, build, stamp
from selfchecks.services import reviews

A_DAY = 24 * 3600


def rows_for_download(page: Presented) -> Iterator[list[Any]]:
    """One row per unit and indicator with shown and exact value, header first."""
    yield [
        *(_("学校标识码"), _("学校名称"), _("学段"), _("在校生数"), _("指标"), _("名称")),
        *(_("数值"), _("达标值"), _("结论"), _("差多少（原始数据）"), _("未修约的数值")),
    ]
    for unit in page.outcome.units:
        stage = wording.stage_name(unit.stage)
        head = [unit.school_code, unit.school_name, stage, unit.pupils]
        for code, cell in unit.cells.items():
            verdict = str(wording.UNIT_VERDICTS[cell.verdict])
            short = write_decimal(Decimal(cell.shortfall)) if cell.shortfall else ""
            name = page.names.get(code, code)
            value = Figure(code, unit.stage, cell, page.places).value
            yield [*head, code, name, value, cell.threshold, verdict, short, cell.value]


@of_self_check()
def result(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """What was handed in never changes: the page on it is made once."""
    if not request.GET and (name := stamp(self_check)):
        made = SimpleLazyObject(lambda: build(self_check))
        return shown(request, "result", self_check, page=made, kept=(A_DAY, name))
    try:
        page = build(self_check)
    except Conflict as refusal:
        return shown(request, "result", self_check, refusal=refusal, kept=(0, ""))
    part, file = request.GET.get("part", ""), None
    if page:
        file = _file(self_check, page, part, one_of(request.GET, "format", ["xlsx", "csv", "svg"]))
    return file or _part(request, self_check, page, part)


def _file(self_check: SelfCheck, page: ResultPage, part: str, wanted: str) -> HttpResponse | None:
    """The whole as table or workbook; the coefficients as a table or, of a stage, as a drawing."""
    name = self_check.reference
    if wanted == "xlsx":
        return offered_book(result_book(self_check, page), f"{name}.xlsx")
    if wanted == "csv" and part == "spreads":
        return offered_table(list(coefficients(page)), f"{name}-spreads.csv")
    if wanted == "csv":
        return offered_table(list(rows_for_download(page)), f"{name}.csv")
    for stage, _name, drawing in page.drawn_spreads(plain_style()) if wanted == "svg" else ():
        if stage == part:
            return offered(drawing.encode(), f"{name}-spreads-{stage}.svg", "image/svg+xml")
    return None


def _part(
    request: SignedInRequest, self_check: SelfCheck, page: ResultPage | None, part: str
) -> HttpResponse:
    """The whole, or what is too long to stand in it: the units of a stage, or their drawings."""
    stages = {table.stage: table for table in page.stages} if page and part else {}
    if page and part in stages:
        lines = lines_of(page, stages[part])
        return shown(request, "stage", self_check, stage=stages[part], lines=lines)
    template = "strips" if page and part == "strips" else "result"
    return shown(request, template, self_check, page=page, kept=(0, ""))


@of_self_check()
def comments(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    words = decided_words(self_check, request.user)
    return shown(request, "comments", self_check, threads=threads(self_check), words=words)


@of_self_check("text")
def answer(request: SignedInRequest, self_check: SelfCheck, comment: int) -> HttpResponse:
    """One thread with the form to answer it."""
    rows = ReviewComment.objects.select_related("self_check__district", "parent")
    parent = rows.get_visible(request.user, self_check=self_check, pk=comment)
    form = CommentForm.sent(request)
    if form.carry_out(reviews.answer, parent=parent, by=request.user):
        messages.success(request, _("回复已发出。"))
        return redirect("self-check-comments", reference=self_check.reference)
    root = parent.parent_id or parent.pk
    [thread] = threads(self_check, lambda row: row.pk == root)
    return shown(request, "answer", self_check, thread=thread, form=form)
