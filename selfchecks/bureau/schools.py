"""The page of one school, and the search that leads there: both only in the reader's reach."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.refusals import Conflict
from districts.access import SignedInRequest, open_to
from figures.table import SCHOOL_FIELDS, STAGES_OF_TYPE
from selfchecks import finding
from selfchecks.bureau.access import READERS, of_self_check, shown
from selfchecks.bureau.figures import in_words
from selfchecks.models import SelfCheck
from selfchecks.remarks import threads
from selfchecks.results import build
from selfchecks.schools import SchoolPage, findings_of
from selfchecks.services.corrections import cell_in


@of_self_check()
def school(request: SignedInRequest, self_check: SelfCheck, line: str) -> HttpResponse:
    record = self_check.school_records.filter(school_code=line).first()
    if record is None:
        raise Http404
    context: dict[str, Any] = {}
    try:
        page = build(self_check)
    except Conflict as refusal:
        page, context["notice"] = None, refusal
    stages = (None, *STAGES_OF_TYPE.get(record.school_type, ()))
    cells = [cell_in(record, figure.code) for figure in SCHOOL_FIELDS if figure.stage in stages]
    return shown(
        request,
        "school",
        self_check,
        record=record,
        about=SchoolPage(self_check, record, page) if page else None,
        cells=in_words(cells),
        findings=findings_of(self_check.current, record),
        threads=threads(self_check, lambda row: row.school_code == line),
        **context,
    )


@open_to(*READERS)
@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """Schools by name or code, units and indicators by theirs."""
    answer = finding.find(request.user, request.GET.get("q", ""))
    return render(request, "selfchecks/find.html", {"answer": answer, "asked": answer.asked})
