"""Adds entries to the chain and checks that nobody has touched it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from . import context
from .chain import GENESIS, SEALED_FIELDS, seal
from .models import ChainHead, Entry


class Actor(Protocol):
    """Whoever does something: an account with a name to show."""

    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold, and what is wrong there."""

    number: int
    what: str


def record(
    *,
    action: str,
    by: Actor | None,
    on: models.Model | None = None,
    district_code: str = "",
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry inside the caller's transaction.

    ``by`` is None only for what the installation itself does. ``changes`` must be JSON without
    floats. Raises RuntimeError outside a transaction: a change and its entry stand or fall
    together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record must run in the transaction of the change it describes")
    head = _locked_head()
    fields: dict[str, Any] = {
        "number": head.number + 1,
        "at": timezone.now(),
        "actor": by.username if by else "",
        "actor_name": by.display_name if by else "",
        "district_code": district_code,
        "action": action,
        "object_type": on._meta.label_lower if on is not None else "",
        "object_id": str(on.pk) if on is not None else "",
        "object_label": str(on)[:200] if on is not None else "",
        "changes": changes or {},
        "reason": reason,
        "request_id": context.request_id.get(),
        "previous_hash": head.hash,
    }
    entry = Entry(**fields, hash=seal(fields))
    entry.save(force_insert=True)
    head.number, head.hash = entry.number, entry.hash
    head.save(update_fields=["number", "hash"])
    return entry


def _locked_head() -> ChainHead:
    ChainHead.objects.get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})
    return ChainHead.objects.select_for_update().get(pk=1)


def verify() -> Break | None:
    """Walk the whole chain; None when every link holds, else the first break."""
    expected_number, previous = 1, GENESIS
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected_number:
            return Break(expected_number, "missing")
        if entry.previous_hash != previous:
            return Break(entry.number, "relinked")
        if seal({name: getattr(entry, name) for name in SEALED_FIELDS}) != entry.hash:
            return Break(entry.number, "changed")
        expected_number, previous = entry.number + 1, entry.hash
    return _compare_with_head(expected_number - 1, previous)


def _compare_with_head(number: int, last_hash: str) -> Break | None:
    head = ChainHead.objects.filter(pk=1).first()
    kept = (head.number, head.hash) if head else (0, GENESIS)
    return None if kept == (number, last_hash) else Break(number + 1, "head")


def snapshot(instance: models.Model, *fields: str) -> dict[str, Any]:
    """The named fields as JSON-ready text, for the ``changes`` of an entry."""
    values = model_to_dict(instance, fields=fields or None)
    return {name: None if value is None else str(value) for name, value in values.items()}


def fingerprint(instance: models.Model, *fields: str, extra: Iterable[str] = ()) -> str:
    """Short text that changes when one of the fields (or ``extra``) does: what a reader saw."""
    seen = [instance.pk, snapshot(instance, *fields), *extra]
    text = json.dumps(seen, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """What changed between two snapshots: field → [before, after]."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }
