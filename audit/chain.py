"""How an entry is sealed: SHA-256 over its canonical text and the hash before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
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
)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def seal(fields: Mapping[str, Any]) -> str:
    """SHA-256 of the entry's fields (all of :data:`SEALED_FIELDS`), as 64 hex digits."""
    plain = {name: _plain(fields[name]) for name in SEALED_FIELDS}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
