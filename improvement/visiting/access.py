"""What the pages of visits stand on: who reads, who records, the visit an address names."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES
from districts.scope import Viewer
from improvement.models import Visit

READERS = (*DISTRICT_ROLES, *MUNICIPAL_ROLES)
_REFERENCE = re.compile(r"([0-9A-Z]{2,12})-([0-9]{4})-([0-9]{1,4})")


def find(viewer: Viewer, reference: str) -> Visit:
    """Http404 beyond the viewer's scope, and for a district before the visit is over."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise Http404
    named = {"district__code": match[1], "year": int(match[2]), "number": int(match[3])}
    rows = Visit.objects.select_related("district", "started_by", "ended_by")
    found: Visit = rows.get_visible(viewer, **named)
    return found


def shown(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A form or a refusal that was not taken says its status."""
    spoke = context.get("refusal") or context.get("form")
    status = getattr(spoke, "status", 200)
    return render(request, f"improvement/{template}.html", context, status=status)
