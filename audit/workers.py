"""Workers that show that they live, and what becomes of the work of those who do not.

The queue is django-tasks-db's; left alone it keeps the work of a killed worker as running for
ever. Here any other worker takes it back after ``GIVEN_UP``, by the database's one clock. Work may
so begin twice; its effects come once, because every task claims its own rows and ends them once.
"""

import logging
import os
import sys
import time
from datetime import timedelta
from functools import partial
from socket import gethostname
from typing import Any, NoReturn

from django.db import Error, InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from .claims import Busy, beside
from .models import Worker

STARTED_BY = "WORK_STARTED_BY"
GIVEN_UP = timedelta(seconds=35)
LATER = timedelta(seconds=5)
MOST_TRIES = 10  # what kills its worker every time is not begun for ever
# No fault of the work: it was interrupted, or the database was away.
PUT_BACK = (Busy, OperationalError, InterfaceError, SystemExit, KeyboardInterrupt)
logger = logging.getLogger(__name__)


class LivingWorker(db_worker.Worker):
    """The engine's worker with a sign of life, and with more than one try."""

    def __init__(self, *, once: bool) -> None:
        super().__init__(
            queue_names=["*"],
            interval=1,
            batch=once,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

    def run(self) -> None:
        Worker.objects.create(name=self.worker_id, place=f"{gethostname()}:{os.getpid()}")
        self.alive_at = time.monotonic()
        take_back()
        try:
            with beside(self.beat):
                super().run()
        finally:
            Worker.objects.filter(name=self.worker_id).delete()

    def beat(self) -> None:
        """Who was given up, or could not say for so long that it lives, must not go on."""
        if time.monotonic() - self.alive_at > GIVEN_UP.total_seconds():
            begin_anew()
        if not Worker.objects.filter(name=self.worker_id).update(beat_at=Now()):
            begin_anew()
        self.alive_at = time.monotonic()
        take_back()

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        db_task_result.set_failed = partial(_failed, db_task_result)
        super().run_task(db_task_result)


def starter() -> int:
    """Who started it: as that one says, which may have ended meanwhile; so also when it has begun
    anew since."""
    return int(os.environ.setdefault(STARTED_BY, str(os.getppid())))


def begin_anew() -> NoReturn:
    """This process starts from the beginning, whatever its other threads are doing."""
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606


def work(*, once: bool) -> None:
    """Until it is ended, or nothing is queued; trouble with the database ends no worker."""
    worker = LivingWorker(once=once)
    worker.configure_signals()
    try:
        worker.run()
    except Error as error:
        if once:
            raise
        if not worker.running:  # told to end; that it lived could not be struck out, others do that
            return
        logger.error("worker starts again: %s", str(error).strip())
        worker.reset_signals()
        time.sleep(1)
        while not is_reached():  # asking again is cheap; beginning anew takes a processor seconds
            time.sleep(1)
        begin_anew()


def is_reached() -> bool:
    """Whether the database answers a new connection."""
    asking = connection.copy()
    try:
        asking.ensure_connection()
    except Error:
        return False
    asking.close()
    return True


def take_back() -> None:
    """Work of those who died waits again, for whoever is free first."""
    running = list(DBTaskResult.objects.running())  # before the living: nobody works unregistered
    Worker.objects.filter(beat_at__lt=Now() - GIVEN_UP).delete()
    living = set(Worker.objects.values_list("name", flat=True))
    for row in running:
        if row.worker_ids[-1] not in living:
            put_back(row)


def put_back(row: DBTaskResult[Any, Any], **more: Any) -> None:
    """It waits again, unless that has happened already or too often."""
    rows = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
    if len(row.worker_ids) < MOST_TRIES:
        rows.update(status=TaskResultStatus.READY, **{"run_after": timezone.now(), **more})
    else:
        now, path = timezone.now(), f"{__name__}.MOST_TRIES"
        rows.update(status=TaskResultStatus.FAILED, finished_at=now, exception_class_path=path)


def _failed(row: DBTaskResult[Any, Any], error: BaseException) -> None:
    if not isinstance(error, PUT_BACK):
        DBTaskResult.set_failed(row, error)
        return
    tries = row.worker_ids[:-1] if isinstance(error, Busy) else row.worker_ids
    put_back(row, run_after=timezone.now() + LATER, worker_ids=tries)
