"""Workers die, hang and lose the database; what they worked on is done all the same, once."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from audit import workers
from audit.claims import Busy
from audit.models import Worker
from audit.workers import GIVEN_UP, MOST_TRIES, LivingWorker, take_back

pytestmark = pytest.mark.django_db
DID: list[str] = []
RAISED: list[BaseException] = []


@task()
def labour(what: str) -> None:
    """Does it, unless the test has prepared something that happens."""
    if RAISED:
        raise RAISED.pop()
    DID.append(what)


@pytest.fixture(autouse=True)
def _nothing_done_yet() -> None:
    DID.clear()
    RAISED.clear()


@pytest.fixture
def killed() -> DBTaskResult:
    """What a worker had begun when it was killed: it said that it lived a second before."""
    labour.enqueue("一")
    row = DBTaskResult.objects.get()
    Worker.objects.create(name="梅", place="m1:1")
    row.claim("梅")
    return row


def status(row: DBTaskResult) -> str:
    return str(DBTaskResult.objects.get(pk=row.pk).status)


def gone_for(seconds: float) -> None:
    Worker.objects.update(beat_at=timezone.now() - timedelta(seconds=seconds))


def test_m74_what_a_killed_worker_had_begun_is_done_by_another(
    killed: DBTaskResult, worker: Callable[[], None]
) -> None:
    gone_for(GIVEN_UP.total_seconds() - 3)
    worker()
    assert (DID, status(killed)) == ([], TaskResultStatus.RUNNING)
    gone_for(GIVEN_UP.total_seconds() + 1)
    worker()
    assert (DID, status(killed)) == (["一"], TaskResultStatus.SUCCESSFUL)
    assert not Worker.objects.exists()


def test_who_lives_keeps_its_work_however_long_it_takes(killed: DBTaskResult) -> None:
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(days=1))
    take_back()
    assert status(killed) == TaskResultStatus.RUNNING


def test_what_is_taken_back_by_two_waits_once(killed: DBTaskResult) -> None:
    """The second has seen it running, too, but by then somebody works on it again."""
    stale = DBTaskResult.objects.get(pk=killed.pk)
    gone_for(99)
    take_back()
    Worker.objects.create(name="兰", place="m2:1")
    DBTaskResult.objects.get(pk=killed.pk).claim("兰")
    workers.put_back(stale)
    assert status(killed) == TaskResultStatus.RUNNING


@pytest.mark.parametrize(
    "trouble", [OperationalError("server closed the connection"), Busy(), SystemExit(1)]
)
def test_m76_what_trouble_or_another_interrupted_is_begun_again(
    worker: Callable[[], None], trouble: BaseException
) -> None:
    labour.enqueue("一")
    RAISED.append(trouble)
    worker()
    row = DBTaskResult.objects.get()
    assert (DID, row.status) == ([], TaskResultStatus.READY)
    assert len(row.worker_ids) == (0 if isinstance(trouble, Busy) else 1)
    assert row.run_after > timezone.now()
    DBTaskResult.objects.update(run_after=timezone.now())
    worker()
    assert DID == ["一"]


def test_a_mistake_of_ours_is_not_begun_again(worker: Callable[[], None]) -> None:
    labour.enqueue("一")
    RAISED.append(ZeroDivisionError())
    worker()
    row = DBTaskResult.objects.get()
    assert (row.status, row.exception_class_path) == (
        TaskResultStatus.FAILED,
        "builtins.ZeroDivisionError",
    )


def test_what_kills_every_worker_is_given_up(killed: DBTaskResult) -> None:
    DBTaskResult.objects.update(worker_ids=["梅"] * MOST_TRIES)
    gone_for(99)
    take_back()
    assert status(killed) == TaskResultStatus.FAILED


@pytest.fixture
def began_anew(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    calls: list[Any] = []
    monkeypatch.setattr(os, "execv", lambda *given: calls.append(given))
    return calls


def test_who_was_given_up_does_not_go_on(began_anew: list[Any]) -> None:
    living = LivingWorker(once=False)
    living.alive_at = workers.time.monotonic()
    Worker.objects.create(name=living.worker_id, place="m1:1")
    living.beat()
    assert began_anew == []
    Worker.objects.all().delete()  # another gave it up, or a person asked for it
    living.beat()
    assert len(began_anew) == 1


def test_who_could_not_say_that_it_lives_does_not_go_on(began_anew: list[Any]) -> None:
    living = LivingWorker(once=False)
    Worker.objects.create(name=living.worker_id, place="m1:1")
    living.alive_at = workers.time.monotonic() - GIVEN_UP.total_seconds() - 1
    living.beat()
    assert len(began_anew) == 1


def test_m76_while_the_database_is_away_a_worker_asks_and_begins_nothing(
    began_anew: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beginning anew each second took a third of a processor for as long as it was away."""
    answers = iter([OperationalError("away")] * 3 + [None])
    waited: list[float] = []

    def reach(self: Any) -> None:
        if error := next(answers):
            raise error

    monkeypatch.setattr(LivingWorker, "run", reach)
    for signals in ("configure_signals", "reset_signals"):
        monkeypatch.setattr(LivingWorker, signals, lambda self: None)
    monkeypatch.setattr(type(connection.copy()), "ensure_connection", reach)
    monkeypatch.setattr(workers.time, "sleep", waited.append)
    workers.work(once=False)
    assert (len(waited), len(began_anew), list(answers)) == (3, 1, [])


def test_m76_who_is_told_to_end_while_the_database_is_away_ends(
    began_anew: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited for the database instead, for ever when that had gone for good."""

    def away(*given: Any) -> None:
        raise OperationalError("away")

    def told_to_end(self: LivingWorker) -> None:
        monkeypatch.setattr(type(Worker.objects.all()), "delete", away)
        self.shutdown(signal.SIGTERM, None)

    monkeypatch.setattr(db_worker.Worker, "run", told_to_end)
    monkeypatch.setattr(workers, "is_reached", lambda: pytest.fail("waits for the database"))
    for signals in ("configure_signals", "reset_signals"):
        monkeypatch.setattr(LivingWorker, signals, lambda self: None)
    workers.work(once=False)
    assert began_anew == []
