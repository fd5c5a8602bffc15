"""Keeps the garbage collector from walking a workbook again and again while it is being read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """For work that makes a hundred thousand objects which all stay: there is nothing to find.

    Other threads go uncollected too, for as long; the last one to leave finds it switched on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
