"""Lets entries name the request that caused them, and notes what was tried and refused."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from . import context
from .attempts import note_refused

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
logger = logging.getLogger(__name__)


class AuditContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = context.request_id.set(getattr(request, "request_id", ""))
        try:
            response = self.get_response(request)
            if response.status_code == 403 and request.method not in SAFE:
                self._note(request, response)
            return response
        finally:
            context.request_id.reset(token)

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
