"""A hundred kills, in the middle of an import, of a web process and of a worker: nothing is kept
half, nothing without its entry, and the next attempt goes through."""

import json
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

from drills.places import Place, kill, new_place, ready, web
from tests.everything import postgresql

ROWS = (74, 75)
KILLS = {"import": 50, "web": 50, "worker": 20}  # in the middle; who was done already counts not
PATIENCE = 3  # tries for each of these
SOONER = 0.8  # of the time it takes whom nobody kills
UNITS = ("500101", "500102", "500106", "500151")
DEMO = ("--districts", *UNITS, "--years", "1", "--seed", "3")
# Workbooks of one self-check that awaits its district, each another version; and its address.
PREPARE = """
import io, json
from openpyxl import load_workbook
from selfchecks.models import SelfCheck
row = next(r for r in SelfCheck.objects.filter(uploads__isnull=False).distinct()
           if r.state in ("draft", "returned"))
kept = row.uploads.order_by("-number").exclude(file="").first()
with kept.file.open("rb") as file:
    book = load_workbook(io.BytesIO(file.read()))
sheet = book["学校数据"]
for number in range({count}):
    column = next(c.column for c in sheet[1] if c.value == "equipment_value")
    sheet.cell(4, column).value = 100 + number
    book.save("{folder}/%04d.xlsx" % number)
print(json.dumps([row.reference, "officer_" + row.district.code]))
"""
IMPORT = """
import sys
from django.core.management import call_command
print("ready", flush=True)
call_command("import_selfcheck", sys.argv[1], by=sys.argv[2], year=int(sys.argv[3]))
"""
# What would be half: rows of a version that does not count, two that count, a version without its
# entry, a zip without its sum. Then the record itself, every row and every file against it.
CHECK = """
import io
from django.core.management import call_command
from django.db.models import Count, Q
from audit.models import Entry
from papers.models import Batch
from selfchecks.models import SchoolRecord, SelfCheck, Upload
assert not SchoolRecord.objects.filter(upload__is_current=False).exists(), "rows of no version"
current = Count("uploads", filter=Q(uploads__is_current=True))
assert not SelfCheck.objects.annotate(n=current).filter(n__gt=1).exists(), "two versions count"
for upload in Upload.objects.filter(is_current=True):
    told = Entry.objects.filter(action="upload.keep", object_type="selfchecks.upload")
    assert told.filter(object_id=str(upload.pk)).exists(), "a version without its entry"
assert not Batch.objects.filter(state="done", sha256="").exists(), "half a zip"
call_command("audit_verify", stdout=io.StringIO())
"""
ASK = """
from districts.models import User
from papers.names import Name
from papers.services.batches import ask
print(ask(kind=Name.UNIT_REPORT, by=User.objects.get(username="manager")).pk)
"""
SWEEP = """
from datetime import timedelta
from django.utils import timezone
from selfchecks.files import sweep_orphans
later = timezone.now() + timedelta(days=1)
print(sweep_orphans(later), sweep_orphans(later))
"""


def run(share: float) -> dict[str, object]:
    asked = {kind: max(2, round(KILLS[kind] * share)) for kind in KILLS}
    chance, cut = random.Random(1), Counter[str]()
    with postgresql() as url, tempfile.TemporaryDirectory() as name:
        place = new_place(Path(name), url, *DEMO, "--schools", "60" if share == 1 else "20")
        with ready(place) as warm:
            tries = {kind: PATIENCE * n + 5 for kind, n in asked.items()}
            desk = Desk.at(place, warm, tries["import"] + tries["web"] + 4)
            ways = {"import": desk.imported, "web": desk.uploaded, "worker": desk.worked}
            whole = {kind: ended(way) for kind, way in ways.items()}
            for kind, way in ways.items():
                for _try in range(tries[kind]):
                    cut[kind] += way(chance.uniform(0, SOONER * whole[kind])) is None
                    warm(CHECK)
                    if cut[kind] == asked[kind]:
                        break
            assert cut == asked, f"too seldom in the middle: {cut}"
            swept, left = warm(SWEEP).split()
            assert left == "0", f"{left} files without an owner after sweeping"
            for way in ways.values():
                ended(way)
            warm(CHECK)
    told = {f"in the middle of {what}": count for what, count in cut.items()}
    return {"kills": cut.total(), **told, "partial": 0, "unaudited": 0, "orphans swept": swept}


def ended(way: Callable[[float | None], float | None]) -> float:
    """How long it takes whom nobody kills."""
    seconds = way(None)
    assert seconds is not None, f"{way.__name__} does not end well"
    return seconds


@dataclass(frozen=True, slots=True)
class Desk:
    """Does something, and is killed after so many seconds: how long it took when it was done by
    then, None when it was cut."""

    place: Place
    warm: Callable[[str], str]
    files: Iterator[Path]
    reference: str
    officer: str
    token: str

    @classmethod
    def at(cls, place: Place, warm: Callable[[str], str], count: int) -> "Desk":
        prepare = PREPARE.replace("{folder}", str(place.folder)).replace("{count}", str(count))
        reference, officer = json.loads(warm(prepare))
        token = place.manage("create_token", officer, "--scope", "read,write:selfcheck").split()[0]
        files = iter(sorted(place.folder.glob("*.xlsx")))
        return cls(place, warm, files, reference, officer, token)

    def imported(self, seconds: float | None) -> float | None:
        words = (str(next(self.files)), self.officer, self.reference.rpartition("-")[2])
        with self.place.popen("-c", f"import django; django.setup()\n{IMPORT}", *words) as process:
            assert process.stdout
            while "ready" not in (line := process.stdout.readline()):
                assert line, "the import did not begin"
            return cut_after(process, seconds)

    def worked(self, seconds: float | None) -> float | None:
        self.warm(ASK)
        with self.place.popen("manage.py", "work", "--once") as process:
            return cut_after(process, seconds)

    def uploaded(self, seconds: float | None) -> float | None:
        answers: list[int] = []
        with web(self.place) as (port, process):
            began = time.monotonic()
            sender = Thread(target=self.send, args=(port, next(self.files), answers))
            sender.start()
            sender.join(seconds)
            took = time.monotonic() - began
            kill(process)
            sender.join()
        assert set(answers) <= {200, 201}, answers
        return took if answers else None

    def send(self, port: int, path: Path, answers: list[int]) -> None:
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
        body = head.encode() + path.read_bytes() + b"\r\n--x--\r\n"
        address = f"http://127.0.0.1:{port}/api/v1/self-checks/{self.reference}/uploads/"
        headers = {"Authorization": f"Bearer {self.token}"}
        headers["Content-Type"] = "multipart/form-data; boundary=x"
        with suppress(OSError, HTTPException):
            answers.append(urlopen(Request(address, body, headers), timeout=60).status)


def cut_after(process: "subprocess.Popen[str]", seconds: float | None) -> float | None:
    began = time.monotonic()
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=seconds)
        assert process.returncode == 0, f"ended with {process.returncode} by itself"
        return time.monotonic() - began
    kill(process)
    return None
