"""What every page stands on: the self-check an address names, and texts typed too late."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.access import KEPT_TEXT, SignedInRequest, View, open_to
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
    rows = SelfCheck.objects.select_related("district", "standard", "inspector")
    found: SelfCheck = rows.get_visible(viewer, district__code=match[1], year=int(match[2]))
    return found


def of_self_check(*keeps: str) -> Callable[[View], View]:
    """For people who may read self-checks; the view receives the one its address names.

    ``keeps`` are the text inputs whose content outlives a session that ended while typing; a page
    without any is only read.
    """

    def decorate(view: View) -> View:
        answer: View = view if keeps else require_safe(view)

        @open_to(*READERS)
        @wraps(view)
        def found(request: HttpRequest, reference: str, **rest: Any) -> HttpResponse:
            return answer(request, find(request.user, reference), **rest)  # type: ignore[return-value]

        found.keeps_text = keeps  # type: ignore[attr-defined]
        return found

    return decorate


def shown(
    request: HttpRequest, template: str, self_check: SelfCheck, **context: Any
) -> HttpResponse:
    """A page on the self-check; a refusal or a form that was not taken says its status."""
    spoke = context.get("refusal") or context.get("form")
    context["self_check"] = self_check
    status = getattr(spoke, "status", 200)
    return render(request, f"selfchecks/{template}.html", context, status=status)


def kept_text(request: HttpRequest) -> dict[str, str]:
    """What was typed on this page before the session ended, once; says so on the page."""
    held = request.session.get(KEPT_TEXT)
    if not held or held["path"] != request.path:
        return {}
    del request.session[KEPT_TEXT]
    if held["texts"]:
        messages.info(
            request, _("登录曾经过期或换过,您刚才填写的内容还在下面,没有保存;请核对后再提交。")
        )
    if held.get("had_file"):
        messages.info(request, _("登录曾经过期或换过,文件没有收下;请重新选择文件再上传。"))
    texts: dict[str, str] = held["texts"]
    return texts


def may_write(request: SignedInRequest, self_check: SelfCheck) -> bool:
    """Whether the reader may change figures, reasons and documents now."""
    return self_check.is_editable and request.user.role in MAY_UPLOAD


def number_in(request: HttpRequest, name: str) -> int | None:
    """What a page remembered of what it showed, such as a version; None when it says nothing."""
    text = request.POST.get(name, "")
    return int(text[:9]) if text.isdecimal() else None


def offered(content: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Bytes to save, never to be shown by the browser itself."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
