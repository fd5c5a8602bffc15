"""A worker that was started beside the web server ends with it."""

import os
import signal

import pytest

from chongqing_eval.management.commands.work import STARTED_BY, end_with, starter


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
