"""The documentation page: the OpenAPI document laid out for people, with commands to copy."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

METHODS = ("get", "post", "patch")
_JSON, _FORM = "application/json", "multipart/form-data"

Facts = Mapping[str, Any]


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
        found = self.facts.get("parameters", [])
        return [{**each, "place": each["in"], "kind": _kind(each["schema"])} for each in found]

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
