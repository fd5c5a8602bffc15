"""What the document says of an answer from which ``fields=`` chose: the members asked for and no
others, each as in whole answers. The document itself describes whole answers."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator

Facts = dict[str, Any]


def asked_of(address: str) -> list[str]:
    """The names in the last ``fields=``, which is the one that counts."""
    *_, last = parse_qs(urlsplit(address).query, keep_blank_values=True).get("fields", [""])
    return last.split(",") if last else []


def row_of(document: Facts, operation: Facts) -> Facts:
    """What the document says of the answer, or of each row when it is a page of them."""
    whole = _answer(document, operation)
    return _named(document, whole["properties"]["results"]["items"]) if _is_page(whole) else whole


def faults_of_choice(
    document: Facts, operation: Facts, asked: Iterable[str], answer: Any
) -> list[str]:
    whole, row = _answer(document, operation), dict(row_of(document, operation))
    row["properties"] = {name: row["properties"].get(name, False) for name in asked}
    row["required"] = [name for name in asked if name in row.get("required", ())]
    row["additionalProperties"] = False
    if _is_page(whole):
        rows = whole["properties"]["results"] | {"items": row}
        row = whole | {"properties": whole["properties"] | {"results": rows}}
    found = Draft202012Validator(row | {"components": document["components"]}).iter_errors(answer)
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def _answer(document: Facts, operation: Facts) -> Facts:
    return _named(document, operation["responses"]["200"]["content"]["application/json"]["schema"])


def _is_page(answer: Facts) -> bool:
    return {"next", "previous", "results"} == set(answer["properties"])


def _named(document: Facts, schema: Facts) -> Facts:
    found: Facts = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found
