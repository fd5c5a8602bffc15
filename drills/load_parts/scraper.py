"""Somebody who takes all she can get from one address: days, tables and searches of her own, which
nothing that is kept can answer."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from drills.load_parts.place import Place

LINES = 12  # connections at once
AWAY = 0.02  # seconds of a round trip; without it her own work would take the machine from readers
ADDRESS = 400  # hers
WANTED = (
    "/?as_of={day}",
    "/roadmap/?as_of={day}",
    "/api/v1/districts/?format=xlsx&as_of={day}",
    "/api/v1/progress/?as_of={day}",
    "/api/v1/districts/?as_of={day}&format=csv",
)


@dataclass(frozen=True, slots=True)
class Scraped:
    since: float
    until: float
    answers: Counter[int]

    @property
    def told(self) -> str:
        return ", ".join(f"{status} {n} times" for status, n in sorted(self.answers.items()))


def scrape(place: Place, after: float, seconds: float) -> Scraped:
    time.sleep(after)
    since, numbers, answers = time.monotonic(), count(), Counter[int]()

    def take(_line: int) -> None:
        reader = place.reader(ADDRESS)
        while time.monotonic() < since + seconds:
            number = next(numbers)
            day = date(2024, 1, 1) + timedelta(days=number % 900)
            time.sleep(AWAY)
            answers[reader.get(WANTED[number % len(WANTED)].format(day=day)).status] += 1

    with ThreadPoolExecutor(LINES) as lines:
        list(lines.map(take, range(LINES)))
    return Scraped(since, time.monotonic(), answers)
