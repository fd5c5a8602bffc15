"""Answers a POST that is sent again with the first answer instead of doing it twice."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from .models import IdempotencyRecord
from .problems import Unreadable
from .renderers import JsonRenderer

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=5)  # longer than any request lives: its worker has died
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]


def key_of(request: Request) -> str:
    """The request's Idempotency-Key, empty when it has none."""
    key: str = request.headers.get("Idempotency-Key", "")
    if key and not _KEY.fullmatch(key):
        raise Unreadable(
            _("Idempotency-Key 应是 1 到 255 个可见的英文字符，不含空格。"), code="idempotency_key"
        )
    return key


def hold_body(request: Request) -> None:
    """Before it is asked who calls: looking for the CSRF token of a session would use it up."""
    is_repeatable = request.method == "POST" and "Idempotency-Key" in request.headers
    if is_repeatable and not request.content_type.startswith("multipart/"):
        request._request.body  # noqa: B018


def once(request: Request, key: str, handler: Handler) -> Handler:
    """The handler, run at most once for this account and key.

    The change and its answer are kept in one transaction. A request that was refused keeps
    nothing: it may be corrected and sent again under the same key.
    """

    def handle(*args: Any, **kwargs: Any) -> HttpResponse:
        fingerprint = _fingerprint(request)
        record, is_new = _claim(request, key, fingerprint)
        if not is_new:
            return _replay(record, fingerprint)
        try:
            with transaction.atomic():
                response = handler(*args, **kwargs)
                if response.status_code < 400:
                    _keep(record, response)
        except BaseException:
            record.delete()
            raise
        if response.status_code >= 400:  # refused, with something about it on record
            record.delete()
        return response

    return handle


def _claim(request: Request, key: str, fingerprint: str) -> tuple[IdempotencyRecord, bool]:
    """The record of this key, and whether this request is the one to do the work."""
    now = timezone.now()
    IdempotencyRecord.objects.filter(started_at__lt=now - KEPT).delete()
    record, is_new = IdempotencyRecord.objects.get_or_create(
        account=str(request.user.pk),
        key=key,
        defaults={"fingerprint": fingerprint, "started_at": now},
    )
    if is_new or record.status is not None or record.started_at > now - ABANDONED:
        return record, is_new
    abandoned = IdempotencyRecord.objects.filter(
        pk=record.pk, status=None, started_at=record.started_at
    )
    return record, bool(abandoned.update(started_at=now, fingerprint=fingerprint))


def _replay(record: IdempotencyRecord, fingerprint: str) -> HttpResponse:
    if record.fingerprint != fingerprint:
        raise Unreadable(
            _("这个 Idempotency-Key 已用于另一个请求；内容变了请换一个键。"),
            status=422,
            code="idempotency_key_reused",
        )
    if record.status is None:
        raise Unreadable(
            _("同一个请求正在处理，请稍后再试。"), status=409, code="idempotency_in_flight"
        )
    response = HttpResponse(record.body, status=record.status, content_type=JsonRenderer.media_type)
    for name, value in record.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(record: IdempotencyRecord, response: Response) -> None:
    record.status = response.status_code
    record.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    record.body = JsonRenderer().render(response.data).decode()
    record.save(update_fields=["status", "headers", "body"])


def _fingerprint(request: Request) -> str:
    """What is asked, by whom in which reach: address and content, not the way it was packed."""
    seal = hashlib.sha256()
    reach = str(getattr(request.user, "district_id", ""))
    for part in (request.get_full_path().encode(), reach.encode(), *_content(request)):
        seal.update(hashlib.sha256(part).digest())
    return seal.hexdigest()


def _content(request: Request) -> Iterator[bytes]:
    if not request.content_type.startswith("multipart/"):
        yield request._request.body
        return
    for name in sorted(request.data):
        for value in request.data.getlist(name):
            yield name.encode()
            yield _bytes_of(value)


def _bytes_of(value: Any) -> bytes:
    if not hasattr(value, "chunks"):
        return str(value).encode()
    seal = hashlib.sha256(value.name.encode())
    for chunk in value.chunks():
        seal.update(chunk)
    value.seek(0)
    return seal.digest()
