"""What rooms above lend to the addresses that are told of changes."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from districts.models import Hook, User


class News(NamedTuple):
    """Changes that the reader may see, of those after a number; ``after`` is how far was looked,
    ``more`` whether something stands behind that."""

    changes: list[dict[str, Any]]
    after: int
    more: bool


def _nothing(reader: User, origin: str, after: int, limit: int) -> News:
    return News([], after, False)


Feed = Callable[[User, str, int, int], News]
Kinds = Callable[[], Mapping[str, Any]]
_feed: Feed = _nothing
_kinds: Kinds = dict
mourners: list[Callable[[Hook], None]] = []  # hear of an address that was ended for its failures


def told_from(feed: Feed, of: Kinds) -> None:
    """Let the room that knows every list say what has changed, and how the lists are called."""
    global _feed, _kinds
    _feed, _kinds = feed, of


def news(reader: User, origin: str, after: int, limit: int) -> News:
    return _feed(reader, origin, after, limit)


def kinds() -> Mapping[str, Any]:
    return _kinds()
