"""Small HTTP duties of the whole portal: own problem pages, private pages never cached."""

import logging
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote_to_bytes

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from audit.refusals import Refused
from rest.trouble import NOT_NOW

from . import problems

MOST_BYTES = 64 * 1024 * 1024  # of a body; each page and route has a lower limit of its own
MOST_ASKED = 3500  # bytes behind an address: the web server reads no first line beyond 4,094
REFUSED = "portal.refused"  # the status with which the door refuses a request
logger = logging.getLogger(__name__)


class ContentPolicyMiddleware(CSPMiddleware):
    """With DEBUG on, django-csp spares Django's own 404 and 500; our pages stand in their place."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        parts = self.get_policy_parts(request=request, response=response)
        response.headers.setdefault(HEADER, build_policy(**asdict(parts)))
        return super().process_response(request, response)


class OwnProblemPagesMiddleware(MiddlewareMixin):
    """With DEBUG on, Django answers errors with a stack trace; readers get our page even then.

    The trace still goes to the console through the ``django.request`` logger.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        is_technical = (
            settings.DEBUG
            and response.status_code in problems.SENTENCES
            and not getattr(response, "is_own_problem", False)
            and not self.was_answered(request, response)
        )
        return problems.page(request, response.status_code) if is_technical else response

    @staticmethod
    def was_answered(request: HttpRequest, response: HttpResponse) -> bool:
        """Whether a view was found and answered itself, with a form to correct for example."""
        is_found = request.resolver_match is not None
        return is_found and response.status_code != 500 and not hasattr(request, "view_failed")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no page has caught is a sentence too, never a stack trace."""
        if isinstance(exception, Refused):
            return problems.page(request, exception.status, exception.sentence)
        if is_beyond_columns(exception):
            logger.warning("unstorable value in %s %s", request.method, request.path, exc_info=True)
            return problems.page(request, 400, _("有一个值太长或太大，没有这样的内容。"))
        if answer := problems.troubled(request, exception):
            return answer
        request.view_failed = True  # type: ignore[attr-defined]
        return None


def is_beyond_columns(exception: Exception) -> bool:
    """Whether a value was longer or larger than any column; the driver of SQLite says so itself."""
    is_of_driver = isinstance(exception, OverflowError) and "SQLite" in str(exception)
    return is_of_driver or isinstance(exception, DataError)


class ReadableRequestMiddleware(MiddlewareMixin):
    """Refuses what would only be guessed or is never meant: an address that is not UTF-8 or has a
    NUL, which no text of the database can hold, more behind an address than any search or filter
    asks, a body without its length or longer than any form.

    Django reads a body sent in chunks as an empty one, and keeps files of any size on disk before
    a view, or the check of the form's token, can say no.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if status := request.META.get(REFUSED):
            return self._refused_at_the_door(request, status)
        if "Transfer-Encoding" in request.headers:
            return problems.page(request, 411)
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return problems.page(request, 413)
        if len(request.META["QUERY_STRING"]) > MOST_ASKED:
            return problems.page(request, 414)
        try:
            address = unquote_to_bytes(
                f"{request.path_info}?{request.META['QUERY_STRING']}"
            ).decode()
        except UnicodeDecodeError:
            return problems.page(request, 400, _("地址不是 UTF-8 编码；请把中文按 UTF-8 转写。"))
        # The API names the parameter in which it found one.
        is_api = request.path_info.startswith("/api/")
        if "\0" in (request.path_info if is_api else address):
            return problems.page(request, 400, _("地址里有空字符（U+0000）；请去掉它。"))
        return None

    @staticmethod
    def _refused_at_the_door(request: HttpRequest, status: int) -> HttpResponse:
        if status != NOT_NOW:
            return problems.page(request, status)
        advice = _("请过几秒再试；您的操作还没有开始，没有任何改动。")
        return problems.page(request, status, _("现在同时使用的人太多。"), advice=advice)


class SignedInByDefaultMiddleware(LoginRequiredMiddleware):
    """Django's own, except that open views are let through without opening the session."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """A session that ended while somebody typed: the text waits for the next sign-in."""
        if request.method == "POST" and hasattr(view_func, "keeps_text"):
            problems.keep_text(request, view_func.keeps_text)
        return super().handle_no_permission(request, view_func)


class PrivateCacheMiddleware(MiddlewareMixin):
    """What a signed-in person sees stays out of every shared cache."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if is_known(request) and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response


def is_known(request: HttpRequest) -> bool:
    """Whether the client showed anything to be known by.

    Without it the session is not even opened: the answer then does not vary by cookie, and
    caches may give it to everybody.
    """
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
