"""A worker that was started beside the web server ends with it."""

import os
import signal
import subprocess
import time

import pytest
from django.core.management import call_command

from audit.workers import STARTED_BY, starter
from chongqing_eval.management.commands import serve
from chongqing_eval.management.commands.work import end_with


def test_a_worker_that_began_anew_ends_with_who_started_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The web server ended while the worker waited for the database and began anew."""
    monkeypatch.setenv(STARTED_BY, "")  # so that it is put back
    monkeypatch.delenv(STARTED_BY)
    ended: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *asked: ended.append(asked))
    assert starter() == os.getppid()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    end_with(starter())
    assert ended == [(os.getpid(), signal.SIGTERM)]


def test_what_starts_beside_the_server_is_told_by_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[list[str], str]] = []
    monkeypatch.setattr(
        subprocess,
        "Popen",
        lambda command, env: started.append((command[2:], env[STARTED_BY])),
    )
    serve.Command.start_beside("work", "--attached")
    assert started == [(["work", "--attached"], str(os.getpid()))]


def test_periodic_work_ends_though_its_server_ended_before_it_could_ask(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The port was taken: the server was gone while this process was still starting."""

    def never(_seconds: float) -> None:
        raise AssertionError("it waits for nobody")

    monkeypatch.setenv(STARTED_BY, str(os.getpid()))  # who is not our parent
    monkeypatch.setattr("audit.management.commands.periodic.run_due", lambda: iter(()))
    monkeypatch.setattr(time, "sleep", never)
    call_command("periodic", every=3600)
