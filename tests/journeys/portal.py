"""The running portal that journeys walk through: a process and a database of its own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg2

from tests.source import ROOT

DISTRICTS = ("500106", "500151")
SCHOOLS = 12
PATIENCE = 120  # seconds until the first answer
# What a drill asks for: settings of the portal as JSON, words for ``serve``, and the number of a
# process that dies once the portal answers.
SETTINGS, WORDS, DIES = "JOURNEY_SETTINGS", "JOURNEY_WORDS", "JOURNEY_DIES"


# Runs one management command a line: starting Django takes longer than what it is asked for.
MANAGER = """
import contextlib, io, json, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connections
for line in sys.stdin:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call_command(*json.loads(line))
    connections.close_all()
    print(json.dumps(out.getvalue()), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Portal:
    """``origin`` is where it answers; ``password`` is that of all demonstration accounts."""

    origin: str
    password: str
    environment: dict[str, str]
    manager: "subprocess.Popen[str]"

    def manage(self, *arguments: str) -> str:
        """What a management command on the portal's database prints."""
        assert self.manager.stdin
        assert self.manager.stdout
        print(json.dumps(arguments), file=self.manager.stdin, flush=True)
        return str(json.loads(self.manager.stdout.readline()))


@contextmanager
def managing(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", MANAGER],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@contextmanager
def running_portal(
    folder: Path, districts: Iterable[str] = DISTRICTS, schools: int = SCHOOLS
) -> Iterator[Portal]:
    """A portal with reference data and some demonstration districts, stopped at the end."""
    with ExitStack() as stack:
        url = stack.enter_context(database(folder))
        port = free_port()
        password = secrets.token_urlsafe(12)
        outside = environment(folder, url, password)
        manager = stack.enter_context(managing(outside))
        portal = Portal(f"http://127.0.0.1:{port}", password, outside, manager)
        portal.manage("migrate", "--verbosity=0")
        portal.manage("load_reference")
        portal.manage("load_demo", "--districts", *districts, "--schools", str(schools))
        stack.enter_context(serving(portal, port))
        yield portal


def environment(folder: Path, url: str, password: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "chongqing_eval.settings",
        "DEBUG": "1",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(folder / "media"),
        "DEMO_PASSWORD": password,
        "GUNICORN_CMD_ARGS": "--config=python:tests.journeys.counted",
        **json.loads(os.environ.get(SETTINGS, "{}")),
    }


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A fresh database of the kind the tests run on: its address."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'journeys.sqlite3'}"
        return
    name = f"journeys_{secrets.token_hex(4)}"
    _on_server(server, f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(portal: Portal, port: int) -> Iterator[None]:
    command = ["manage.py", "serve", "--no-demo", "--no-periodic", f"--port={port}"]
    process = subprocess.Popen(
        [sys.executable, *command, *os.environ.get(WORDS, "").split()],
        cwd=ROOT,
        env=portal.environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(portal.origin + "/healthz", process)
        if dies := os.environ.get(DIES):
            os.kill(int(dies), signal.SIGKILL)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urlopen(url, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the portal did not start")
