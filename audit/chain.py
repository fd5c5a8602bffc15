"""How an entry is sealed: a digest over its canonical text and the hash before it, keyed since
layout 3 with a secret that does not lie in the database."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from crypto.hashing import hexdigest, keyed
from crypto.profiles import HASHES, STANDARD

Keys = Mapping[str, bytes]  # the secrets, each by the name entries give it

GENESIS = "0" * 64
KEYED = 3  # the first layout that is sealed with a key
ADDRESSED = 4
NEWEST = 5  # the layout of entries that are signed
FREEZING = "audit.freeze"  # the entry that seals what older ones were given later
_SINCE = {
    2: ("layout", "other_district_code", "names"),
    KEYED: ("sealed_by", "seals"),
    ADDRESSED: ("address",),
    NEWEST: ("signature",),
}
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
    *_SINCE[2],
    *_SINCE[KEYED],
    *_SINCE[ADDRESSED],
    *_SINCE[NEWEST],
)
# What the entry has from its place in the chain, and from having been signed.
_OF_CHAIN = ("number", "at", "layout", "sealed_by", "previous_hash", "signature")
SIGNED_FIELDS = tuple(name for name in SEALED_FIELDS if name not in _OF_CHAIN)


class UnknownKey(LookupError):
    """The key something was sealed with is not among those of the settings."""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def seal(fields: Mapping[str, Any], keys: Keys = MappingProxyType({})) -> str:
    """The entry's fields as 64 hex digits: of all :data:`SEALED_FIELDS` its layout knows.

    Raises UnknownKey when the key of a keyed entry is not at hand.
    """
    text = canonical({name: _plain(fields[name]) for name in sealed_fields(fields["layout"])})
    return sign(text, fields["sealed_by"], keys) if fields["layout"] >= KEYED else _digest(text)


def layout_of(signature: Mapping[str, Any]) -> int:
    """The code of before, beside this one or after a way back, verifies what is not signed."""
    return NEWEST if signature else ADDRESSED


def sealed_fields(layout: int) -> list[str]:
    """What an entry of the layout was sealed over."""
    later = {name for since, names in _SINCE.items() if since > layout for name in names}
    return [name for name in SEALED_FIELDS if name not in later]


def seal_of_head(head: Any, keys: Keys) -> str:
    """That the chain ends here, said with the key. Raises UnknownKey."""
    return sign(f"{head.number}:{head.hash}", head.sealed_by, keys)


def sign(text: str, method: str, keys: Keys) -> str:
    """The text's HMAC by an algorithm and one of the keys, as 64 hex digits. Raises UnknownKey."""
    algorithm, _colon, key = method.partition(":")
    if key not in keys or algorithm not in HASHES:
        raise UnknownKey(method)
    return keyed(text.encode(), keys[key], algorithm).hex()


def seal_of_later(entries: Iterable[Any]) -> str:
    """SHA-256 of what entries of layout 1 were given after they had been sealed. The migration
    that gave it keeps this in an entry of its own, so that it cannot be changed unnoticed."""
    return _digest(canonical([[e.number, e.other_district_code, e.names] for e in entries]))


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hexdigest(text, STANDARD.hash)
