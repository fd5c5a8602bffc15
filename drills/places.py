"""Portals for drills: a PostgreSQL of their own, demonstration data, and web processes to kill."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.journeys.portal import Portal, free_port, managing
from tests.source import ROOT

# How many rows each table of ours has, as JSON; also for code of another day.
COUNTS = """
import json
from django.apps import apps
from django.db import connection
outside = {"contenttypes", "auth", "sessions", "axes", "admin", "django_tasks_database"}
tables = set(connection.introspection.table_names())
print(json.dumps({m._meta.label_lower: m._base_manager.count() for m in apps.get_models()
                  if m._meta.db_table in tables and m._meta.app_label not in outside}))
"""


@dataclass(frozen=True, slots=True)
class Place:
    """An installation: where its code, database and files are."""

    folder: Path
    url: str
    password: str
    code: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "chongqing_eval.settings",
            "DEBUG": "1",
            "SECRET_KEY": "only-for-drills-" + "x" * 50,
            "DATABASE_URL": self.url,
            "MEDIA_ROOT": str(self.folder / "media"),
            "ANCHOR_FILE": str(self.folder / "anchors.txt"),
            "DEMO_PASSWORD": self.password,
        }

    def popen(self, *words: str) -> "subprocess.Popen[str]":
        """A process of the installation, in a group of its own so that all of it can be killed."""
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=self.code,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )

    def manage(self, *words: str) -> str:
        """What a command prints. Raises AssertionError when it fails."""
        with self.popen("manage.py", *words) as process:
            out = process.communicate()[0]
        assert process.returncode == 0, f"{words[0]} ended with {process.returncode}: {out[-800:]}"
        return out

    def python(self, source: str, *words: str) -> str:
        """What a piece of code prints, with Django ready."""
        with self.popen("-c", f"import django; django.setup()\n{source}", *words) as process:
            out = process.communicate()[0]
        assert process.returncode == 0, out[-800:]
        return out.strip()


def new_place(folder: Path, url: str, *demo: str, code: Path = ROOT) -> Place:
    """Migrated, with reference data, and with demonstration data when ``demo`` says how much."""
    place = Place(folder, url, secrets.token_urlsafe(12), code)
    place.manage("migrate", "--verbosity=0")
    place.manage("load_reference")
    if demo:
        place.manage("load_demo", *demo)
    return place


@contextmanager
def ready(place: Place) -> Iterator[Callable[[str], str]]:
    """What prints what a piece of code prints, from a process that keeps Django loaded."""
    with managing(place.environment) as manager:
        portal = Portal("", place.password, place.environment, manager)

        def warm(source: str) -> str:
            try:
                return portal.manage("shell", "--no-imports", "-c", source).strip()
            except ValueError as silence:
                raise AssertionError(f"it ended in the middle of {source}") from silence

        yield warm


@contextmanager
def web(place: Place, *more: str) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """Web processes as ``serve`` starts them: their port and the one that leads them."""
    port = free_port()
    process = place.popen(
        *("-m", "gunicorn", "chongqing_eval.wsgi", f"--bind=127.0.0.1:{port}"),
        *("--workers=1", "--threads=16", "--timeout=60", "--log-level=critical", *more),
    )
    try:
        wait_for(port)
        yield port, process
    finally:
        kill(process)


def wait_for(port: int, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if get(port, "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers on port {port} after {seconds:.0f} s")


def get(port: int, path: str, seconds: float = 60) -> tuple[int, bytes]:
    """Status and body."""
    line = HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def kill(process: "subprocess.Popen[str]") -> None:
    """At once and without a word, with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
