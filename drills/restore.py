"""A database server with demonstration data and its files are lost, and put back from encrypted
backups: every row, every file, the record, the results computed again, and people sign in."""

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from drills.places import COUNTS
from tests.chongqing_eval.test_drill import (
    Place,
    lose,
    made_place,
    restore,
    started,
    wait_until_kept,
)

ROWS = (83,)
FEW = ("--schools", "20", "--years", "1")
PASSWORD = "correct-horse-battery-7"  # noqa: S105  of demonstration accounts
SIGN_IN = f"""
from django.test import Client
given = {{"username": "officer_500106", "password": "{PASSWORD}"}}
print(Client(SERVER_NAME="127.0.0.1").post("/accounts/login/", given).status_code)
"""


def missing() -> str:
    return next((name for name in ("gpg", "useradd") if not shutil.which(name)), "")


def run(share: float) -> dict[str, object]:
    os.environ["DEMO_PASSWORD"] = PASSWORD
    with made_place() as place:
        server = started(place)
        server.manage("migrate", "--verbosity=0")
        server.manage("load_reference")
        server.manage("load_demo", "--districts", "500106", *FEW)
        server.backup("base")
        if share == 1:  # only the log knows of it
            server.manage("load_demo", "--districts", "500151", *FEW)
        give(server)
        server.backup("media")
        before = found(server)
        server.sql("SELECT pg_switch_wal()")
        wait_until_kept(server)
        lose(server)
        began = time.monotonic()
        restore(server)
        seconds = time.monotonic() - began
        assert found(server) == before
        server.manage("audit_verify")
        replayed = server.manage("replay_evaluations").strip().splitlines()[-1]
        assert server.manage("shell", "-c", SIGN_IN).strip().endswith("302")
    rows, files = sum(before[0].values()), len(before[1])
    told = {"rows": rows, "files": files, "restored in": f"{seconds:.0f} s", "lost": 0}
    return {**told, "replay": replayed}


def give(server: Place) -> None:
    """Files made here belong to whom the backup runs as."""
    if server.user:
        media = str(server.folder / "media")
        subprocess.run(["chown", "-R", server.user, media], check=True)


def found(server: Place) -> tuple[dict[str, int], dict[str, str]]:
    counts = json.loads(server.manage("shell", "-c", COUNTS).splitlines()[-1])
    media = server.folder / "media"
    return counts, {path.relative_to(media).as_posix(): sha(path) for path in below(media)}


def below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
