"""The reported figures line by line with the cell each came from, and correcting one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from audit.refusals import Stale
from districts.access import SignedInRequest
from figures.examples import examples_of
from figures.table import CODE, SCHOOL_FIELD, TEXT, item_of
from selfchecks.bureau.access import may_write, of_self_check, shown
from selfchecks.forms import CellForm
from selfchecks.models import SelfCheck
from selfchecks.remarks import Thread, evidence_address, threads
from selfchecks.services.corrections import IDENTIFYING, Cell, cell_in, cell_of, correct


@of_self_check()
def figures(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """The district's own figures, and the list of its schools."""
    schools = self_check.school_records.values_list("school_code", "school_name")
    # In the order of the workbook, which is the order they were written in.
    items = [cell_in(row, "value") for row in self_check.district_records.order_by("pk")]
    return shown(request, "figures", self_check, cells=in_words(items), schools=schools)


def in_words(cells: list[Cell]) -> list[tuple[Cell, str, bool]]:
    """Each with its value, empty where it is missing, and whether it may be corrected by itself."""
    return [(cell, _value(cell), cell.column not in IDENTIFYING) for cell in cells]


def _value(cell: Cell) -> str:
    """Words of a list in the reader's language, names as they were written."""
    figure = SCHOOL_FIELD.get(cell.column)
    is_name = figure is not None and figure.kind in (TEXT, CODE)
    return cell.shown if is_name or not cell.shown else _(cell.shown)


@of_self_check("value", "reason", "seen")
def cell(request: SignedInRequest, self_check: SelfCheck, line: str, column: str) -> HttpResponse:
    """One value with its thread; correcting it makes a new version of the workbook."""
    found = cell_of(self_check, line, column)
    form = CellForm.sent(request, {"value": found.shown, "seen": found.shown})
    form.key = found.key
    form.fields["value"].help_text = _example(found)
    corrected = form.carry_out(correct, self_check=self_check, by=request.user)
    if corrected:
        messages.success(request, _("已更正，存为第 %s 版。") % corrected.number)
        if corrected.unexplained():
            messages.info(request, _("还有警告没有写明原因，送审前请逐条说明。"))
        return redirect(request.path)
    if isinstance(form.refusal, Stale):
        found = cell_of(self_check, line, column)
        form.data = {**form.data.dict(), "seen": found.shown}  # type: ignore[attr-defined]
    # The thread follows the value, whose cell may move from version to version.
    target = found.target
    here = (target.school_code, target.field)
    tied = threads(self_check, lambda row: (row.school_code, row.field) == here)
    return shown(
        request,
        "cell",
        self_check,
        cell=found,
        form=form,
        threads=tied,
        evidence_url=evidence_address(self_check, _indicator_of(found, tied)),
        can_write=may_write(request, self_check),
    )


def _example(cell: Cell) -> str:
    """How the figure is written, and how not; as people type it, in any language."""
    figure = SCHOOL_FIELD.get(cell.column) or item_of(cell.line)
    if figure is None:
        return ""
    right, wrong = (format_html("<code>{}</code>", text) for text in examples_of(figure))
    return format_html(_("写成 {right}；不要写成 {wrong}。"), right=right, wrong=wrong)


def _indicator_of(cell: Cell, tied: list[Thread]) -> str:
    """What a document about the value would speak of: by the value or by a remark on it."""
    by_remarks = (thread.comment.indicator for thread in tied)
    return cell.target.indicator or next(filter(None, by_remarks), "")
