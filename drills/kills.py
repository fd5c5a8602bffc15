"""A hundred kills, in the middle of an import, of a web process and of a worker: nothing is kept
half, nothing without its entry, and the next attempt goes through."""

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

from drills.places import Place, kill, new_place, web
from tests.everything import postgresql

ROWS = (74, 75)
KILLS = 100
UNITS = ("500101", "500102", "500106", "500151")
# Workbooks of one self-check that awaits its district, each another version; and its address.
PREPARE = """
import io, json, sys
from openpyxl import load_workbook
from selfchecks.models import SelfCheck
row = next(r for r in SelfCheck.objects.filter(uploads__isnull=False).distinct()
           if r.state in ("draft", "returned"))
kept = row.uploads.order_by("-number").exclude(file="").first()
for number in range(int(sys.argv[2])):
    with kept.file.open("rb") as file:
        book = load_workbook(io.BytesIO(file.read()))
    sheet = book["学校数据"]
    column = next(c.column for c in sheet[1] if c.value == "equipment_value")
    sheet.cell(4, column).value = 100 + number
    book.save(f"{sys.argv[1]}/{number}.xlsx")
print(json.dumps([row.reference, f"officer_{row.district.code}"]))
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
    kills, chance = max(6, round(KILLS * share)), random.Random(1)
    with postgresql() as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = new_place(
            folder, url, "--districts", *UNITS, "--schools", "60", "--years", "1", "--seed", "3"
        )
        reference, officer = json.loads(place.python(PREPARE, name, str(kills)))
        token = place.manage("create_token", officer, "--scope", "read,write:selfcheck")
        ways: tuple[Callable[[int], bool], ...] = (
            lambda n: of_an_import(place, folder / f"{n}.xlsx", officer, reference, chance),
            lambda n: of_the_web(place, folder / f"{n}.xlsx", reference, token, chance),
            lambda n: of_a_worker(place, chance),
        )
        cut: Counter[str] = Counter()
        for number in range(kills):
            kind = number % len(ways)
            cut[("import", "web", "worker")[kind]] += ways[kind](number)
            place.python(CHECK)
        swept, left = place.python(SWEEP).split()
        assert left == "0", f"{left} files without an owner after sweeping"
        last = place.manage("import_selfcheck", str(folder / "0.xlsx"), "--by", officer)
        assert "第" in last
        place.python(CHECK)
    told = {f"in the middle of {what}": count for what, count in cut.items()}
    return {"kills": kills, **told, "partial": 0, "unaudited": 0, "orphans swept": swept}


def of_an_import(
    place: Place, path: Path, officer: str, reference: str, chance: random.Random
) -> bool:
    year = reference.rpartition("-")[2]
    with place.popen(
        "-c", f"import django; django.setup()\n{IMPORT}", str(path), officer, year
    ) as p:
        assert p.stdout
        while "ready" not in (line := p.stdout.readline()):
            assert line, "the import did not begin"
        time.sleep(chance.uniform(0, 1.5))
        is_cut = p.poll() is None
        kill(p)
    return is_cut


def of_the_web(place: Place, path: Path, reference: str, token: str, chance: random.Random) -> bool:
    answers: list[int] = []
    with web(place) as (port, process):
        sender = Thread(target=send, args=(port, reference, path, token, answers))
        sender.start()
        time.sleep(chance.uniform(0, 1.5))
        kill(process)
        sender.join()
    return not answers


def send(port: int, reference: str, path: Path, token: str, answers: list[int]) -> None:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + b"\r\n--x--\r\n"
    address = f"http://127.0.0.1:{port}/api/v1/self-checks/{reference}/uploads/"
    headers = {"Authorization": f"Bearer {token.split()[0]}"}
    headers["Content-Type"] = "multipart/form-data; boundary=x"
    with suppress(OSError, HTTPException):
        answers.append(urlopen(Request(address, body, headers), timeout=60).status)


def of_a_worker(place: Place, chance: random.Random) -> bool:
    place.python(ASK)
    with place.popen("manage.py", "work", "--once") as process:
        time.sleep(chance.uniform(1, 5))
        is_cut = process.poll() is None
        kill(process)
    return is_cut
