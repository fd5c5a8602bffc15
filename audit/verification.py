"""Compares every sealed row and every stored file with what the last entry says of them."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Max
from django.utils.text import capfirst

from crypto.keys import KeyTrouble
from crypto.sealed import Unsealable
from rest.trouble import NoAnswer

from .chain import KEYED
from .models import Entry
from .seals import CHUNK, DIGEST, Sealed, changed_columns, note, rows_of, seal_of, sealed_tables
from .services import label_of, record

SEALING = "audit.seal"  # the entries that seal rows of before there were seals
ACCEPTING = "audit.accept"  # the entry that seals rows as somebody has judged them to be right
AT_ONCE = 5_000  # rows sealed by one entry
CHANGED, GONE, UNRECORDED = "changed", "gone", "unrecorded"
FILE, NO_FILE, NO_KEY = OF_FILES = ("file", "no_file", "no_key")

Last = dict[str, tuple[str, Entry]]  # key → seal and the entry that set it


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what its last entry says; ``entry`` is that one, if there is any."""

    model: type[models.Model]
    key: str
    what: str
    columns: tuple[str, ...] = ()
    entry: Entry | None = None

    def __str__(self) -> str:
        """Which table, and the object in words."""
        try:
            row = self.model._base_manager.filter(pk=self.key).first()
            words = _words(row) if row else ""
        except Exception:  # a row that holds what its columns cannot hold
            words = ""
        return f"{capfirst(self.model._meta.verbose_name)} #{self.key} {words}".rstrip()


def _words(row: models.Model) -> str:
    """The row and what it belongs to, which is nobody."""
    fields: Any = (field for field in row._meta.concrete_fields if field.is_relation)
    person = settings.AUTH_USER_MODEL
    keys = (field.name for field in fields if field.related_model._meta.label != person)
    owner = getattr(row, next(keys, ""), None)
    return f"{label_of(row)} ({label_of(owner)})" if owner else label_of(row)


def differences_of_rows() -> Iterator[Difference]:
    """Everything that is not as the record says, table by table; what is written while it is read
    is for the next time."""
    number = Entry.objects.aggregate(last=Max("number"))["last"] or 0
    last = _last_seals()
    for label, model in sealed_tables().items():
        for found in _compare(model, last.pop(label, {}), _keys(model)):
            if not _seals_of(label, found.key).filter(number__gt=number).exists():
                yield found
        yield from faults_of_files(model)


def _seals_of(label: str, key: str) -> Any:
    """Entries that name a row."""
    return Entry.objects.defer(None).filter(**{f"seals__{label}__has_key": key})


def faults_of_files(*models: type[models.Model]) -> Iterator[Difference]:
    """Rows of the tables, or of all, whose stored file is gone or no longer what was sent."""
    yield from filter(None, map(fault_of_file, rows_with_files(*models)))


def _last_seals() -> dict[str, Last]:
    """What the newest entry that names a row says of it."""
    last: dict[str, Last] = {}
    entries = Entry.objects.defer(None).only("number", "at", "action", "sealed_by", "seals")
    for entry in entries.filter(layout__gte=KEYED).order_by("number").iterator(chunk_size=50):
        written, entry.seals = entry.seals, {}
        for label, seals in written.items():
            rows = last.setdefault(label, {})
            for key, seal in seals.items():
                if seal is None:
                    rows.pop(key, None)
                else:
                    rows[key] = (seal, entry)
    return last


def _compare(model: type[Sealed], last: Last, keys: list[Any]) -> Iterator[Difference]:
    for start in range(0, len(keys), CHUNK):
        for key, row in _read(model, keys[start : start + CHUNK]):
            seal, entry = last.pop(str(key), ("", None))
            if found := _difference(model, str(key), row, seal, entry):
                yield found
    for key, (_seal, entry) in last.items():
        yield Difference(model, key, GONE, entry=entry)


def _keys(model: type[Sealed]) -> list[Any]:
    return list(model._base_manager.order_by("pk").values_list("pk", flat=True))


def _read(model: type[Sealed], keys: list[Any]) -> Iterator[tuple[Any, tuple[Any, ...] | None]]:
    """The rows, None for one that holds what its columns cannot hold."""
    left = dict.fromkeys(keys)
    try:
        for row in rows_of(model, keys):
            del left[row[0]]
            yield row[0], row
    except Exception:  # whatever a converter makes of it
        if len(keys) == 1:
            yield keys[0], None
        else:
            for key in left:
                yield from _read(model, [key])


def _difference(
    model: type[Sealed], key: str, row: tuple[Any, ...] | None, seal: str, entry: Entry | None
) -> Difference | None:
    if entry is None:
        return Difference(model, key, UNRECORDED)
    if row is None:
        return Difference(model, key, CHANGED, _unreadable(model, key), entry)
    # The signs behind the digest only help to name: a column added later has none.
    if seal_of(model, row, entry.sealed_by.partition(":")[0])[:DIGEST] == seal[:DIGEST]:
        return None
    return Difference(model, key, CHANGED, changed_columns(model, row, seal), entry)


def _unreadable(model: type[Sealed], key: str) -> tuple[str, ...]:
    def fails(name: str) -> bool:
        try:
            list(model._base_manager.filter(pk=key).values_list(name))
        except Exception:
            return True
        return False

    return tuple(f.name for f in model._meta.concrete_fields if fails(f.attname))


def rows_with_files(*models: type[models.Model]) -> Iterator[Any]:
    """Every row, of the tables or of all, that names a stored file."""
    for model in models or sealed_tables().values():
        yield from _with_file(model)


def _with_file(model: Any) -> Iterator[Any]:
    """Rows that keep a file and its SHA-256."""
    if {"file", "sha256"} <= {field.name for field in model._meta.concrete_fields}:
        rows = model._base_manager.exclude(file="").order_by("pk")
        yield from rows.only("file", "sha256").iterator(CHUNK)


def fault_of_file(row: Any) -> Difference | None:
    """What is wrong with the stored file of a row; None when it has the bytes that were sent."""
    try:
        with default_storage.open(row.file.name) as file:
            is_same = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
    except KeyTrouble:
        return Difference(type(row), str(row.pk), NO_KEY)
    except Unsealable:
        return Difference(type(row), str(row.pk), FILE)
    except NoAnswer:
        raise
    except (OSError, SuspiciousOperation, ValueError):
        return Difference(type(row), str(row.pk), NO_FILE)
    return None if is_same else Difference(type(row), str(row.pk), FILE)


def fault_of_row(row: Sealed) -> Difference | None:
    """What is wrong with one row, whose newest entry is looked up; its file is not read."""
    model, label, key = type(row), row._meta.label_lower, str(row.pk)
    entry = _seals_of(label, key).order_by("-number").first()
    seal = entry.seals[label][key] if entry else None
    last: Last = {key: (seal, entry)} if entry and seal else {}
    return next((found for found in _compare(model, last, [row.pk])), None)


def is_before_seals() -> bool:
    """Whether the record is older than seals, and its rows have not been sealed since."""
    first = Entry.objects.order_by("number").first()
    is_old = first is not None and first.layout < KEYED
    return is_old and not Entry.objects.filter(action=SEALING).exists()


@transaction.atomic
def seal_rows_of_before() -> int:
    """Seal the rows of a record older than seals, as they are now; returns how many."""
    if not is_before_seals():
        return 0
    return sum(_seal_table(label, model) for label, model in sealed_tables().items())


def _seal_table(label: str, model: type[Sealed]) -> int:
    keys = _keys(model)
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        note(model, part)
        record(action=SEALING, by=None, changes={"table": label, "rows": len(part)})
    return len(keys)


@transaction.atomic
def accept(*, found: Iterable[Difference], reason: str) -> int:
    """Seal rows as they are now, after somebody has judged what was found; returns how many.

    A file is not accepted: it is put back from the backup.
    """
    named: dict[str, list[str]] = {}
    for difference in found:
        if difference.what not in OF_FILES:
            note(difference.model, [difference.key])
            named.setdefault(difference.model._meta.label_lower, []).append(difference.key)
    if named:
        record(action=ACCEPTING, by=None, changes=named, reason=reason)
    return sum(map(len, named.values()))
