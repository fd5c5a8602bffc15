"""What the API says about itself: its OpenAPI document, for programs and laid out for people with
commands to copy; its index, and what is not there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from .permissions import PUBLIC_READ
from .problems import KINDS, problem
from .views import ApiView

METHODS = ("get", "post", "patch")
_JSON, _FORM = "application/json", "multipart/form-data"

Facts = Mapping[str, Any]
CONVENTIONS: tuple[tuple[Any, Any], ...] = (
    (
        _("谁可以用"),
        _(
            "标明公开的读取不需要令牌,任何网站都可以直接读。其余要在 Authorization 里写 B"
            "earer 和令牌;令牌由市级管理员发放,有权限范围、区县和有效期,只显示一次。"
        ),
    ),
    (
        _("写法"),
        _(
            "内容是 UTF-8 的 JSON,名称用小写加下划线;日期如 2026-11-23,时间带 +08:00,小数"
            "写成文字。不认识的名称和只读的名称会被拒绝,不会被忽略。"
        ),
    ),
    (
        _("翻页和表格"),
        _(
            "列表一次给 100 条,可用 page_size 改;下一页的地址在 next 和应答头 Link 里。加"
            " format=csv 或 format=xlsx 得到整张表。"
        ),
    ),
    (_("没有变化就不重复取"), _("应答带 ETag;下次把它放进 If-None-Match,内容没变时应答 304。")),
    (
        _("先看再改"),
        _("修改要把取回时的 ETag 放进 If-Match:没有它应答 428,内容已被别人改过应答 412。"),
    ),
    (
        _("放心重发"),
        _(
            "POST 可带自己取的 Idempotency-Key;24 小时内重发得到第一次的应答,并带 Idempot"
            "ency-Replayed: true。被拒绝的请求不占用这个键,改正后可以再发。"
        ),
    ),
    (_("说明的语言"), _("说明和错误默认用中文;Accept-Language 以 en 开头时用英文。")),
    (
        _("出错时"),
        _(
            "应答是 application/problem+json(RFC 9457):detail 是一句话,errors 指出哪个参数"
            "、哪一项或哪个单元格。联系我们时请附上 request_id。"
        ),
    ),
)


class IndexSerializer(serializers.Serializer):
    documentation = serializers.URLField()
    schema = serializers.URLField()
    collections = serializers.DictField(child=serializers.URLField())


class IndexView(ApiView):
    permission_classes = [PUBLIC_READ]
    serializer_class = IndexSerializer
    tag = _("接口说明")
    texts = {"get": _("接口的说明、文档和各个列表在哪里。")}

    def get(self, request: Request) -> Response:
        names = {"documentation": "api-docs", "schema": "api-schema"}
        places = {name: reverse(view, request=request) for name, view in names.items()}
        return Response({**places, "collections": _collections(request)})


def _collections(request: Request) -> dict[str, str]:
    """Every address without parts to fill in that can be read, by its name."""
    root = reverse("api-index")
    return {
        path.removeprefix(root).strip("/"): request.build_absolute_uri(path)
        for path, item in document()["paths"].items()
        if "get" in item and "{" not in path and path != root
    }


class DocumentView(ApiView):
    permission_classes = [PUBLIC_READ]
    tag = _("接口说明")
    texts = {"get": _("OpenAPI 3.1 文档。")}
    schema = None

    def get(self, request: Request) -> Response:
        return Response(document())


def document() -> dict[str, Any]:
    """The OpenAPI document in the active language."""
    return _document(get_language())


@lru_cache(maxsize=4)
def _document(language: str) -> dict[str, Any]:
    generator: Any = SchemaGenerator
    return dict(generator().get_schema(request=None, public=True))


class Chapter(NamedTuple):
    name: str
    operations: list["Operation"]


@dataclass(frozen=True)
class Operation:
    """An operation of the document; its ``facts`` are what the document says about it."""

    document: Facts
    origin: str
    path: str
    verb: str
    facts: Facts

    @property
    def method(self) -> str:
        return self.verb.upper()

    @cached_property
    def scope(self) -> str:
        """Of the token it needs; empty when everybody may read."""
        scopes = (auth["bearer"] for auth in self.facts["security"] if "bearer" in auth)
        return "".join(next(scopes, ()))

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return [
            {**each, "place": each["in"], "kind": _kind(self._resolved(each["schema"]))}
            for each in self.facts.get("parameters", [])
        ]

    @property
    def body(self) -> list[dict[str, Any]]:
        content = self._contents.get(_JSON) or self._contents.get(_FORM, {})
        schema = self._resolved(content.get("schema", {}))
        required = schema.get("required", ())
        return [
            {
                **facts,
                "name": name,
                "place": "body",
                "kind": _kind(self._resolved(facts)),
                "required": name in required,
            }
            for name, facts in schema.get("properties", {}).items()
        ]

    @property
    def command(self) -> str:
        """A line for the shell; what the reader has to fill in is a shell variable or a file."""
        verb = "" if self.verb == "get" else f"-X {self.method} "
        parts = [f"curl {verb}'{self._sample_address()}'"]
        if self.scope:
            parts.append('-H "Authorization: Bearer $TOKEN"')
        if any(each["name"] == "If-Match" for each in self.parameters):
            parts.append('-H "If-Match: $ETAG"')
        if _FORM in self._contents:
            parts.append('-F "file=@$FILE"')
        for example in list(self._contents.get(_JSON, {}).get("examples", {}).values())[:1]:
            body = json.dumps(example["value"], ensure_ascii=False)
            parts += [f"-H 'Content-Type: {_JSON}'", f"-d '{body}'"]
        return " \\\n  ".join(parts)

    @property
    def _contents(self) -> Facts:
        return self.facts.get("requestBody", {}).get("content", {})

    def _resolved(self, schema: Facts) -> Facts:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.document["components"]["schemas"][name] if name else schema

    def _sample_address(self) -> str:
        address = self.origin + self.path
        for each in self.parameters:
            if each["in"] == "path":
                address = address.replace(f"{{{each['name']}}}", quote(str(each.get("example", 1))))
        return address


def chapters(document: Facts, origin: str) -> list[Chapter]:
    """The document's operations by tag, open ones first; the commands call ``origin``."""
    by_tag: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = Operation(document, origin, path, method, item[method])
                by_tag.setdefault(item[method]["tags"][0], []).append(operation)
    found = [Chapter(name, operations) for name, operations in by_tag.items()]
    return sorted(found, key=lambda chapter: bool(chapter.operations[0].scope))


def _kind(schema: Facts) -> str:
    """The type in a few words: its values when they are listed, else type and format."""
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    types = schema.get("type", "")
    names = [types] if isinstance(types, str) else list(types)
    return " ".join([*names, *([schema["format"]] if "format" in schema else [])])


def guide_of(request: HttpRequest) -> dict[str, Any]:
    """The document for people, as its page shows it."""
    origin = request.build_absolute_uri("/").rstrip("/")
    return {
        "conventions": CONVENTIONS,
        "chapters": chapters(document(), origin),
        "problems": [(status, *words) for status, words in KINDS.items()],
        "origin": origin,
    }


@csrf_exempt  # it changes nothing, and says "not found" to every method
@login_not_required
def unknown(request: HttpRequest) -> HttpResponse:
    """Nothing is here; a forgotten slash at the end is forgiven."""
    with_slash = f"{request.path_info}/"
    if not request.path_info.endswith("/") and _is_address(with_slash):
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{with_slash}?{query}" if query else with_slash, preserve_request=True)
    return problem(request, 404, code="not_found")


def _is_address(path: str) -> bool:
    try:
        return resolve(path).func is not unknown
    except Resolver404:
        return False
