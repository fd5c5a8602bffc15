"""What goes on when a change has been committed, by rooms above that cannot be named here."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

followers: list[Callable[[], None]] = []


def follow_commit() -> None:
    """Each follower once after the commit of this transaction, however many entries it adds."""
    connection: Any = transaction.get_connection()
    waiting = {function for _savepoints, function, _robust in connection.run_on_commit}
    for follower in followers:
        if follower not in waiting:
            transaction.on_commit(follower, robust=True)
