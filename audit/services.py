"""Adds entries to the chain and checks that nobody has touched it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import override

from crypto.here import digest_of, profile
from figures.table import SCHOOL_CODE

from . import console, signing
from .chain import (
    FREEZING,
    GENESIS,
    KEYED,
    SEALED_FIELDS,
    UnknownKey,
    layout_of,
    seal,
    seal_of_head,
    seal_of_later,
)
from .following import follow_commit
from .models import ChainHead, Entry
from .refusals import Unusable
from .seals import seals_of_written
from .shown import is_moved_by
from .words import names_of

request_id: ContextVar[str] = ContextVar("audit_request_id", default="")  # of an entry's request
address: ContextVar[str] = ContextVar("audit_address", default="")
_CODE = re.compile(rf"{SCHOOL_CODE}|[0-9]{{6}}|[A-Z]{{3,8}}")  # of a school or a unit


class Actor(Protocol):
    """Whoever does something: an account, with its name and by what it acts."""

    username: str

    def acting_name(self) -> str: ...


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
    other_district_code: str = "",
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry inside the caller's transaction.

    ``by`` is None only for what the installation itself does; ``other_district_code`` is the unit a
    school came from, or which follows another. ``changes`` are kept as JSON, other objects in them
    by their natural keys. Rows written since the transaction's last entry are sealed by this one.
    Raises RuntimeError outside a transaction, as a change and its entry stand or fall together;
    NotSigned when a decision cannot be signed.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record must run in the transaction of the change it describes")
    fields: dict[str, Any] = {
        "actor": by.username if by else "",
        "actor_name": console.signed(by.acting_name() if by else "")[:150],
        "district_code": district_code,
        "other_district_code": other_district_code,
        "action": action,
        "object_type": on._meta.label_lower if on is not None else "",
        "object_id": str(on.pk) if on is not None else "",
        "object_label": label_of(on)[:200] if on is not None else "",
        "changes": (kept := as_json(changes or {})),
        "names": names_of({district_code, other_district_code, *codes_in(kept)} - {""}),
        "seals": seals_of_written(profile().hash),
        "sealed_by": f"{profile().hash}:{next(iter(settings.AUDIT_KEYS))}",
        "reason": reason,
        "request_id": request_id.get(),
        "address": address.get(),
    }
    fields["signature"] = signing.signature_of_entry(fields, by.username if by else "")
    fields["layout"] = layout_of(fields["signature"])
    head = _locked_head()
    fields |= {"number": head.number + 1, "at": timezone.now(), "previous_hash": head.hash}
    follow_commit()
    return _append(head, fields)


def _append(head: ChainHead, fields: dict[str, Any]) -> Entry:
    """The sealed entry as the chain's new end."""
    entry = Entry(**fields, hash=seal(fields, settings.AUDIT_KEYS))
    entry.save(force_insert=True)
    head.number, head.hash, head.sealed_by = entry.number, entry.hash, entry.sealed_by
    head.seal = seal_of_head(head, settings.AUDIT_KEYS)
    head.shown = entry.hash if is_moved_by(entry.seals) else head.shown
    head.save(update_fields=["number", "hash", "seal", "sealed_by", "shown"])
    return entry


def _locked_head() -> ChainHead:
    ChainHead.objects.get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})
    return ChainHead.objects.select_for_update().get(pk=1)


def verify() -> Break | None:
    """Walk the whole chain; None when every link holds, else the first break."""
    expected_number, previous, is_keyed = 1, GENESIS, False
    for entry in Entry.objects.chain():
        if entry.number != expected_number:
            return Break(expected_number, "missing")
        if what := _fault_of(entry, previous):
            return Break(entry.number, what)
        expected_number, previous = entry.number + 1, entry.hash
        is_keyed = is_keyed or entry.layout >= KEYED
    return _compare_with_head(expected_number - 1, previous, is_keyed)


def _fault_of(entry: Entry, previous: str) -> str:
    if entry.previous_hash != previous:
        return "relinked"
    try:
        found = seal({name: getattr(entry, name) for name in SEALED_FIELDS}, settings.AUDIT_KEYS)
    except UnknownKey:
        return "key"
    if found != entry.hash:
        return "changed"
    if signing.fault_of_entry(entry):
        return "signature"
    is_kept = entry.action != FREEZING or entry.changes["sha256"] == _later_of(entry)
    return "" if is_kept else "names"


def _later_of(freezing: Entry) -> str:
    older = Entry.objects.filter(layout=1, number__lt=freezing.number).order_by("number")
    return seal_of_later(older.iterator(chunk_size=2000))


def _compare_with_head(number: int, last_hash: str, is_keyed: bool) -> Break | None:
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(hash=GENESIS)
    try:
        is_signed = not is_keyed or head.seal == seal_of_head(head, settings.AUDIT_KEYS)
    except UnknownKey:
        return Break(number, "key")
    is_end = (head.number, head.hash) == (number, last_hash) and is_signed
    return None if is_end else Break(number + 1, "head")


def fingerprint(instance: models.Model, *fields: str, extra: Iterable[str] = ()) -> str:
    """Short text that changes when one of the fields (or ``extra``) does: what a reader saw."""
    values = model_to_dict(instance, fields=fields or None)
    texts = {name: None if value is None else str(value) for name, value in values.items()}
    text = json.dumps([instance.pk, texts, *extra], ensure_ascii=False, sort_keys=True)
    return digest_of(text)[:32]


def as_json(value: Any) -> Any:
    """As JSON has it: decimals and days as text, another object as its natural key and name."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, models.Model):
        return reference(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): as_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return str(value)


def label_of(instance: models.Model) -> str:
    """In the source language, whoever does it and reads: an entry says the same for ever."""
    with override(settings.LANGUAGE_CODE):
        return str(instance)


def reference(instance: models.Model) -> dict[str, str]:
    """A model says its natural key as Django has it, or has a ``code``."""
    code = getattr(instance, "code", None)
    if code is None:
        natural_key = getattr(instance, "natural_key", None)
        code = "/".join(map(str, natural_key())) if natural_key else label_of(instance)
    return {"code": code, "name": label_of(instance)}


def codes_in(changes: Any) -> set[str]:
    """Codes of units and schools that stand in the changes without a name beside them."""
    return {code for text in _texts(changes) if _CODE.fullmatch(code := text.partition(".")[0])}


def _texts(changes: Any) -> Iterator[str]:
    """Names of members, members of lists, and what a member called ``school`` says."""
    for name in changes:
        inner = changes[name] if isinstance(changes, Mapping) else None
        if isinstance(name, str):
            yield name
        if isinstance(inner, dict | list):
            yield from _texts(inner)
        elif name == "school" and inner:
            yield inner


def snapshot(instance: models.Model, *fields: str) -> dict[str, Any]:
    """The named fields, or all a person can set, for the ``changes`` of an entry."""
    return {name: as_json(getattr(instance, name)) for name in fields or settable(instance)}


def settable(model: models.Model | type[models.Model], but: Iterable[str] = ()) -> tuple[str, ...]:
    """The fields a person can set."""
    fields = (field for field in model._meta.concrete_fields if field.editable)
    return tuple(f.name for f in fields if not f.primary_key and f.name not in but)


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """What changed between two snapshots: field → [before, after]."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }


def revise(
    row: models.Model,
    values: Mapping[str, Any],
    *,
    names: Iterable[str],
    check: Callable[..., None],
) -> dict[str, list[Any]]:
    """Give the row those of the ``names`` that have a value, check it, and say what is different
    now; saving it is the caller's."""
    names = tuple(names)
    before = snapshot(row, *names)
    for name in names:
        if name in values and values[name] != getattr(row, name):  # 1200.6 is 1200.60
            setattr(row, name, values[name])
    check(row)
    return differences(before, snapshot(row, *names))


def check(row: models.Model, **sentences: Any) -> None:
    """The model's own rules as one refusal naming every field; ``sentences`` speak for a code."""
    try:
        row.full_clean()
    except ValidationError as error:
        problems = {
            name: sentences.get(str(found[0].code)) or str(found[0].messages[0])
            for name, found in error.error_dict.items()
        }
        raise Unusable(next(iter(problems.values())), fields=problems) from error
