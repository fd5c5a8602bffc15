"""The door: what kind of file it is, then opened in a child with little time and memory."""

import gc
import os
import pickle
import select
import signal
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from ..findings import Refused
from ..grid import Book
from ..guard import CSV, Scanner, refuse_unless_named_xlsx, screen, tell_kind
from ..wording import refusals
from .excel import read_excel
from .text_file import read_text_file

NOTHING: frozenset[str] = frozenset()


def open_book(
    content: bytes,
    filename: str,
    *,
    not_read: frozenset[str] = NOTHING,
    scan: Scanner | None = None,
) -> Book:
    """Every sheet as it stands in the file, opened where it can do no harm; or ``Refused``."""
    screen(content, scan=scan)
    if tell_kind(content, filename) == CSV:
        return confined(read_text_file, content)
    book = confined(read_excel, content, not_read)
    refuse_unless_named_xlsx(filename)
    return book


SECONDS, BYTES = 20, 512 << 20
NICE, WAITING = 5, 2  # who reads a page goes first, so it may take so many times as long
MAPPED = "/proc/self/statm"
CHUNK = 1 << 16  # what a pipe holds

Answer = TypeVar("Answer")

# Another child forked just now would hold this one's pipe open beyond its end.
_one_fork_at_a_time = threading.Lock()


def confined(call: Callable[..., Answer], *given: Any) -> Answer:
    """What the call answers or raises; ``Refused`` when it needs more than it may have.

    The child is a fork, so nothing has to be loaded again. It runs nothing but the call, never
    returns into our code and leaves without cleaning up, so connections it inherits stay ours.
    Where a system cannot fork, the guard in front of the parser has to do.
    """
    if not hasattr(os, "fork"):
        return call(*given)
    child, pipe = _start(call, given)
    message = None
    try:
        message = _receive(pipe)
    finally:
        os.close(pipe)
        is_finished = _end(child, is_late=message is None)
    if message is None or not is_finished:
        raise Refused(refusals.TOO_HEAVY)
    answer, error = pickle.loads(message)  # from our own child
    if error is not None:
        raise error
    return answer


def _start(call: Callable[..., Any], given: tuple[Any, ...]) -> tuple[int, int]:
    """The child's number and the end of the pipe on which it answers."""
    with _one_fork_at_a_time:
        ours, theirs = os.pipe()
        with warnings.catch_warnings():
            # Python warns of locks other threads may hold; the child asks for none of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            _work(call, given, theirs)
        os.close(theirs)
    return child, ours


def _work(call: Callable[..., Any], given: tuple[Any, ...], pipe: int) -> NoReturn:
    """The child's whole life. Without a message it has failed, for whatever reason."""
    status = 1
    try:
        os.nice(NICE)
        gc.disable()  # a collection would copy every page shared with the parent
        _limit()
        message = memoryview(_message(call, given))
        while message:
            message = message[os.write(pipe, message) :]
        status = 0
    finally:
        os._exit(status)


def _message(call: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
    """Answer and error, of which one is None."""
    try:
        return pickle.dumps((call(*given), None), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        raise
    except Exception as error:
        return pickle.dumps((None, error))


def _limit() -> None:
    import resource

    _lower(resource.RLIMIT_CPU, SECONDS)
    if os.path.exists(MAPPED):  # Linux; what the parent has mapped already does not count
        handle = os.open(MAPPED, os.O_RDONLY)
        pages = int(os.read(handle, 100).split()[0])
        os.close(handle)
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + BYTES)


def _lower(what: int, limit: int) -> None:
    import resource

    hard = resource.getrlimit(what)[1]
    soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (soft, hard))


def _receive(pipe: int) -> bytes | None:
    """Everything the child writes until it closes the pipe; None when its time is up."""
    waiting, deadline = select.poll(), time.monotonic() + WAITING * SECONDS
    waiting.register(pipe, select.POLLIN)
    received = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not waiting.poll(left * 1000):
            continue
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            return bytes(received)
        received += chunk
    return None


def _end(child: int, *, is_late: bool) -> bool:
    """Leave no child behind; answers whether it finished its work by itself."""
    if is_late:
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == 0
