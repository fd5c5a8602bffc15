"""The result with every school and indicator, to read and to take along as a table."""

from typing import Any

from django.http import HttpResponse

from audit.refusals import Conflict
from rest.renderers import CsvRenderer, XlsxRenderer
from selfchecks.bureau.access import SignedIn, of_self_check, offered, shown
from selfchecks.models import SelfCheck
from selfchecks.pages import result as pages
from selfchecks.pages.units import rows_for_download

TABLES: dict[str, tuple[Any, str]] = {
    "csv": (CsvRenderer, "text/csv; charset=utf-8"),
    "xlsx": (XlsxRenderer, XlsxRenderer.media_type),
}


@of_self_check()
def result(request: SignedIn, self_check: SelfCheck) -> HttpResponse:
    try:
        page = pages.build(self_check)
    except Conflict as refusal:
        return shown(request, "result", self_check, refusal=refusal)
    wanted = request.GET.get("format", "")
    if page and wanted in TABLES:
        table, kind = TABLES[wanted]
        content = table().write(list(rows_for_download(page.outcome, page.names)))
        return offered(content, f"{self_check.reference}.{wanted}", kind)
    return shown(request, "result", self_check, page=page)
