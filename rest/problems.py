"""Answers every refusal and error of the API as ``application/problem+json`` (RFC 9457)."""

import json
import logging
import math
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS

from rest import trouble

logger = logging.getLogger("django.request")

CONTENT_TYPE = "application/problem+json"

# Status → its name and what to do next. The documentation page prints this table.
KINDS: dict[int, tuple[Any, Any]] = {
    400: (_("请求读不懂"), _("请按 errors 中的说明检查地址里的参数和内容的格式。")),
    401: (_("需要令牌或登录"), _("请在 Authorization 中出示有效的令牌，或先登录。")),
    403: (_("您的账号不能做这一步"), _("请用有这项权限的账号或令牌；令牌的权限范围也要包含它。")),
    404: (_("没有找到"), _("地址可能写错了，或者它不在您的查看范围内。")),
    405: (_("这个地址不支持这种方法"), _("可用的方法写在应答的 Allow 中。")),
    406: (_("没有您要的格式"), _("请在 Accept 中要 application/json，或在列表上用 format 参数。")),
    409: (_("现在不能做这一步"), _("内容的状态不允许，请取回最新内容后再看。")),
    411: (_("没有写明长度"), _("请写明 Content-Length 再发；分块发送（chunked）的内容不收。")),
    412: (_("内容已被别人更新"), _("请重新取回，在最新内容上再改。")),
    413: (_("内容太大"), _("请减小后再发。")),
    414: (_("地址太长"), _("地址里的查询参数最多 3500 字节；请分几次查。")),
    415: (_("内容的类型不对"), _("请用 Content-Type: application/json 发送 UTF-8 的 JSON。")),
    422: (_("内容有问题"), _("请按 errors 中的说明改正后再发。")),
    428: (_("需要先看再改"), _("请先取回内容，把应答中的 ETag 放进 If-Match 再发。")),
    429: (_("请求太频繁"), _("请等 Retry-After 所说的秒数再发。")),
    500: (_("门户出了错"), _("错误已经记录，请稍后重试；联系我们时请附上 request_id。")),
    503: (_("门户暂时不能使用"), _("数据库没有应答，请稍后再试。")),
    507: (_("门户的磁盘满了"), _("这一次没有保存；请告知门户的运维人员，腾出空间后再发。")),
}


@runtime_checkable
class Refusal(Protocol):
    """What the rooms raise when they decline: a sentence, and the inputs it speaks of."""

    sentence: Any
    status: int
    code: str
    fields: Mapping[str, Any]


class BadParameters(exceptions.ValidationError):
    """Query parameters that are unknown or unusable: {name: sentence}."""


class Unreadable(exceptions.APIException):
    """A body that cannot be taken as it stands; ``errors`` point into it."""

    status_code = 400
    default_code = "unreadable"

    def __init__(
        self, sentence: Any, *, status: int = 400, code: str = "unreadable", errors: Any = ()
    ) -> None:
        super().__init__(sentence, code)
        self.status_code = status
        self.errors = list(errors)


class PreconditionRequired(exceptions.APIException):
    status_code = 428
    default_code = "if_match_required"
    default_detail = KINDS[428][1]


def problem(
    request: HttpRequest,
    status: int,
    detail: Any = "",
    *,
    code: str = "",
    errors: Iterable[Mapping[str, Any]] = (),
    **more: Any,
) -> HttpResponse:
    """The one shape of every answer that is not a success; ``more`` are members beyond it."""
    title, advice = KINDS.get(status, KINDS[500] if status >= 500 else KINDS[400])
    content = {
        "type": _type_of(status),
        "title": str(title),
        "status": status,
        "code": code or f"http_{status}",
        "detail": str(detail or advice),
        "instance": request.path,
        "errors": [{name: str(value) for name, value in error.items()} for error in errors],
        "request_id": getattr(request, "request_id", ""),
        **more,
    }
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False), status=status, content_type=CONTENT_TYPE
    )
    response["Cache-Control"] = "no-store"
    if status in trouble.RETRY_AFTER:
        response["Retry-After"] = str(trouble.RETRY_AFTER[status])
    response.is_own_problem = True  # type: ignore[attr-defined]
    response.why = detail  # type: ignore[attr-defined]
    return response


def _type_of(status: int) -> str:
    """The name of the kind of problem, the same in every language; it leads to its sentence."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            return f"{reverse('api-docs')}#problem-{status}"
        except NoReverseMatch:
            return "about:blank"


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Every exception of an API view as a problem; what is not foreseen is logged, a 500."""
    request: HttpRequest = context["request"]._request
    if isinstance(exc, Refusal):
        return _refused(request, exc)
    if status := trouble.trouble_of(exc):
        trouble.note(exc, request.path)
        return problem(request, status)
    known = _known(exc)
    if known is None:
        return unforeseen(request, exc)
    _name_formats(known, context["view"])
    return _answered(request, known)


def unforeseen(request: HttpRequest, exc: Exception) -> HttpResponse:
    got_request_exception.send(sender=None, request=request)
    logger.error("unforeseen: %s", request.path, exc_info=exc)
    return problem(request, 500)


def _known(exc: Exception) -> exceptions.APIException | None:
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound(KINDS[404][1])
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(KINDS[403][1])
    if isinstance(exc, RequestDataTooBig):
        return Unreadable(KINDS[413][1], status=413, code="too_large")
    if isinstance(exc, (SuspiciousOperation, UnreadablePostError)):
        return Unreadable(KINDS[400][1])
    return None


def _name_formats(exc: exceptions.APIException, view: Any) -> None:
    """The sentence about a wrong type of content names those this address knows."""
    if isinstance(exc, exceptions.UnsupportedMediaType):
        sentence, known = _("请用 Content-Type: %s 发送。"), view.get_parsers()
    elif isinstance(exc, exceptions.NotAcceptable):
        sentence, known = _("请在 Accept 中要这个地址有的格式：%s。"), exc.available_renderers
    else:
        return
    exc.detail = sentence % ", ".join(each.media_type for each in known)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal about query parameters is 400, about a body what the refusal says."""
    is_reading = request.method in SAFE_METHODS
    status = 400 if is_reading and refusal.status == 422 else refusal.status
    errors = getattr(refusal, "errors", None) or [
        {
            "parameter" if is_reading else "pointer": name if is_reading else f"/{name}",
            "code": refusal.code,
            "detail": sentence,
        }
        for name, sentence in refusal.fields.items()
    ]
    return problem(request, status, refusal.sentence, code=refusal.code, errors=errors)


def _answered(request: HttpRequest, exc: exceptions.APIException) -> HttpResponse:
    status, code, detail, errors = _facts(exc)
    response = problem(request, status, detail, code=code, errors=errors)
    if isinstance(exc, exceptions.Throttled) and exc.wait is not None:
        response["Retry-After"] = str(math.ceil(exc.wait))
    if challenge := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response


_IN_OUR_WORDS = (exceptions.Throttled, exceptions.NotAuthenticated, exceptions.MethodNotAllowed)


def _facts(exc: exceptions.APIException) -> tuple[int, str, Any, list[dict[str, Any]]]:
    """Status, code, sentence and errors of an exception."""
    if isinstance(exc, exceptions.ValidationError):
        in_query = isinstance(exc, BadParameters)
        errors = list(located(exc.detail, "parameter" if in_query else "pointer"))
        status, code = (400, "bad_parameters") if in_query else (422, "unusable")
        return status, code, errors[0]["detail"] if len(errors) == 1 else "", errors
    if isinstance(exc, _IN_OUR_WORDS):
        return exc.status_code, exc.default_code, KINDS[exc.status_code][1], []
    code = getattr(exc.detail, "code", exc.default_code)
    return exc.status_code, code, exc.detail, getattr(exc, "errors", [])


def located(detail: Any, kind: str, path: str = "") -> Iterable[dict[str, Any]]:
    """The leaves of a tree of validation errors, each with the place it speaks of."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            is_whole = name == "non_field_errors"
            yield from located(inner, kind, path if is_whole else f"{path}/{escaped(name)}")
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            is_leaf = isinstance(inner, str)
            yield from located(inner, kind, path if is_leaf else f"{path}/{index}")
    else:
        place = path if kind == "pointer" else path.strip("/").partition("/")[0]
        yield {kind: place, "code": getattr(detail, "code", "invalid"), "detail": detail}


def escaped(name: Any) -> str:
    """A member name as RFC 6901 writes it."""
    return str(name).replace("~", "~0").replace("/", "~1")
