"""Gives every request its client's address, an id that its response, log lines and audit entries
share, and the API its language: Chinese, or English when the client asks for it."""

import logging
import re
import uuid
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from .addresses import client_of, is_trusted, networks_of, plain

_current: ContextVar[str] = ContextVar("request_id", default="-")
_ACCEPTABLE = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class ClientAddressMiddleware(MiddlewareMixin):
    """Puts the client's address into ``REMOTE_ADDR``, where everything looks for it; what a
    stranger says about hops before it is taken away unread."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.trusted = networks_of(settings.TRUSTED_PROXIES)

    def process_request(self, request: HttpRequest) -> None:
        facts = request.META
        peer = plain(facts.get("REMOTE_ADDR", ""))
        if not is_trusted(peer, self.trusted):
            for name in [name for name in facts if name.startswith("HTTP_X_FORWARDED_")]:
                del facts[name]
        facts["REMOTE_ADDR"] = client_of(peer, facts.get("HTTP_X_FORWARDED_FOR", ""), self.trusted)


class RequestIdMiddleware(MiddlewareMixin):
    """Takes a well-formed ``X-Request-Id`` from outside, else makes one; echoes it back."""

    def __call__(self, request: HttpRequest) -> Any:
        offered = request.headers.get("X-Request-Id", "")
        request_id = offered if _ACCEPTABLE.fullmatch(offered) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        token = _current.set(request_id)
        try:
            response: Any = self.get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-Id"] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Puts the request id on log lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True


# What ends a line somewhere, commands a terminal, or turns the direction of reading.
NOT_WRITTEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class OneLineFormatter(logging.Formatter):
    """Writes a message on one line: nobody's text can forge the next log line."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return NOT_WRITTEN.sub(lambda sign: ascii(sign[0])[1:-1], super().formatMessage(record))


PAGES = "/api/v1/docs/"  # have the language in their address, as all pages

CHINESE, ENGLISH = "zh-hans", "en"


def asked_for(request: HttpRequest) -> str:
    """English only when Accept-Language begins with it; Chinese is the default."""
    wish = request.headers.get("Accept-Language", "").strip().lower()
    return ENGLISH if wish[:2] == "en" and wish[2:3] in ("", "-", ",", ";") else CHINESE


class ApiLanguageMiddleware(MiddlewareMixin):
    """Under ``/api/`` the language follows Accept-Language; pages have it in their address."""

    def __call__(self, request: HttpRequest) -> Any:
        path = request.path_info
        if not path.startswith("/api/") or path.startswith(PAGES):
            return self.get_response(request)
        language = asked_for(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response: Any = self.get_response(request)
        response["Content-Language"] = language
        return response
