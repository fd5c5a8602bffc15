"""Lets entries name the request that caused them, and notes what was tried and refused."""

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin

from .models import Entry
from .services import address, record, request_id

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
logger = logging.getLogger(__name__)
REFUSED = "access.refuse"
QUIET = timedelta(minutes=5)
MOST = 20  # entries of one person within QUIET: who tries everything fills no trail
LONGEST = 200


class AuditContextMiddleware(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> Any:
        token = request_id.set(getattr(request, "request_id", ""))
        place = address.set(request.META.get("REMOTE_ADDR", ""))
        try:
            response: Any = self.get_response(request)
            if response.status_code == 403 and request.method not in SAFE:
                self._note(request, response)
            return response
        finally:
            request_id.reset(token)
            address.reset(place)

    @staticmethod
    def _note(request: HttpRequest, response: HttpResponse) -> None:
        """The view's transaction is over by now, rolled back; a form without its token is no act.

        A trail that cannot be written must not turn a refusal into an error.
        """
        if not request.user.is_authenticated or hasattr(response, "is_stale_form"):
            return
        shown = getattr(response, "context_data", None) or {}
        why = getattr(response, "why", "") or shown.get("refusal") or ""
        try:
            with translation.override("zh-hans"):
                note_refused(
                    method=str(request.method), path=request.path, why=str(why), by=request.user
                )
        except DatabaseError:
            logger.exception("could not note a refused attempt: %s", request.path)


def note_refused(*, method: str, path: str, why: str, by: Any) -> Entry | None:
    """One entry for an attempt; None when it was noted within the last minutes.

    ``path`` is the address without its query, which says on which object; ``why`` the sentence of
    the refusal, which says what for.
    """
    district = getattr(by, "district", None)
    attempt = {"method": method, "path": path[:LONGEST]}
    since = timezone.now() - QUIET
    with transaction.atomic():
        before = Entry.objects.filter(action=REFUSED, actor=by.username, at__gte=since)
        lately = list(before.values_list("changes", "reason")[:MOST])
        if len(lately) == MOST or (attempt, why[:LONGEST]) in lately:
            return None
        return record(
            action=REFUSED,
            by=by,
            district_code=district.code if district else "",
            changes=attempt,
            reason=why[:LONGEST],
        )
