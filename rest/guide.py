"""The API's document laid out for people: each operation with a command to copy, the answer beside
it, and what the members of requests and answers mean."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.translation import get_language

from .conventions import CONVENTIONS
from .documents import document
from .problems import KINDS

METHODS = ("get", "post", "patch")
_JSON, _FORM = "application/json", "multipart/form-data"

Facts = Mapping[str, Any]


class Chapter(NamedTuple):
    name: str
    operations: list["Operation"]


class Shape(NamedTuple):
    """What an answer, or a part of one, is made of."""

    name: str
    members: list[Facts]


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
    def account(self) -> str:
        """Whose token the command works with on the demonstration data."""
        return str(self.facts["x-demo-account"])

    @property
    def parameters(self) -> list[Facts]:
        return [
            {**each, "place": each["in"], **_kind(self.document, each["schema"])}
            for each in self.facts.get("parameters", [])
        ]

    @property
    def body(self) -> list[Facts]:
        content = self._contents.get(_JSON) or self._contents.get(_FORM, {})
        return list(_members(self.document, _name(content.get("schema", {})), "body"))

    @property
    def command(self) -> str:
        """A line for the shell; what the reader has to fill in is a shell variable or a file."""
        verb = "" if self.verb == "get" else f"-X {self.method} "
        parts = [f"curl {verb}'{self._sample_address()}'"]
        if self.scope:
            parts.append('-H "Authorization: Bearer $TOKEN"')
        if any(each["name"] == "If-Match" for each in self.parameters):
            parts.append('-H "If-Match: $ETAG"')
        if get_language() == "en":
            parts.append("-H 'Accept-Language: en'")
        if self.is_file:
            parts.append('-o "$FILE"')
        if _FORM in self._contents:
            parts.append('-F "file=@$FILE"')
        for example in list(self._contents.get(_JSON, {}).get("examples", {}).values())[:1]:
            body = json.dumps(example["value"], ensure_ascii=False)
            parts += [f"-H 'Content-Type: {_JSON}'", f"-d '{body}'"]
        return " \\\n  ".join(parts)

    @cached_property
    def _success(self) -> tuple[str, Facts]:
        """The status that the command is answered with, and what comes with it."""
        answers = [
            (status, self.facts["responses"][status]["content"])
            for status in ("200", "201")
            if status in self.facts["responses"]
        ]
        shown = (answer for answer in answers if "example" in answer[1].get(_JSON, {}))
        return next(shown, answers[-1])

    @property
    def status(self) -> str:
        return self._success[0]

    @property
    def is_file(self) -> bool:
        return _JSON not in self._success[1]

    @property
    def answer(self) -> str:
        """The answer to the command on the demonstration data, shortened."""
        example = self._success[1].get(_JSON, {}).get("example")
        return json.dumps(example, ensure_ascii=False, indent=2) if example else ""

    @property
    def shape(self) -> str:
        """The name of what is answered; of a list, of its rows."""
        name = _name(self._success[1].get(_JSON, {}).get("schema", {}))
        rows = self._schema(name).get("properties", {}).get("results")
        return _name(rows) if rows else name

    @property
    def _contents(self) -> Facts:
        return self.facts.get("requestBody", {}).get("content", {})

    def _schema(self, name: str) -> Facts:
        return self.document["components"]["schemas"].get(name, {})

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


def shapes(document: Facts) -> Iterator[Shape]:
    """What answers are made of, and what is sent inside of something: the rest of what is sent
    stands with its operation, pages are all alike."""
    names = document["components"]["schemas"]
    found = [Shape(name, list(_members(document, name, ""))) for name in names]
    inside = {member["refers"] for shape in found for member in shape.members}
    for shape in found:
        is_beside = shape.name.endswith("Request") and shape.name not in inside
        if shape.members and not is_beside and not shape.name.startswith("Paginated"):
            yield shape


def _members(document: Facts, name: str, place: str) -> Iterator[Facts]:
    schema = document["components"]["schemas"].get(name, {})
    for member, facts in schema.get("properties", {}).items():
        words = facts.get("description") or facts.get("title", "")
        yield {
            "name": member,
            "place": place,
            "required": bool(place) and member in schema.get("required", ()),
            "description": words,
            **_kind(document, facts),
        }


def _kind(document: Facts, schema: Facts) -> dict[str, str]:
    """The type in a few words: its values when they are listed, else type and format; and the
    name of the shape that it leads to."""
    name = _name(schema)
    inner = document["components"]["schemas"].get(name, {})
    refers = name if "properties" in inner else ""
    listed = schema.get("enum") or inner.get("enum")
    types = schema.get("type") or ("object" if refers else inner.get("type", ""))
    names = [types] if isinstance(types, str) else list(types)
    if listed:
        names = (["array"] if "array" in names else []) + [" | ".join(map(str, listed))]
    elif "format" in schema:
        names.append(schema["format"])
    return {"kind": " ".join(names), "refers": refers}


def _name(schema: Facts) -> str:
    """The name of the schema in it, looked for through lists, dictionaries and choices."""
    while "$ref" not in schema:
        choices = schema.get("allOf") or schema.get("oneOf") or [None]
        inner = schema.get("items") or schema.get("additionalProperties") or choices[0]
        if not isinstance(inner, Mapping):
            return ""
        schema = inner
    return str(schema["$ref"]).rpartition("/")[2]


def shapes_of_answers() -> list[Shape]:
    """What answers are made of, as the page of it shows them."""
    return list(shapes(document()))


def guide_of(request: HttpRequest) -> dict[str, Any]:
    """The document for people, as its page shows it."""
    origin = request.build_absolute_uri("/").rstrip("/")
    described = document()
    return {
        "conventions": CONVENTIONS,
        "chapters": chapters(described, origin),
        "problems": [(status, *words) for status, words in KINDS.items()],
        "origin": origin,
    }
