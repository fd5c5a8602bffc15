"""From the first release, with ten times the rows of the whole city's demonstration, up, down again
and up, while somebody reads; and the code before the newest migration on today's schema, as while
machines are changed one by one."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import psycopg2

from drills.kills import UNITS
from drills.load_parts.usage import seconds
from drills.places import COUNTS, Place, get, new_place, web
from drills.register import git
from tests.everything import postgresql
from tests.source import APPS, ROOT

ROWS = (81, 82)
FIRST = "46315a8"
TIMES, MOST = 10, 60.0  # seconds of processor time for all migrations
PAUSE, LONGEST = 0.05, 2.0  # seconds between two looks at a table, and until one is answered
DEMO = ("--schools", "30", "--years", "2")  # of all units, or for a share:
FEW = ("--districts", "500106", "500151", "--schools", "10", "--years", "1")
ONE_OPEN = ("--districts", *UNITS, "--schools", "20", "--years", "1", "--seed", "3")
TABLES = ("audit_entry", "selfchecks_upload", "selfchecks_schoolrecord")  # that grow
READ = (*TABLES, "districts_district", "districts_school", "districts_user", "selfchecks_selfcheck")
PUBLIC = ("/", "/roadmap/", "/districts/500106/", "/indicators/", "/api/v1/progress/")
# What a bureau and an inspector do, on pages: status of each.
ACTS = """
import json
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from districts.models import User
from selfchecks.models import SelfCheck
found = {}
row = next(r for r in SelfCheck.objects.order_by("-year") if r.state in ("draft", "returned"))
kept = row.uploads.order_by("-number").exclude(file="").first()
for who in (f"officer_{row.district.code}", "inspector", "manager"):
    person = Client(SERVER_NAME="127.0.0.1")
    person.force_login(User.objects.get(username=who))
    paths = ["/self-checks/"] if who.startswith("officer") else ["/admin/"]
    if who.startswith("officer"):
        paths += [f"/self-checks/{row.reference}/{page}" for page in ("", "upload/", "result/")]
    found |= {f"{who} {path}": person.get(path).status_code for path in paths}
    if who.startswith("officer") and kept:
        with kept.file.open("rb") as file:
            sent = {"file": SimpleUploadedFile("x.xlsx", file.read())}
        found["upload"] = person.post(f"/self-checks/{row.reference}/upload/", sent).status_code
print(json.dumps(found))
"""


def missing() -> str:
    if not shutil.which("git"):
        return "git"
    there = ["git", "cat-file", "-e", f"{FIRST}^{{commit}}"]
    is_there = subprocess.run(there, cwd=ROOT, capture_output=True).returncode == 0
    return "" if is_there else f"the first release ({FIRST})"


def run(share: float) -> dict[str, object]:
    with postgresql() as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = DEMO if share == 1 else FEW
        first = new_place(folder, url, *demo, code=tree(folder / "first", FIRST))
        rows = grown(url, max(2, round(TIMES * share)))
        today, before = replace(first, code=ROOT), facts(first)
        told: dict[str, object] = {"rows": rows}
        for what, place, goals in (
            ("up", today, [()]),
            ("down", today, steps_back(first)),
            ("up again", today, [()]),
        ):
            with reading(url) as waits:
                used = sum(timed(place, *goal) for goal in goals)
            wait = max(waits)
            assert used < MOST or share < 1, f"{what} took {used:.0f} s"
            assert wait.used < LONGEST or share < 1, f"{what}, a reader waited {wait}"
            reader = first if what == "down" else today
            assert_whole(reader, before)
            told |= {what: f"{used:.1f} s", f"longest wait of a reader, {what}": str(wait)}
        return {**told, **rolling(folder, url)}


def tree(folder: Path, commit: str) -> Path:
    folder.mkdir()
    content = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=content.stdout, check=True)
    return folder


def grown(url: str, times: int) -> int:
    """Uploads that count no more, with their figures, and entries as often again: how many rows."""
    with psycopg2.connect(url) as database, database.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TEMP TABLE {table}_before AS SELECT * FROM {table}")
        for number in range(1, times):
            further = f"number + {number} * 1000000"
            copy(cursor, "audit_entry", number=further)
            copy(cursor, "selfchecks_upload", number=further, is_current="false")
            code = f"right((school_code::bigint + {number}00000000)::text, 10)"
            copy(cursor, "selfchecks_schoolrecord", school_code=code)
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in TABLES))
        return sum(int(row[0]) for row in cursor.fetchall())


def copy(cursor: Any, table: str, **other: str) -> None:
    """Its rows once more, with other values in some columns."""
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    columns = [column.name for column in cursor.description if column.name != "id"]
    values = ", ".join(other.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}_before")


def steps_back(first: Place) -> list[tuple[str, str]]:
    """To the last migration each app had then; apps that came later go entirely."""
    apps = [app for app in reversed(APPS) if (ROOT / app / "migrations/0001_initial.py").exists()]
    found = {app: sorted((first.code / app / "migrations").glob("0*.py")) for app in apps}
    gone = [(app, "zero") for app in apps if not found[app]]
    return gone + [(app, files[-1].stem) for app, files in found.items() if files]


def timed(place: Place, *goal: str) -> float:
    """Seconds of processor time, of the database and of the start of Python too: others may use
    the machine."""
    whose = (os.getpid(), server_of(place.url))
    began = seconds(whose)
    place.manage("migrate", "--verbosity=0", *goal)
    return seconds(whose) - began


class Wait(NamedTuple):
    """``used`` is what migrating took meanwhile of the processor, which others use, too."""

    seconds: float
    used: float
    table: str

    def __str__(self) -> str:
        return f"{self.used:.2f} s of processor time, {self.seconds:.2f} s here ({self.table})"


@contextmanager
def reading(url: str) -> Iterator[list[Wait]]:
    """How long, at most, who reads a row of each table waited for it meanwhile: while a migration
    changes a table, nobody else reads it."""
    waits: list[Wait] = []
    moments: list[tuple[float, float]] = []
    ended, whose = Event(), (os.getpid(), server_of(url))

    def watch() -> None:
        while not ended.wait(5 * PAUSE):
            moments.append((time.monotonic(), seconds(whose)))

    def read(table: str) -> tuple[float, float, str]:
        longest = (0.0, 0.0)
        with closing(psycopg2.connect(url)) as database, database.cursor() as cursor:
            database.autocommit = True
            while not ended.wait(PAUSE):
                asked = time.monotonic()
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
                longest = max(longest, (time.monotonic() - asked, asked))
        return *longest, table

    with ThreadPoolExecutor(len(READ) + 1) as people:
        watching, readers = people.submit(watch), [people.submit(read, each) for each in READ]
        try:
            yield waits
        finally:
            ended.set()
        watching.result()
        for waited, asked, table in (each.result() for each in readers):
            waits.append(Wait(waited, between(moments, asked, asked + waited), table))


def between(moments: list[tuple[float, float]], began: float, ended: float) -> float:
    """What was used from the moment noted last before to the one noted first after."""
    before = [used for at, used in moments if at <= began] or [moments[0][1]]
    after = [used for at, used in moments if at >= ended] or [moments[-1][1]]
    return after[0] - before[-1]


def server_of(url: str) -> int:
    """The process that has started the one which answers."""
    with closing(psycopg2.connect(url)) as database, database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone() or (0,)
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def facts(place: Place) -> dict[str, int]:
    found: dict[str, int] = json.loads(place.python(COUNTS))
    return found


def assert_whole(place: Place, before: dict[str, int]) -> None:
    """Every row is there, and pages are answered."""
    now = facts(place)
    lost = {
        name: (count, now.get(name)) for name, count in before.items() if now.get(name, 0) < count
    }
    assert not lost, f"rows before and after: {lost}"
    with web(place) as (port, _process):
        answers = {path: get(port, path)[0] for path in PUBLIC}
    assert set(answers.values()) == {200}, answers


def rolling(folder: Path, url: str) -> dict[str, object]:
    """The code from before the newest migration does on today's schema what people do."""
    newest = ("log", "-1", "--format=%h", "--no-merges", "--diff-filter=A")
    commit = git("rev-parse", "--short", git(*newest, "--", "*/migrations/0*.py") + "^")
    with closing(psycopg2.connect(url)) as database:
        database.autocommit = True
        database.cursor().execute("CREATE DATABASE rolling")
    (folder / "rolling").mkdir()
    today = new_place(folder / "rolling", url.replace("/postgres?", "/rolling?"), *ONE_OPEN)
    before = replace(today, code=tree(folder / "before", commit))
    found: dict[str, int] = json.loads(before.python(ACTS).splitlines()[-1])
    assert max(found.values()) < 500, found
    before.manage("audit_verify")
    assert_whole(before, {})
    return {"acts of the code of": f"{commit} on today's schema: {len(found)}"}
