"""The result with every school and indicator, to read and to take along as a table."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.refusals import Conflict
from rest.renderers import CsvRenderer, XlsxRenderer
from selfchecks.bureau.access import SignedIn, of_self_check, offered
from selfchecks.models import SelfCheck
from selfchecks.pages import result as pages

TABLES: dict[str, tuple[Any, str]] = {
    "csv": (CsvRenderer, "text/csv; charset=utf-8"),
    "xlsx": (XlsxRenderer, XlsxRenderer.media_type),
}


@of_self_check()
@require_safe
def result(request: SignedIn, self_check: SelfCheck) -> HttpResponse:
    context: dict[str, Any] = {"self_check": self_check}
    try:
        page = context["page"] = pages.build(self_check)
    except Conflict as refusal:
        context["refusal"] = refusal
        return render(request, "selfchecks/result.html", context, status=refusal.status)
    wanted = request.GET.get("format", "")
    if page and wanted in TABLES:
        table, kind = TABLES[wanted]
        content = table().write(list(pages.rows_for_download(page)))
        return offered(content, f"{self_check.reference}.{wanted}", kind)
    return render(request, "selfchecks/result.html", context)
