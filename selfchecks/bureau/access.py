"""What every page stands on: the self-check an address names, who reads it and who writes."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from districts.access import SignedInRequest, View, open_to
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES
from districts.scope import Viewer
from selfchecks.models import SelfCheck
from selfchecks.services.blockers import MAY_UPLOAD

READERS = (*DISTRICT_ROLES, *MUNICIPAL_ROLES)
_REFERENCE = re.compile(r"([0-9A-Z]{2,12})-([0-9]{4})")  # zones have letters for a code


def find(viewer: Viewer, reference: str) -> SelfCheck:
    """``500106-2026`` within the viewer's scope; Http404 otherwise."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise Http404
    rows = SelfCheck.objects.select_related("district", "standard")
    found: SelfCheck = rows.get_visible(viewer, district__code=match[1], year=int(match[2]))
    return found


def of_self_check(*keeps: str, acts: bool = False) -> Callable[[View], View]:
    """For people who may read self-checks; the view receives the one its address names.

    ``keeps`` are the text inputs whose content outlives a session that ended while typing; a page
    without any is only read, unless it ``acts`` on buttons alone.
    """

    def decorate(view: View) -> View:
        answer: View = view if keeps or acts else require_safe(view)

        @open_to(*READERS, keeps=keeps)
        @wraps(view)
        def found(request: HttpRequest, reference: str, **rest: Any) -> HttpResponse:
            return answer(request, find(request.user, reference), **rest)  # type: ignore[return-value]

        return found

    return decorate


def shown(
    request: HttpRequest,
    template: str,
    self_check: SelfCheck,
    *,
    room: str = "selfchecks",
    **context: Any,
) -> HttpResponse:
    """A page on the self-check; a refusal or a form that was not taken says its status, and so does
    a question that was not understood."""
    spoke = context.get("problem") or context.get("refusal") or context.get("form")
    context["self_check"] = self_check
    status = getattr(spoke, "status", 200)
    return render(request, f"{room}/{template}.html", context, status=status)


def may_write(request: SignedInRequest, self_check: SelfCheck) -> bool:
    """Whether the reader may change figures, reasons and documents now."""
    return self_check.is_editable and request.user.role in MAY_UPLOAD
