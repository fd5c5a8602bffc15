"""The language of the API's sentences: Chinese, or English when the client asks for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

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
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        language = asked_for(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["Content-Language"] = language
        return response
