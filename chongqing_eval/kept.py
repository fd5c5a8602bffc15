"""Answers for everybody are made once, and kept until something that everybody is shown changes."""

from hashlib import blake2b
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from rest_framework.request import Request

from audit.reading import is_public
from audit.shown import of_one_state, version
from rest.middleware import PAGES, asked_for
from rest.permissions import ClientThrottle

from .compression import accepted, codings_of
from .middleware import REFUSED, is_known

# Seconds at most, after the minute for which it may have been read before (``audit.shown``): what
# came past the portal shows within five minutes.
KEPT = 240
LARGEST = 1 << 20  # bytes
# Whoever asks in ways of her own fills a small shelf, and takes nothing from the usual one.
USUAL, OTHER = "answers", "asked"
FOR_EACH = "public, max-age=0, must-revalidate"  # any cache may keep it, and asks again
OF_BODY = ("Content-Type", "Content-Length", "Content-Disposition", "Content-Encoding")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


class Answer(NamedTuple):
    """``stamp`` says of which state of the portal it tells; ``bodies`` by their content coding."""

    stamp: str
    headers: dict[str, str]
    bodies: dict[str, bytes]

    def to(self, request: HttpRequest) -> HttpResponse:
        """As this reader takes it, or 304 when she has it already."""
        coding = accepted(request, self.bodies)
        whole = HttpResponse(self.bodies[coding], headers=self.headers)
        whole["Content-Length"] = str(len(whole.content))
        if coding:
            whole["Content-Encoding"] = coding
        found: Any = get_conditional_response(request, etag=whole["ETag"], response=whole)
        if found is not whole:
            for name in self.headers.keys() - OF_BODY:
                found.headers.setdefault(name, self.headers[name])
        return found


class OwnQuestions(ClientThrottle):
    """How often one address may ask what nobody has asked before: each costs what a hundred kept
    answers do."""

    scope = "own"


class KeptAnswersMiddleware:
    """Outside of all that makes an answer, inside of what belongs to each request: its address,
    its number, its line in the access log."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):  # who writes looks at what is there after it
            return self.get_response(request)
        with of_one_state():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        place = place_of(request)
        if place is None:
            return self.get_response(request)
        (shelf, key), facts = place, request.META
        kept = caches[shelf].get(key)
        if kept and kept.stamp == _stamp() and _may_ask_again(request):
            return kept.to(request)
        if facts["QUERY_STRING"] and not OwnQuestions().allow_request(Request(request), None):
            facts[REFUSED] = 429
            return self.get_response(request)
        request.is_for_all = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        made = _made(request, response)
        if made is None:
            return response
        caches[shelf].set(key, made, KEPT)
        return made.to(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> None:
        """The state is asked for before the view looks; the condition is judged by us."""
        if hasattr(request, "is_for_all") and request.method == "GET" and is_kept(view):
            request.state = _stamp()  # type: ignore[attr-defined]
            request.conditions = {  # type: ignore[attr-defined]
                name: request.META.pop(name) for name in CONDITIONS if name in request.META
            }


def place_of(request: HttpRequest) -> tuple[str, str] | None:
    """The shelf and the place in it; None for whoever shows anything to be known by."""
    facts = request.META
    is_plain = facts.get("CONTENT_LENGTH") in (None, "", "0")
    has_more = "HTTP_TRANSFER_ENCODING" in facts or REFUSED in facts
    if not is_plain or has_more or is_known(request):
        return None
    if CookieStorage.cookie_name in request.COOKIES:
        return None
    path, host, accept = request.path_info, facts.get("HTTP_HOST", ""), ""
    asked = [request.scheme, host, facts["SERVER_NAME"], facts["SERVER_PORT"], path]
    if path.startswith("/api/") and not path.startswith(PAGES):
        accept = facts.get("HTTP_ACCEPT", "")
        asked += [asked_for(request), accept]
    is_usual = not facts["QUERY_STRING"] and accept in ("", "*/*", "application/json")
    is_ours = settings.DEBUG or host in settings.ALLOWED_HOSTS
    text = "\n".join([*asked, facts["QUERY_STRING"]])
    key = blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    return USUAL if is_usual and is_ours else OTHER, key


def is_kept(view: Any) -> bool:
    """Pages that say so, and what the API lets everybody read."""
    return getattr(view, "is_kept", False) or (hasattr(view, "cls") and is_public(view))


def _stamp() -> str:
    """The day, and the version of what everybody is shown; empty while the database is away."""
    try:
        return f"{timezone.localdate()} {version()}"
    except Error:
        return ""


def _may_ask_again(request: HttpRequest) -> bool:
    """A call of the API counts, whoever answers it."""
    is_page = not request.path_info.startswith("/api/")
    return is_page or ClientThrottle().allow_request(Request(request), None)


def _made(request: HttpRequest, response: Any) -> Answer | None:
    """What is kept of a fresh answer; None when it is not for everybody, or too large."""
    state = getattr(request, "state", "")
    request.META.update(getattr(request, "conditions", {}))
    if not state or response.status_code != 200 or response.streaming:
        return None
    is_personal = response.cookies or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    response.headers.setdefault("Cache-Control", FOR_EACH)
    if is_personal or response["Cache-Control"] != FOR_EACH or len(response.content) > LARGEST:
        return None
    tag = blake2b(response.content, digest_size=16).hexdigest()
    response.headers.setdefault("ETag", quote_etag(tag))
    is_page = not request.path_info.startswith("/api/")
    patch_vary_headers(response, ("Accept-Encoding", *(["Cookie"] if is_page else [])))
    return Answer(state, dict(response.items()), codings_of(response))
