"""The door of a web process: slow senders wait outside, so many are served at once, readers, people
and files each in a lane of their own, and who would wait too long is told to come back."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings

from rest.trouble import NOT_NOW

from .middleware import MOST_BYTES, REFUSED

Environ = dict[str, Any]
Start = Callable[..., Any]
PLACES = 8  # threads of a lane that work, each with a connection of its own to the database
MOST_WAITING = 64  # requests of a lane, those being worked on included
PATIENCE = 10.0  # seconds; then whoever waits has most likely gone
# Checking a workbook takes seconds: one after another, and who sent one waits for it.
FILES, MOST_FILES, FILES_PATIENCE = "multipart/form-data", 24, 60.0
IN_MEMORY, CHUNK = 1 << 20, 1 << 16  # bytes


class Lane:
    def __init__(self, places: int, waiting: int, patience: float) -> None:
        self.places = ThreadPoolExecutor(places, "place")
        self.free = BoundedSemaphore(waiting)
        self.patience = patience


class Door:
    """A WSGI application before another; the web server's threads only carry bytes.

    Whatever workbooks and people's pages take, readers of what is kept find places free.
    """

    def __init__(self, inside: Any, *, places: int = PLACES, waiting: int = MOST_WAITING) -> None:
        self.inside = inside
        self.readers, self.people = (Lane(places, waiting, PATIENCE) for _lane in range(2))
        self.files = Lane(1, min(waiting, MOST_FILES), FILES_PATIENCE)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        if not _may_be_read(environ):
            return self.inside(environ, start)  # which says why
        with SpooledTemporaryFile(IN_MEMORY) as body:
            if not _read(environ, body):
                return self._refuse(environ, start, 400)
            environ["wsgi.input"] = body
            return self._inside(environ, start)

    def _inside(self, environ: Environ, start: Start) -> Iterable[bytes]:
        lane = self.lane_of(environ)
        if not lane.free.acquire(blocking=False):
            return self._refuse(environ, start, NOT_NOW)
        until = time.monotonic() + lane.patience
        try:
            return lane.places.submit(self._answer, environ, start, until).result()
        finally:
            lane.free.release()

    def lane_of(self, environ: Environ) -> Lane:
        """By what the client shows; whether it is true is asked inside."""
        if environ.get("CONTENT_TYPE", "").startswith(FILES):
            return self.files
        shows_session = f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", "")
        return self.people if shows_session or "HTTP_AUTHORIZATION" in environ else self.readers

    def _refuse(self, environ: Environ, start: Start, status: int) -> Iterable[bytes]:
        """The portal's own page, given by its middleware before anything else is asked."""
        return self.inside({**environ, REFUSED: status}, start)

    def _answer(self, environ: Environ, start: Start, until: float) -> Iterable[bytes]:
        """The whole answer: what sends it to a slow reader needs neither a place nor a database."""
        if time.monotonic() > until:
            return self._refuse(environ, start, NOT_NOW)
        answer = self.inside(environ, start)
        try:
            return [] if environ.get("REQUEST_METHOD") == "HEAD" else list(answer)
        finally:
            getattr(answer, "close", int)()


def _may_be_read(environ: Environ) -> bool:
    """Whether the body has a length, and not more of it than any form."""
    is_known = "HTTP_TRANSFER_ENCODING" not in environ
    return is_known and int(environ.get("CONTENT_LENGTH") or 0) <= MOST_BYTES


def _read(environ: Environ, body: IO[bytes]) -> bool:
    """Take the body as it comes; whether all of it came before the sender went away."""
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left and (chunk := environ["wsgi.input"].read(min(left, CHUNK))):
        body.write(chunk)
        left -= len(chunk)
    body.seek(0)
    return not left
