"""Rows that decisions rest on: what a transaction writes is noted, and its entry seals it.

A seal says what a row was when an entry last named it: a digest of its columns, then two signs
for each of them, by which the one that differs is named. A column that says what it says when
nobody fills it in is left out, so that one added later leaves older seals as they are.
"""

import hashlib
import string
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, ClassVar
from zlib import crc32

import orjson
from django.apps import apps
from django.db import models, transaction

CHUNK = 500  # rows asked for at once
FETCHED = 50  # of which lie in memory: an evaluation may weigh a megabyte
DIGEST = 43  # signs of a digest; those of the columns come after it
_SIGNS = string.ascii_letters + string.digits + "-_"
_HINTS = [first + second for first in _SIGNS for second in _SIGNS]

Seals = dict[str, dict[str, str | None]]  # table → key → seal; None: the row is gone


class Sealed(models.Model):
    """A table whose every row is sealed; ``unsealed`` says why some columns are not."""

    unsealed: ClassVar[Mapping[str, str]] = {}

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        columns = kwargs.get("update_fields")
        if columns is None or not _weighs_nothing(self, columns):
            note(type(self), [self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        note(type(self), [self.pk])
        return super().delete(*args, **kwargs)


class SealedQuerySet(models.QuerySet[Any]):
    """Notes what is written through it."""

    def note(self) -> None:
        """For rows that were written in SQL of our own."""
        note(self.model, self.order_by().values_list("pk", flat=True))

    def update(self, **values: Any) -> int:
        if not _weighs_nothing(self.model, values):
            self.note()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self.note()
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = super().bulk_create(objs, *args, **kwargs)
        note(self.model, (row.pk for row in rows))
        return rows


def _weighs_nothing(model: Any, columns: Iterable[str]) -> bool:
    return getattr(model, "unsealed", {}).keys() >= set(columns)


def note(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Remember rows for the next entry of this transaction."""
    connection: Any = transaction.get_connection()
    if not (connection.in_atomic_block and issubclass(model, Sealed)):
        return
    outermost = connection.atomic_blocks[0]
    written: Any = getattr(connection, "audit_written", None)
    if written is None or written[0] is not outermost:  # an earlier transaction was rolled back
        written = connection.audit_written = (outermost, {})
    table: Any = model._meta.concrete_model
    written[1].setdefault(table._meta.label_lower, set()).update(keys)


def sealed_tables() -> dict[str, type[Sealed]]:
    """Every table under seal, by its label."""
    found = (model for model in apps.get_models() if issubclass(model, Sealed))
    return {model._meta.label_lower: model for model in found if not model._meta.proxy}


def seals_of_written(algorithm: str) -> Seals:
    """The seals of what was noted since the transaction's last entry."""
    connection: Any = transaction.get_connection()
    _outermost, written = connection.__dict__.pop("audit_written", (None, {}))
    tables = sealed_tables()
    return {
        label: {str(key): None for key in keys}
        | dict(seals(tables[label], sorted(keys), algorithm))
        for label, keys in sorted(written.items())
    }


def seals(model: type[Sealed], keys: list[Any], algorithm: str) -> Iterator[tuple[str, str]]:
    """Key and seal of those rows that are there."""
    for start in range(0, len(keys), CHUNK):
        for row in rows_of(model, keys[start : start + CHUNK]):
            yield str(row[0]), seal_of(model, row, algorithm)


def rows_of(model: type[Sealed], keys: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Key and sealed columns of the rows, as they stand in the database."""
    rows = model._base_manager.filter(pk__in=keys).values_list("pk", *columns_of(model))
    return rows.iterator(chunk_size=FETCHED)


@cache
def columns_of(model: type[Sealed]) -> dict[str, tuple[bytes, bytes]]:
    """The sealed columns: how each one's part begins, and what it is when nobody filled it in."""
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    kept = {f.attname: f.get_default() for f in fields if f.name not in model.unsealed}
    return {
        name: (head := f"{name}:".encode(), head + _dumped(default))
        for name, default in kept.items()
    }


def seal_of(model: type[Sealed], row: tuple[Any, ...], algorithm: str) -> str:
    parts = parts_of(model, row)
    blank = (unfilled for _head, unfilled in columns_of(model).values())
    said = [part for part, unfilled in zip(parts, blank, strict=True) if part != unfilled]
    text = b"\n".join([f"{model._meta.label_lower} {row[0]}".encode(), *said])
    digest = urlsafe_b64encode(hashlib.new(algorithm, text).digest())
    return digest[:DIGEST].decode() + "".join([hint(part) for part in parts])


def parts_of(model: type[Sealed], row: tuple[Any, ...]) -> list[bytes]:
    """What each column says."""
    columns = columns_of(model).values()
    return [head + _dumped(value) for (head, _blank), value in zip(columns, row[1:], strict=True)]


def _dumped(value: Any) -> bytes:
    return orjson.dumps(value, _plain, orjson.OPT_SORT_KEYS)


def hint(part: bytes) -> str:
    return _HINTS[crc32(part) & 4095]


def _plain(value: Any) -> str:
    """A decimal as text; every other value of a column is JSON already."""
    return format(value, "f")
