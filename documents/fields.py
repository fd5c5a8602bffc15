"""The fields of each document: what a template may ask for, what it means, and an example."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from .layout import built
from .rendering import Chart

LIST = "[]."  # between a list and the members of its rows
DRAWING = "chart"
_EXAMPLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 60"/>'


class Field(NamedTuple):
    path: str
    meaning: str
    example: str


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """In the order of the table; empty for a kind that has none."""
    text = files(__package__).joinpath("fields.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Field(row["field"], row["meaning"], row["example"]) for row in rows if row["kind"] == kind
    )


def sample(kind: str) -> dict[str, Any]:
    """Every field of a kind with its example; each list has two rows."""
    found: dict[str, Any] = {}
    for field in fields_of(kind):
        _put(found, field.path, field.example)
    return found


def _put(values: dict[str, Any], path: str, example: str) -> None:
    name, _dot, member = path.partition(LIST)
    if member:
        for row in values.setdefault(name, [{}, {}]):
            _put(row, member, example)
    else:
        values[name] = Chart(_EXAMPLE, example) if name == DRAWING else example


def paths(values: Mapping[str, Any]) -> set[str]:
    """The fields that some values have, as the table writes them."""
    found: set[str] = set()
    for name, value in values.items():
        rows = value if isinstance(value, list) else ()
        found |= {f"{name}{LIST}{inner}" for row in rows for inner in paths(row)}
        found |= {name} if not isinstance(value, list) else set()
    return found


@cache
def shipped(kind: str) -> bytes:
    """The template of a kind as the portal brings it."""
    text = files(__package__).joinpath("shipped", f"{kind}.txt").read_text("utf-8")
    return built(text)
