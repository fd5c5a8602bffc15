"""What everybody is shown has a version: it moves with each entry about rows shown to everybody,
and with no other, however many private acts a minute brings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import Error, connections, router
from django.db.models import Q
from django.utils import timezone

from .models import ChainHead, Entry
from .seals import PUBLIC, Sealed, Seals, sealed_tables

Found = TypeVar("Found")
_told: ContextVar[dict[str, str] | None] = ContextVar("told", default=None)
READ = 60  # seconds at most for which what was read is kept
# Who looks, takes a file away or signs in changes nothing that others see.
LOOKING = Q(action__startswith="data.") | Q(action__startswith="session.")
_QUESTION = f"SELECT shown FROM {ChainHead._meta.db_table} WHERE id = 1"  # noqa: S608


@contextmanager
def of_one_state() -> Iterator[None]:
    """Inside, each version is asked for once: all that a page shows is told of one state."""
    token = _told.set({})
    try:
        yield
    finally:
        _told.reset(token)


def version() -> str:
    """The hash of the entry that moved it last; empty before the first. One query by its key."""
    return _once("shown", _from_the_database)


def last_act() -> str:
    """The hash of the last entry but of those who looked: the version of all that is recorded."""
    acts = Entry.objects.exclude(LOOKING).order_by("-number").values_list("hash", flat=True)
    return _once("acts", lambda: "".join(acts[:1]))


def _once(name: str, ask: Callable[[], str]) -> str:
    told = _told.get()
    if told is None:
        return ask()
    if name not in told:
        told[name] = ask()
    return told[name]


def _from_the_database() -> str:
    """The first question of most requests shows by itself whether a connection kept from the one
    before is alive; Django would ask that by a query of its own.
    """
    connection: Any = connections[router.db_for_read(ChainHead)]
    connection.health_check_done = was_open = connection.connection is not None
    try:
        return _asked(connection)
    except Error:
        if not was_open or connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _asked(connection)


def _asked(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        row = cursor.fetchone()
    return row[0] if row else ""


def until_changed(name: str, read: Callable[[], Found]) -> Found:
    """What ``read`` finds in rows shown to everybody, and in no others: each process keeps it for
    the day under its name, until one of them changes."""
    return kept(f"{version()}-{name}", read)


def kept(name: str, read: Callable[[], Found]) -> Found:
    """What ``read`` finds, or found for this process when it was asked for the name before today;
    the name says of which version it is."""
    key, shelf = f"{timezone.localdate()}-{name}", caches["read"]
    found: Found | None = shelf.get(key)
    if found is None:
        found = read()
        shelf.set(key, found, READ)
    return found


def is_moved_by(written: Seals) -> bool:
    """Whether a row shown to everybody is among those a transaction wrote, or may have been: what
    is gone is asked no more."""
    tables = sealed_tables()
    return any(
        None in rows.values() or tables[label]._base_manager.filter(which, pk__in=rows).exists()
        for label, rows in written.items()
        if (which := shown_of(tables[label])) is not None
    )


def shown_of(table: type[Sealed]) -> Q | None:
    """Which rows of a table everybody is shown; None: not one."""
    return Q() if getattr(table, "scope", "") == PUBLIC else table.shown_to_all
