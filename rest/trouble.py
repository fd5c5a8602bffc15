"""Trouble of the machine, which no request is to blame for: the database does not answer, the disk
is full."""

import errno
import logging
import time

from django.db import InterfaceError, OperationalError

from crypto.keys import KeyTrouble

NOT_NOW, NO_ROOM = 503, 507
# Status → after how many seconds it is worth asking again: a database that was begun again is there
# within ten, and who comes earlier is only sent away once more.
RETRY_AFTER = {429: 60, NOT_NOW: 10, NO_ROOM: 60}
FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL_DATABASE = ("SQLITE_FULL", "53100")  # as the drivers of SQLite and PostgreSQL name it
WRONG_STATEMENT = "SQLITE_ERROR"  # the same class of exception, but a mistake of ours
QUIET = 10.0  # seconds
logger = logging.getLogger(__name__)


class NoAnswer(OSError):
    """Something outside that the portal needs, other than its database, does not answer."""


def trouble_of(error: BaseException | None) -> int | None:
    """The status to answer with; None for what is no trouble of the machine."""
    if isinstance(error, OperationalError | InterfaceError):
        return _of_database(error.__cause__)
    if isinstance(error, KeyTrouble | NoAnswer):
        return NOT_NOW
    return NO_ROOM if isinstance(error, OSError) and error.errno in FULL_DISK else None


def _of_database(cause: BaseException | None) -> int | None:
    name = getattr(cause, "sqlite_errorname", "") or getattr(cause, "pgcode", "")
    if name in FULL_DATABASE:
        return NO_ROOM
    return None if name == WRONG_STATEMENT else NOT_NOW


def note(error: BaseException, path: str) -> None:
    """One line of what it was; many readers meet the same trouble at once."""
    logger.error("trouble at %s", path, exc_info=error)


class OneLineOfTrouble(logging.Filter):
    """Lets one line of each kind of trouble through in ten seconds, without its trace.

    What a stranger can cause at will, a request for another host, has no trace either.
    """

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[int, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        status = trouble_of(error) or getattr(record, "status_code", None)
        if status in (NOT_NOW, NO_ROOM):
            _shorten(record, error)
            return self._is_new(status)
        if record.name.startswith("django.security."):
            _shorten(record, None)
        return True

    def _is_new(self, status: int) -> bool:
        now = time.monotonic()
        if now - self.told.get(status, -QUIET) < QUIET:
            return False
        self.told[status] = now
        return True


def _shorten(record: logging.LogRecord, error: BaseException | None) -> None:
    if error is not None:
        record.msg, record.args = f"{record.getMessage()}: {error}".strip(), ()
    record.exc_info = record.exc_text = None
