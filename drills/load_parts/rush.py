"""The last day: every unit hands in its workbook, all within a minute."""

import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from drills.load_parts.crowd import MIX
from drills.load_parts.place import Place
from drills.load_parts.reader import Answer, Reader

FIRST = 200  # the clerks' addresses begin here
# The year after opens for every unit that exists and has a register; each fills in its workbook,
# and as many as are wanted beyond that a second one, corrected.
OPEN = """
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from django.utils import timezone
from districts.models import District, User
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from selfchecks.services.workbooks import template_for
from selfchecks.workbook.reading import FIRST_DATA_ROW, SCHOOLS
from tests.journeys.clerk import fill
def correct(book):
    book[SCHOOLS.name].cell(FIRST_DATA_ROW, SCHOOLS.position("equipment_value")).value = 987.65
today = timezone.localdate()
units = District.objects.filter(valid_to=None, schools__isnull=False).distinct()
open_year(
    year={year},
    due_on=today + timedelta(days=30),
    fill_from=today - timedelta(days=30),
    by=User.objects.get(username="manager"),
    districts=units,
)
filling = SelfCheck.objects.filter(year={year}, district__in=units).order_by("district__order")
for number, self_check in enumerate(islice(cycle(filling), {most})):
    unit, before = self_check.district.code, number // len(filling)
    template = template_for(self_check)
    book = fill(template, correct) if before else fill(template)
    Path("{folder}", f"{{number}}.xlsx").write_bytes(book)
    print(unit, before)
"""
TAKEN = """
from selfchecks.models import Upload
print(Upload.objects.filter(self_check__year={year}, kept_at__isnull=False).count())
"""


@dataclass(frozen=True, slots=True)
class Clerk:
    reader: Reader
    page: str
    workbook: bytes
    before: int  # the version that counts already; 0 for none

    def hand_in(self) -> tuple[float, float, int]:
        """Seconds until she reads what the check found, and until it is taken over; the status."""
        begun, name = time.monotonic(), "自查.xlsx"
        form = self.page + "upload/"
        sent = self.reader.post(form, {"file": (name, self.workbook)})
        if sent.status != 302:
            return sent.came - begun, 0.0, sent.status
        read = self.reader.get(sent.location)
        found = read.came - begun
        taken = self._take_over(sent.location) if read.status == 200 else read
        return found, taken.came - read.came, taken.status

    def _take_over(self, address: str) -> Answer:
        answer = self.reader.post(address, counts=str(self.before))
        return self.reader.get(answer.location) if answer.status == 302 else answer


@dataclass(frozen=True, slots=True)
class Rush:
    """``answers`` and ``taken`` are seconds of each; ``bad`` is what was answered otherwise."""

    since: float
    until: float
    answers: Sequence[float]
    taken: Sequence[float]
    bad: Sequence[int]


def clerks(place: Place, most: int = 0) -> list[Clerk]:
    """Each has signed in and filled in the workbook of her unit's open year; 41, or ``most``."""
    year, made = place.year + 1, place.made
    told = made.python(OPEN.format(year=year, most=most or _asked()[0], folder=made.folder))
    found = []
    for number, (unit, before) in enumerate(line.split() for line in told.splitlines()):
        reader = place.reader(FIRST + number, unit)
        reader.sign_in(f"officer_{unit}", made.password)
        book = (made.folder / f"{number}.xlsx").read_bytes()
        found.append(Clerk(reader, f"/self-checks/{unit}-{year}/", book, int(before)))
    return found


def rush(people: Sequence[Clerk], after: float, seconds: float = 0) -> Rush:
    """One after another, evenly over the time, whatever becomes of those before."""
    time.sleep(after)
    since, seconds = time.monotonic(), seconds or _asked()[1]
    with ThreadPoolExecutor(len(people)) as threads:
        sent = []
        for number, clerk in enumerate(people):
            time.sleep(max(0.0, since + number * seconds / len(people) - time.monotonic()))
            sent.append(threads.submit(clerk.hand_in))
    done = [each.result() for each in sent]
    bad = [status for *_times, status in done if status != 200]
    return Rush(since, time.monotonic(), [d[0] for d in done], [d[1] for d in done], bad)


def _asked() -> tuple[int, float]:
    found = tomllib.loads(MIX.read_text(encoding="utf-8"))["uploads"]
    return found["count"], found["seconds"]
