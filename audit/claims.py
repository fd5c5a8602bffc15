"""Claims on work: kept alive while somebody works, over by themselves when that process dies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import Error, connections
from django.utils import timezone

CLAIMED = timedelta(seconds=30)  # shorter than a worker is waited for: see audit.workers
EVERY = 5.0  # seconds


class Busy(Exception):
    """Somebody still has a claim on it: a worker puts such work back and looks again later."""


@contextmanager
def beside(act: Callable[[], Any]) -> Iterator[None]:
    """Does the act again and again, in a thread of its own, until the block has ended."""
    over = Event()

    def beat() -> None:
        while not over.wait(EVERY):
            try:
                act()
            except Error:  # said by whoever works in the block; the next beat has a new connection
                connections.close_all()
        connections.close_all()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def kept(rows: Any) -> Iterator[None]:
    """Pushes ``busy_until`` of rows that are claimed on while the block works."""
    with beside(lambda: rows.update(busy_until=timezone.now() + CLAIMED)):
        yield
