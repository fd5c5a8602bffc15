"""Public pages read a replica of the database while it is close behind.

Who is signed in, who has just sent something and what is no public page read the database itself;
so does everybody while the replica is away or too far behind.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse

from .middleware import is_known

REPLICA = "replica"
ASKED_EVERY = 1.0  # seconds; in between every request trusts the answer
TOO_OLD = 3.0  # seconds; what the database had that long ago says nothing of today
QUIET = 5.0  # seconds in which a replica that failed is not asked again
WROTE = "portal_wrote"  # the cookie of who has just sent something
REMEMBERED = 10  # seconds
NEVER = ("/healthz", "/readyz", "/accounts/", "/admin/")
READING: ContextVar[bool] = ContextVar("reading_the_replica", default=False)


class Router:
    """Reads where the request reads; writes, and migrates, the database itself."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return REPLICA if READING.get() else None

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, *rows: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


class Watch:
    """Whether the replica has what the database had when it was last asked: no clock is compared.

    A database that does not answer writes nothing either: then the replica is as good as before.
    """

    def __init__(self) -> None:
        self.next = 0.0
        self.is_close = False
        self.mark: int | None = None
        self.marked_at = 0.0

    def says_close(self) -> bool:
        now = time.monotonic()
        if now >= self.next:
            self.next = now + ASKED_EVERY
            self.is_close = self._ask(now)
        return self.is_close

    def distrust(self) -> None:
        self.is_close, self.mark, self.next = False, None, time.monotonic() + QUIET

    def _ask(self, now: float) -> bool:
        try:
            there = position(REPLICA, "pg_last_wal_replay_lsn()")
        except Error:
            self.distrust()
            return False
        mark, age = self.mark, now - self.marked_at
        try:
            self.mark, self.marked_at = position("default", "pg_current_wal_lsn()"), now
        except Error:
            return self.is_close
        return None not in (there, mark) and age < TOO_OLD and there >= mark  # type: ignore[operator]


def position(alias: str, function: str) -> int | None:
    """How far the log of a PostgreSQL has come there, in bytes."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT pg_wal_lsn_diff({function}, '0/0')")
        found = cursor.fetchone()[0]
    return None if found is None else int(found)


WATCH = Watch()


class ReplicaMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return remembering(self.get_response(request))
        if not reads_public(request) or not WATCH.says_close():
            return self.get_response(request)
        token = READING.set(True)
        try:
            response = self.get_response(request)
        finally:
            READING.reset(token)
        return response if response.status_code < 500 else self._again(request)

    def _again(self, request: HttpRequest) -> HttpResponse:
        """Whatever failed may be the replica's doing: reading once more changes nothing."""
        response = self.get_response(request)
        if response.status_code < 500:
            WATCH.distrust()
        return response


def reads_public(request: HttpRequest) -> bool:
    path = request.path_info.removeprefix("/en")
    return not (is_known(request) or WROTE in request.COOKIES or path.startswith(NEVER))


def remembering(response: HttpResponse) -> HttpResponse:
    """Its sender reads, for a while, what it has written."""
    response.set_cookie(
        WROTE,
        "1",
        max_age=REMEMBERED,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def bytes_behind() -> int | None:
    """None where there is no standby."""
    here = position("default", "pg_current_wal_lsn()")
    there = position(REPLICA, "pg_last_wal_replay_lsn()")
    return None if here is None or there is None else max(0, here - there)
