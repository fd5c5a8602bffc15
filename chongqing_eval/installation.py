"""How a check of an installation is registered: it waits until a database is named."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.checks import CheckMessage, register
from django.db import DatabaseError

INSTALLATION = "installation"
IDS: list[str] = []  # in the order of this page; Django keeps its checks in none


def of_the_installation(examine: Callable[[], CheckMessage]) -> Callable[[], CheckMessage]:
    """Register a check that waits until a database is named, as ``migrate`` must run before it.

    What fails because the database does not answer, or has no tables yet, says nothing: the
    checks of database and migrations say it.
    """

    IDS.append(f"{INSTALLATION}.{examine.__name__}")

    @register(INSTALLATION, deploy=True)
    def check(databases: Sequence[str] | None = None, **asked: Any) -> list[CheckMessage]:
        try:
            found = examine() if databases else None
        except DatabaseError:
            return []
        if found:
            found.id = f"{INSTALLATION}.{examine.__name__}"
        return [found] if found else []

    return examine
