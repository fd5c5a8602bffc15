"""Hands a document to whoever reviews: always a download, never shown inside the portal."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from selfchecks.models import EvidenceItem


@require_safe
def evidence_file(request: HttpRequest, object_id: int, item: int) -> FileResponse:
    if not request.user.has_perm("selfchecks.view_evidenceitem"):
        raise PermissionDenied
    found = EvidenceItem.objects.get_visible(request.user, pk=item, self_check_id=object_id)
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.display_name,
        content_type="application/octet-stream",
    )
