"""Answers are sent compressed: those for everybody were compressed once, the others are for the
one who asks, padded at random."""

import re
from collections.abc import Iterable
from typing import Any

import brotli
from django.http import HttpRequest
from django.middleware.gzip import GZipMiddleware
from django.utils.text import compress_string

BEST_FIRST = ("br", "gzip")
LEAST = 200  # bytes: less is not worth it
_TEXT = re.compile(r"text/|image/svg|application/([a-z.+-]+\+)?(json|xml)")
_CODED = re.compile(rf"\.({'|'.join(BEST_FIRST)})\"")
_REFUSED = r"(?!\s*;\s*q=0(\.0*)?\s*(,|$))"


def accepted(request: HttpRequest, codings: Iterable[str]) -> str:
    """The best of the codings the client takes; empty: as it is."""
    asked = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return next((one for one in codings if re.search(rf"\b{one}\b{_REFUSED}", asked)), "")


def codings_of(response: Any) -> dict[str, bytes]:
    """The body in every coding, the best first, and last as it is."""
    body = response.content
    if len(body) < LEAST or not is_text(response):
        return {"": body}
    return {"br": brotli.compress(body, quality=5), "gzip": compress_string(body), "": body}


def is_text(response: Any) -> bool:
    return bool(_TEXT.match(response.get("Content-Type", "")))


class CompressionMiddleware(GZipMiddleware):
    """Each coding of a content has a tag of its own, which leads back to that of the content: a
    weak one, as Django makes of it, could not be sent along with a change."""

    def __call__(self, request: HttpRequest) -> Any:
        offered = request.META.get("HTTP_IF_NONE_MATCH", "")
        if offered:
            request.META["HTTP_IF_NONE_MATCH"] = _CODED.sub('"', offered)
        response: Any = self.get_response(request)
        tag = response.get("ETag", "")
        if is_text(response):
            response = self.process_response(request, response)
        coding = response.get("Content-Encoding", "")
        if response.status_code == 304 and (found := _CODED.search(offered)):
            coding = found[1]
        if tag and coding in BEST_FIRST:
            response["ETag"] = f'{tag[:-1]}.{coding}"'
        return response
