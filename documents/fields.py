"""The fields of each document: what a template may ask for, what it means, and an example."""

import csv
from collections.abc import Iterator, Mapping
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
        name, _dot, member = field.path.partition(LIST)
        if member:
            for row in found.setdefault(name, [{}, {}]):
                row[member] = field.example
        else:
            found[name] = Chart(_EXAMPLE, field.example) if name == DRAWING else field.example
    return found


def paths(values: Mapping[str, Any]) -> Iterator[str]:
    """The fields that some values have, as the table writes them."""
    for name, value in values.items():
        if isinstance(value, list):
            yield from sorted({f"{name}{LIST}{member}" for row in value for member in row})
        else:
            yield name


@cache
def shipped(kind: str) -> bytes:
    """The template of a kind as the portal brings it."""
    text = files(__package__).joinpath("shipped", f"{kind}.txt").read_text("utf-8")
    return built(text)
