"""A portal of several machines on this one: nginx, two web processes, two workers, two timers of
periodic work, PostgreSQL with a streaming replica, Redis; who dies is started again.

python -m drills.cluster_parts     (``make cluster``) until Ctrl-C; says where it answers
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from drills.cluster_parts import servers
from drills.cluster_parts.parts import TICK, Part, wait_until
from tests.journeys.portal import free_port
from tests.source import ROOT

HOST = servers.HOST
DEMO = ("--districts", "500106", "--schools", "12", "--years", "1")
WEBS, WORKERS = ("web-1", "web-2"), ("worker-1", "worker-2")
SAY = """
from schedule.models import Subject
from schedule.services.statements import say_what_is_new
say_what_is_new(texts={subject: ("演练用的门户", "A drill") for subject in Subject.values}, by=None)
"""
TIMERS = ("periodic-1", "periodic-2")
PARTS = ("primary", "replica", "redis", *WEBS, *WORKERS, *TIMERS, "nginx")


def token_of(cookies: Mapping[str, str]) -> str:
    """Against forged forms, whatever this or another state of the code calls its cookie."""
    return next((cookies[name] for name in cookies if name.endswith("csrftoken")), "")


@dataclass
class Cluster:
    folder: Path
    names: tuple[str, ...] = PARTS
    code: Path = ROOT
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in PARTS})
    parts: dict[str, Part] = field(default_factory=dict)
    over: Event = field(default_factory=Event)
    killed_at: list[tuple[str, float]] = field(default_factory=list)
    interrupted: dict[str, float] = field(default_factory=dict)  # jobs, and when

    def url(self, part: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.ports[part]}/portal"

    @property
    def interpreter(self) -> str:
        own = self.code / ".venv/bin/python"
        return str(own) if own.exists() else sys.executable

    @property
    def environment(self) -> dict[str, str]:
        outside = {
            **{k: v for k, v in os.environ.items() if k != "DEBUG"},
            "DJANGO_SETTINGS_MODULE": "chongqing_eval.settings",
            "SECRET_KEY": "only-for-drills-" + "x" * 50,
            "AUDIT_KEYS": "only-for-drills-" + "y" * 50,
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "DATABASE_URL": self.url("primary"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "ANCHOR_FILE": str(self.folder / "anchors.txt"),
            "DEMO_PASSWORD": self.password,
        }
        if "replica" in self.names:
            outside["DATABASE_REPLICA_URL"] = self.url("replica")
        if "redis" in self.names:
            outside["REDIS_URL"] = f"redis://127.0.0.1:{self.ports['redis']}/0"
        return outside

    def manage(self, *words: str, debug: str = "0") -> str:
        """What a command prints. Raises AssertionError when it fails."""
        done = subprocess.run(
            [self.interpreter, "manage.py", *words],
            cwd=self.code,
            env={**self.environment, "DEBUG": debug},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{words[0]}: {done.stdout[-800:]}"
        return done.stdout

    def python(self, source: str) -> str:
        """What a piece of code prints, with Django ready and on the primary."""
        done = subprocess.run(
            [self.interpreter, "-c", f"import django; django.setup()\n{source}"],
            cwd=self.code,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def start(self, *names: str) -> None:
        for name in names:
            self.parts[name].start(self.folder / f"{name}.log")
        wait_until(lambda: all(self.parts[name].answers() for name in names), ", ".join(names))

    def watch(self) -> None:
        """Starts what has died, as systemd does."""
        while not self.over.wait(TICK):
            for name, part in self.parts.items():
                if part.is_dead and not self.over.is_set():
                    part.start(self.folder / f"{name}.log")

    def end(self) -> None:
        self.over.set()
        for part in reversed(self.parts.values()):
            part.kill()


def fill(made: Cluster, demo: tuple[str, ...] = DEMO) -> None:
    made.manage("migrate", "--verbosity=0")
    made.manage("load_reference")
    made.manage("load_demo", *demo, debug="1")
    if "statements" in made.manage("help", "--commands"):  # the code may be of another day
        made.python(SAY)
    made.manage("collectstatic", "--no-input", "--verbosity=0")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """All parts, watched over, in a folder of their own; all are gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="portal-cluster-"))
    made = Cluster(folder)
    folder.chmod(0o755)
    watcher = Thread(target=made.watch, daemon=True)
    try:
        servers.database(made)
        made.parts["redis"] = servers.redis(made)
        made.start("redis")
        fill(made)
        servers.replica(made)
        servers.portals(made)
        made.parts["nginx"] = servers.nginx(made)
        made.start("replica", *WEBS, *WORKERS, *TIMERS, "nginx")
        watcher.start()
        yield made
    finally:
        made.over.set()
        if watcher.is_alive():
            watcher.join()
        made.end()
        shutil.rmtree(folder, ignore_errors=True)
