"""Lets audit entries name the request that caused them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import context


class AuditContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = context.request_id.set(getattr(request, "request_id", ""))
        try:
            return self.get_response(request)
        finally:
            context.request_id.reset(token)
