"""Reads JSON bodies strictly: what two programs could read differently is refused."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser

from .problems import KINDS, Unreadable, escaped

DEEPEST = 20
LONGEST_NUMBER = 40
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its names came twice."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) < len(pairs):
        names = [name for name, _value in pairs]
        result.repeated = tuple(sorted({name for name in names if names.count(name) > 1}))
    return result


def _no_constant(text: str) -> NoReturn:
    raise Unreadable(_("数字不能是 %s；请写实际的数，没有就写 null 或不写。") % text)


def _number(kind: Callable[[str], Any], text: str) -> Any:
    if len(text) <= LONGEST_NUMBER:
        with suppress(ArithmeticError):  # an exponent that no decimal has
            return kind(text)
    raise Unreadable(_("数字「%s…」太长。") % text[:20])


def _decimal(text: str) -> Decimal | int:
    """Exactly; ``1e+03``, as R and Excel write a thousand, is the whole number it stands for."""
    number = Decimal(text)
    is_whole = number == number.to_integral_value() and number.adjusted() < LONGEST_NUMBER
    return int(number) if "e" in text.lower() and is_whole else number


class StrictJsonParser(BaseParser):
    """UTF-8 JSON without repeated names, NaN, lone surrogates or endless nesting."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise Unreadable(KINDS[413][1], status=413, code="too_large")
        try:
            text = content.decode("utf-8-sig")  # PowerShell and .NET begin with a BOM
        except UnicodeDecodeError as error:
            raise Unreadable(
                _("内容不是 UTF-8 编码（第 %s 个字节起读不懂）。") % (error.start + 1)
            ) from error
        return _checked(_loaded(text), text)


class FormParser(MultiPartParser):
    """A multipart form. Django leaves out a part whose header is not UTF-8 without a word."""

    EMPTY = 80  # bytes of a form without parts: its longest closing line

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        form = super().parse(stream, media_type, parser_context)
        length = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if not (form.data or form.files) and length > self.EMPTY:
            sentence = _("表单里没有读得懂的内容：各项的名称和文件名要用 UTF-8 编码，不能用 GBK。")
            raise Unreadable(sentence)
        return form


def _loaded(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=partial(_number, int),
            parse_float=partial(_number, _decimal),
        )
    except json.JSONDecodeError as error:
        raise Unreadable(
            _("内容不是有效的 JSON：第 %(line)s 行第 %(column)s 个字符处读不懂。")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except RecursionError as error:
        raise Unreadable(_too_deep()) from error


def _too_deep() -> str:
    return _("内容嵌套超过 %s 层。") % DEEPEST


def _checked(content: Any, text: str) -> Any:
    """The content, once everything in it was found unambiguous and storable."""
    errors = [
        _twice(pointer, name)
        for pointer, container in _containers(content, "", 1)
        for name in getattr(container, "repeated", ())
    ]
    # UTF-8 was decoded strictly: half a character can only have come in as an escape.
    if _ESCAPED_HALF.search(text) and _has_half(content):
        raise Unreadable(_("文字中有残缺的字符，不能保存。"))
    if errors:
        raise Unreadable(errors[0]["detail"], status=422, code="duplicate", errors=errors)
    return content


def _has_half(content: Any) -> bool:
    try:
        json.dumps(content, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return True
    return False


def _twice(pointer: str, name: str) -> dict[str, str]:
    return {
        "pointer": f"{pointer}/{escaped(name)}",
        "code": "duplicate",
        "detail": _("「%s」写了两次；请只留一个。") % name[:60],
    }


def _containers(value: Any, pointer: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Every object and list with its place; most members are neither and cost nothing."""
    if not isinstance(value, dict | list):
        return
    if depth == DEEPEST and value:
        raise Unreadable(_too_deep())
    yield pointer, value
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in members:
        if isinstance(inner, dict | list):
            yield from _containers(inner, f"{pointer}/{name}", depth + 1)
