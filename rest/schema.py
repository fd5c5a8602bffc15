"""How a view describes itself in the OpenAPI document: tag, sentence, headers, problems."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models.enums import ChoicesType
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from . import choosing, knowing
from .going import going
from .problems import CONTENT_TYPE, KINDS
from .serializers import ProblemSerializer, StrictSerializer

_JSON = "application/json"
_NAME = re.compile("[A-Za-z]\\w*", re.ASCII)
_ALWAYS = (400, 406, 414, 429, 500, 503)
_WRITING = (403, 409, 411, 413, 415, 422, 507)
_CONDITIONAL = (412, 428)
_MAY_RETRY = (429, 503, 507)
_header = partial(OpenApiParameter, type=str, location=OpenApiParameter.HEADER)


class ApiSchema(AutoSchema):
    """Reads ``tag``, ``texts`` (action → sentence) and ``samples`` of the view: path
    values, and who can send the examples on the demonstration data, ``account`` about one row,
    ``author`` about all rows or a new one."""

    def get_tags(self) -> list[str]:
        return [str(self.view.tag)]

    def get_summary(self) -> str:
        action = getattr(self.view, "action", None) or self.method.lower()
        return str(self.view.texts[action])

    def get_description(self) -> str:
        return ""

    def is_deprecated(self) -> bool:
        return going(self.method, self.path) is not None

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation: Any = super().get_operation(*args, **kwargs)
        if operation:
            who = "account" if "{" in self.path else "author"
            samples = getattr(self.view, "samples", {})
            operation["x-demo-account"] = samples.get(who, "manager")
        return operation

    def get_override_parameters(self) -> list[Any]:
        own = [self.view.parameters_class] if self.view.parameters_class else []
        if self.method == "GET" and isinstance(self.view, choosing.ChoosesFields):
            own.append(choosing.PARAMETER)
        if self.method == "GET" and getattr(self.view, "past", None):
            own.append(knowing.PARAMETER)
        return [*own, *self._headers()]

    def _headers(self) -> list[OpenApiParameter]:
        if self.method == "GET":
            sentence = _("上次应答的 ETag；内容没变时应答 304，没有内容。")
            return [_header("If-None-Match", description=sentence)]
        headers = []
        if self.method == "POST" and not self.view.answers_secret:
            sentence = _("自己取的键，24 小时内重发同一请求时得到第一次的应答，不会做两次。")
            headers.append(_header("Idempotency-Key", description=sentence))
        if self._is_conditional():
            sentence = _("取回内容时的 ETag；内容已被别人改过时应答 412。")
            headers.append(_header("If-Match", required=True, description=sentence))
        return headers

    def _is_conditional(self) -> bool:
        """Changing what exists needs to have seen it."""
        return self.method == "PATCH" or (
            self.method == "POST" and getattr(self.view, "needs_if_match", False)
        )

    def get_auth(self) -> list[dict[str, Any]]:
        """Open reading needs nothing; the rest a session, or a token with the scope named."""
        if self._is_open():
            return [{}]
        super().get_auth()  # puts the definitions of the schemes into the document
        policy = self.view.get_permissions()[0].policy
        scope = "read" if self.method in SAFE_METHODS else policy["scope"]
        return [{"bearer": [scope]}, {"session": []}]

    def _is_open(self) -> bool:
        return self.method in SAFE_METHODS and self.view._is_public()

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for parameter in parameters:
            if sample := getattr(self.view, "samples", {}).get(parameter["name"]):
                parameter["example"] = sample
        return parameters

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        """Requests take nothing unknown; responses always have every member."""
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        schema.pop("description", None)  # written for programmers of the portal
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        if direction == "response":
            may_lack: set[str] = getattr(serializer, "may_lack", set())
            schema["required"] = sorted(set(schema.get("properties", {})) - may_lack)
        for facts in schema.get("properties", {}).values():
            facts.pop("readOnly", None)  # clients would leave it out of what they have read
            _or_empty(facts)
        return schema

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        names = {"200": _("成功"), "201": _("已保存")}
        for status, body in bodies.items():
            body["description"] = names.get(status, "")
        if self.method == "GET":
            bodies["304"] = {"description": _("内容没有变")}
        bodies |= {str(status): self._problem_body(status) for status in self._problem_statuses()}
        return dict(sorted(bodies.items()))

    def _problem_body(self, status: int) -> dict[str, Any]:
        schema = self.resolve_serializer(ProblemSerializer, "response").ref
        body = {
            "description": str(KINDS[status][0]),
            "content": {CONTENT_TYPE: {"schema": schema}},
        }
        if status in _MAY_RETRY:
            seconds = {"description": _("请等几秒再发"), "schema": {"type": "integer"}}
            body["headers"] = {"Retry-After": seconds}
        return body

    def _problem_statuses(self) -> tuple[int, ...]:
        statuses = _ALWAYS + ((404,) if "{" in self.path else ())
        if not self._is_open():
            statuses += (401, 403)
        if self.method not in SAFE_METHODS:
            statuses += _WRITING
        return statuses + _CONDITIONAL if self._is_conditional() else statuses

    def _get_response_for_code(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        response: dict[str, Any] = super()._get_response_for_code(*args, **kwargs)  # type: ignore[no-untyped-call]
        for media_type, content in response.get("content", {}).items():
            if media_type != _JSON:
                is_text = media_type.startswith("text/")
                content["schema"] = {"type": "string"} | ({} if is_text else {"format": "binary"})
        return response


def _or_empty(facts: dict[str, Any]) -> None:
    """An address or nothing is text: as "one of both" the empty text would be both, thus none."""
    inner = facts.get("oneOf", [{}])[0]
    if "format" in inner:
        del facts["oneOf"], inner["format"]
        facts |= inner


def named_values(result: Any, **_generator: Any) -> Any:
    """Each list of values once, with names where a value is none in a programming language.

    A hook of drf-spectacular. ``小学`` is ``PRIMARY``: the names are those of the Choices in
    ENUM_NAME_OVERRIDES. A parameter refers to the list of the member it asks for.
    """
    lists = {n: s for n, s in result["components"]["schemas"].items() if "enum" in s}
    paths = spectacular_settings.ENUM_NAME_OVERRIDES.values()
    kinds: list[Any] = [kind for kind in map(import_string, paths) if isinstance(kind, ChoicesType)]
    names = {"": "BLANK"} | {choice.value: choice.name for kind in kinds for choice in kind}
    for schema in lists.values():
        if not all(map(_NAME.fullmatch, schema["enum"])):
            schema["x-enum-varnames"] = [names[value] for value in schema["enum"]]
    by_values = {frozenset(schema["enum"]): name for name, schema in lists.items()}
    for parameter in _parameters(result):
        schema = parameter["schema"]
        if name := by_values.get(frozenset(schema.get("enum", ()))):
            others = {key: schema[key] for key in schema if key not in ("type", "enum", "title")}
            parameter["schema"] = {"$ref": f"#/components/schemas/{name}"} | others
    return result


def _parameters(document: Any) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        for operation in item.values():
            yield from operation.get("parameters", ())
