"""Saves the reasons a page carries, whichever of its buttons was pressed."""

from django.http import HttpRequest

from selfchecks.models import Upload
from selfchecks.pages.findings import shown_reasons
from selfchecks.pages.reasons import reasons_in
from selfchecks.services.explaining import explain


def save_reasons(request: HttpRequest, upload: Upload) -> Upload:
    """The version with them. Raises as ``explain`` does."""
    reasons = reasons_in(request.POST, upload.findings, shown_reasons(upload))
    seen = request.POST.get("version", "")
    version = int(seen[:9]) if seen.isdecimal() else None
    return explain(upload=upload, reasons=reasons, by=request.user, seen=version)
