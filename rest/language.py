"""The language of the API's sentences: Chinese, or English when the client asks for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

PAGES = "/docs/"  # have the language in their address, as all pages

CHINESE, ENGLISH = "zh-hans", "en"


def asked_for(request: HttpRequest) -> str:
    """English only when Accept-Language begins with it; Chinese is the default."""
    wish = request.headers.get("Accept-Language", "").strip().lower()
    return ENGLISH if wish[:2] == "en" and wish[2:3] in ("", "-", ",", ";") else CHINESE


class ApiLanguageMiddleware:
    """Under ``/api/`` the language follows Accept-Language; pages have it in their address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith("/api/") or path.endswith(PAGES):
            return self.get_response(request)
        language = asked_for(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["Content-Language"] = language
        return response
