"""Rows that decisions rest on: what a transaction writes is noted, and its entry seals it.

A seal says what a row was when an entry last named it: a digest of its columns, then two signs
for each of them, by which the one that differs is named. A column that says what it says when
nobody fills it in is left out, so that one added later leaves older seals as they are.
"""

import string
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar, NamedTuple
from zlib import crc32

import orjson
from django.apps import apps
from django.db import models, transaction
from django.utils.encoding import force_str

from crypto.hashing import digest as hashed

CHUNK = 200  # rows asked for at once
FETCHED = 50  # of which SQLite puts into memory: an evaluation may weigh a megabyte
PUBLIC = "public"  # the scope of a table whose rows are for everybody
DIGEST = 43  # signs of a digest; those of the columns come after it
_SIGNS = string.ascii_letters + string.digits + "-_"
_JSON = orjson.OPT_SORT_KEYS | orjson.OPT_NAIVE_UTC
_HINTS = [first + second for first in _SIGNS for second in _SIGNS]

Seals = dict[str, dict[str, str | None]]  # table → key → seal; None: the row is gone


class Sealed(models.Model):
    """A table whose every row is sealed; ``unsealed`` says why some columns are not,
    ``shown_to_all`` which of its rows public pages show, besides tables that are PUBLIC."""

    unsealed: ClassVar[Mapping[str, str]] = {}
    shown_to_all: ClassVar[models.Q | None] = None

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

    def _get_FIELD_display(self, field: Any) -> str:
        """Django's own translates every choice, each time one is shown."""
        value = getattr(self, field.attname)
        label = next((label for key, label in field.flatchoices if key == value), value)
        return force_str(label, strings_only=True)


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
    """Key and sealed columns of the rows as the driver gives them: what Django makes of them
    costs four times as much, and a row may hold what it cannot read."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(_select(model, tuple(columns_of(model)), len(keys)), keys)
        while some := cursor.fetchmany(FETCHED):
            yield from some


@cache
def _select(model: type[Sealed], columns: tuple[str, ...], count: int) -> str:
    """Made once for so many keys: making it takes as long as reading a hundred rows."""
    rows = model._base_manager.filter(pk__in=range(count)).order_by()
    return str(rows.values_list("pk", *columns).query.sql_with_params()[0])


class Column(NamedTuple):
    """``head`` begins its part of the text, which is ``unfilled`` when nobody filled it in;
    ``read`` makes one value of what the two databases give."""

    head: bytes
    unfilled: bytes
    read: Callable[[Any], Any] | None


@cache
def columns_of(model: type[Sealed]) -> dict[str, Column]:
    """The sealed columns by their names."""
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    return {field.attname: _column(field) for field in fields if field.name not in model.unsealed}


def _column(field: Any) -> Column:
    head, default, read = f"{field.attname}:".encode(), field.get_default(), None
    if isinstance(default, date):  # moves with the clock: tomorrow nobody knows what it was
        default = None
    if isinstance(field, models.DecimalField):
        read = _or_as_it_is(f"{{:.{field.decimal_places}f}}".format)
        default = default if default is None else read(default)
    elif isinstance(field, models.JSONField):
        read = _or_as_it_is(orjson.loads)
    return Column(head, head + orjson.dumps(default, None, _JSON), read)


def _or_as_it_is(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What is no number and no JSON was put there by nobody's form: it is another value."""

    def tried(value: Any) -> Any:
        try:
            return read(value)
        except ValueError:
            return value

    return tried


def seal_of(model: type[Sealed], row: tuple[Any, ...], algorithm: str) -> str:
    parts, columns = parts_of(model, row), columns_of(model).values()
    said = [part for part, column in zip(parts, columns, strict=True) if part != column.unfilled]
    name = f"{model._meta.label_lower} {row[0]}".encode()
    digest = urlsafe_b64encode(hashed(b"\n".join([name, *said]), algorithm))
    return digest[:DIGEST].decode() + "".join([_HINTS[crc32(part) & 4095] for part in parts])


def parts_of(model: type[Sealed], row: tuple[Any, ...]) -> list[bytes]:
    """What each column says, in the same words on both databases."""
    dumps, columns = orjson.dumps, columns_of(model).values()
    return [
        head + dumps(value if read is None or value is None else read(value), None, _JSON)
        for (head, _unfilled, read), value in zip(columns, row[1:], strict=True)
    ]


def changed_columns(model: type[Sealed], row: tuple[Any, ...], seal: str) -> tuple[str, ...]:
    """The columns whose two signs are not in the seal."""
    signs = {seal[at : at + 2] for at in range(DIGEST, len(seal), 2)}
    parts = zip(columns_of(model), parts_of(model, row), strict=True)
    return tuple(name for name, part in parts if _HINTS[crc32(part) & 4095] not in signs)
