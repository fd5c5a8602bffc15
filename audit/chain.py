"""How an entry is sealed: SHA-256 over its canonical text and the hash before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
FREEZING = "audit.freeze"  # the entry that seals what older ones were given later
_SINCE_LAYOUT_2 = ("layout", "other_district_code", "names")
SEALED_FIELDS = (
    "number",
    "at",
    "actor",
    "actor_name",
    "district_code",
    "action",
    "object_type",
    "object_id",
    "object_label",
    "changes",
    "reason",
    "request_id",
    "previous_hash",
    *_SINCE_LAYOUT_2,
)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def seal(fields: Mapping[str, Any]) -> str:
    """SHA-256 of the entry's fields, as 64 hex digits: of all :data:`SEALED_FIELDS`, save that
    an entry of layout 1 was sealed before the last of them existed."""
    later = _SINCE_LAYOUT_2 if fields["layout"] == 1 else ()
    plain = {name: _plain(fields[name]) for name in SEALED_FIELDS if name not in later}
    return _digest(plain)


def seal_of_later(entries: Iterable[Any]) -> str:
    """SHA-256 of what entries of layout 1 were given after they had been sealed. The migration
    that gave it keeps this in an entry of its own, so that it cannot be changed unnoticed."""
    return _digest([[each.number, each.other_district_code, each.names] for each in entries])


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
