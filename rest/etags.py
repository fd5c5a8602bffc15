"""Strong ETags: an unchanged answer is 304, a change needs to have seen the latest state."""

import hashlib
from typing import Any

from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from .problems import PreconditionRequired, Unreadable
from .renderers import JsonRenderer


def tag_of_content(data: Any, format: str) -> str:
    """The tag of an answer: the same content in the same format has the same tag."""
    content = JsonRenderer().render(data) + format.encode()
    return quote_etag(hashlib.sha256(content).hexdigest()[:32])


def answer_conditionally(request: Request, response: Response) -> Any:
    """The rendered response, or 304 when the reader has it already."""
    if "ETag" not in response:
        format = request.accepted_renderer.format
        response["ETag"] = tag_of_content(response.data, format)
    kept = {name: response[name] for name in _KEPT if name in response}
    answer: Any = get_conditional_response(
        request._request, etag=response["ETag"], response=response
    )
    for name, value in kept.items():
        answer[name] = value
    return answer


_KEPT = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Link")


def seen_tag(request: Request, current: str) -> str | None:
    """Which of the tags in If-Match is of the ``current`` state; None for ``*``, any state.

    Empty when none is: the service then says what has changed. A weak tag never matches, as RFC
    9110 has it. Raises PreconditionRequired without the header: nobody changes what they have
    not read.
    """
    header = request.headers.get("If-Match", "")
    if not header:
        raise PreconditionRequired()
    tags = parse_etags(header)
    if tags == ["*"]:
        return None
    if not tags:
        raise Unreadable(_("If-Match 应是 ETag,例如取回内容时应答里的那一个,连同引号。"))
    strong = (tag.strip('"') for tag in tags if not tag.startswith("W/"))
    return next((tag for tag in strong if f"{tag}.".startswith(f"{current}.")), "")
