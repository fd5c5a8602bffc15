"""The documentation page: the OpenAPI document laid out for people, with commands to copy."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

METHODS = ("get", "post", "patch")
_JSON, _FORM = "application/json", "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter or a member of a body."""

    name: str
    place: str
    kind: str
    is_required: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    anchor: str
    sentence: str
    scope: str  # of the token it needs; empty when everybody may read
    parameters: tuple[Member, ...]
    body: tuple[Member, ...]
    answers: tuple[Answer, ...]
    command: str


@dataclass(frozen=True, slots=True)
class Chapter:
    name: str
    operations: tuple[Operation, ...]

    @property
    def is_open(self) -> bool:
        return not self.operations[0].scope


def chapters(document: Mapping[str, Any], origin: str) -> list[Chapter]:
    """The document's operations by tag, open ones first; the commands call ``origin``."""
    by_tag: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                tag = item[method]["tags"][0]
                operation = _operation(document, origin, path, method, item[method])
                by_tag.setdefault(tag, []).append(operation)
    found = [Chapter(name, tuple(operations)) for name, operations in by_tag.items()]
    return sorted(found, key=lambda chapter: not chapter.is_open)


def _operation(
    document: Mapping[str, Any], origin: str, path: str, method: str, facts: Mapping[str, Any]
) -> Operation:
    contents = facts.get("requestBody", {}).get("content", {})
    content = contents.get(_JSON) or contents.get(_FORM, {})
    scopes = next((auth["bearer"] for auth in facts["security"] if "bearer" in auth), [])
    return Operation(
        method=method.upper(),
        path=path,
        anchor=facts["operationId"],
        sentence=facts["summary"],
        scope="".join(scopes),
        parameters=tuple(map(_parameter, facts.get("parameters", []))),
        body=tuple(_body(document, content.get("schema", {}))),
        answers=tuple(
            Answer(status, answer["description"]) for status, answer in facts["responses"].items()
        ),
        command=_command(origin + _sample_address(path, facts), method, facts),
    )


def _parameter(facts: Mapping[str, Any]) -> Member:
    return Member(
        name=facts["name"],
        place=facts["in"],
        kind=_kind(facts["schema"]),
        is_required=facts.get("required", False),
        sentence=facts.get("description", ""),
    )


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _body(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterable[Member]:
    schema = _resolved(document, schema)
    for name, facts in schema.get("properties", {}).items():
        resolved = _resolved(document, facts)
        yield Member(
            name=name,
            place="body",
            kind=_kind(resolved),
            is_required=name in schema.get("required", ()),
            sentence=facts.get("description", ""),
        )


def _kind(schema: Mapping[str, Any]) -> str:
    """The type in a few words: its values when they are listed, else type and format."""
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    types = schema.get("type", "")
    names = [types] if isinstance(types, str) else list(types)
    return " ".join([*names, *([schema["format"]] if "format" in schema else [])])


def _sample_address(path: str, facts: Mapping[str, Any]) -> str:
    for parameter in facts.get("parameters", []):
        if parameter["in"] == "path":
            sample = quote(str(parameter.get("example", "1")))
            path = path.replace(f"{{{parameter['name']}}}", sample)
    return path


def _command(address: str, method: str, facts: Mapping[str, Any]) -> str:
    """A line for the shell; what the reader has to fill in is a shell variable or a file."""
    verb = "" if method == "get" else f"-X {method.upper()} "
    parts = [f"curl {verb}'{address}'"]
    if any("bearer" in auth for auth in facts["security"]):
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if any(parameter["name"] == "If-Match" for parameter in facts.get("parameters", [])):
        parts.append('-H "If-Match: $ETAG"')
    contents = facts.get("requestBody", {}).get("content", {})
    if _FORM in contents:
        parts.append('-F "file=@$FILE"')
    for example in list(contents.get(_JSON, {}).get("examples", {}).values())[:1]:
        body = json.dumps(example["value"], ensure_ascii=False)
        parts += [f"-H 'Content-Type: {_JSON}'", f"-d '{body}'"]
    return " \\\n  ".join(parts)
