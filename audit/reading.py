"""Notes who looked at figures that are not for everybody, and who took files away."""

import logging
import re
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from .models import Entry
from .services import Actor, record

VIEW, TAKE = "data.view", "data.take"
LONGEST, A_DAY = 200, 24 * 3600
# Addresses of the admin that pages fetch for themselves, or that are one's own.
NO_DATA = ("jsi18n", "logout", "password_change", "password_change_done", "view_on_site")
_UNIT = re.compile(r"[0-9]{6}|[A-Z]{3,8}")
logger = logging.getLogger(__name__)


class ReadingMiddleware(MiddlewareMixin):
    """After an answer, so that nobody waits for what fails here."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if settings.AUDIT_READING and response.status_code == 200 and is_of_few(request):
            taken = response.get("Content-Disposition", "").startswith("attachment")
            if taken or request.method == "GET":
                _note(TAKE if taken else VIEW, request)
        return response


def is_of_few(request: HttpRequest) -> bool:
    """Whether somebody signed in asked for what is not for everybody; one's own account is one's
    own."""
    is_known = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
    match = request.resolver_match
    if match is None or not is_known or match.url_name in NO_DATA or "accounts/" in match.route:
        return False
    return not is_public(match.func) and request.user.is_authenticated


def is_public(view: Any) -> bool:
    policies = [
        getattr(each, "policy", None)
        for each in getattr(getattr(view, "cls", None), "permission_classes", ())
    ]
    if policies:
        return any(policy and policy["read"] == "public" for policy in policies)
    return not getattr(view, "login_required", True)


def unit_of(request: HttpRequest) -> str:
    """The code of the unit the address names; empty when it names none."""
    values = request.resolver_match.kwargs.values() if request.resolver_match else ()
    heads = (str(value).partition("-")[0] for value in values)
    return next(filter(_UNIT.fullmatch, heads), "")


def _note(action: str, request: HttpRequest) -> None:
    try:
        note_reading(
            action=action,
            by=request.user,  # type: ignore[arg-type]
            unit=unit_of(request),
            path=request.path,
        )
    except DatabaseError:
        logger.exception("could not note who read: %s", request.path)


def note_reading(*, action: str, by: Actor, unit: str, path: str) -> Entry | None:
    """One entry a day for one person and one unit, or one page that names none, and for each file
    taken; None when it stands already."""
    today, path = timezone.localdate(), path[:LONGEST]
    place = unit if unit and action == VIEW else path
    key = f"{action}:{by.username}:{today}:{place}"
    if cache.get(key):
        return None
    noted = Entry.objects.filter(
        action=action, actor=by.username, at__date=today, district_code=unit
    )
    if place == path:
        noted = noted.filter(changes__path=path)
    entry = None
    with transaction.atomic():
        if not noted.exists():
            entry = record(action=action, by=by, district_code=unit, changes={"path": path})
    cache.set(key, 1, A_DAY)
    return entry
