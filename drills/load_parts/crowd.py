"""A crowd that asks for the mix of ``drills/mix.toml``, at a rate of its own or all it can."""

import random
import time
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from queue import SimpleQueue

from drills.load_parts.place import Place
from drills.load_parts.reader import Reader
from tests.source import ROOT

MIX = ROOT / "drills/mix.toml"
PUBLIC, SIGNED_IN, THREADS = 150, 24, 250  # readers of each sort; who are busy at once
ALIKE = 8  # with one account: it is signed in at ten places at most


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    parts: int
    addresses: tuple[str, ...]
    who: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """``took`` counts from the moment the reader wanted it, not from when we came to ask."""

    kind: str
    due: float
    took: float
    status: int

    @property
    def is_well(self) -> bool:
        return self.status in (200, 304)


def mix() -> tuple[Asked, ...]:
    found = tomllib.loads(MIX.read_text(encoding="utf-8"))["asked"]
    return tuple(Asked(**{**row, "addresses": tuple(row["addresses"])}) for row in found)


class Crowd:
    def __init__(self, place: Place, seed: int = 1) -> None:
        self.place, self.chance, self.asked = place, random.Random(seed), mix()
        self.wanted = {asked.kind: self._addresses(asked) for asked in self.asked}
        self.public: SimpleQueue[Reader] = SimpleQueue()
        for number in range(PUBLIC):
            self.public.put(place.reader(number))
        self.readers = {asked.kind: self._people(asked) for asked in self.asked}

    def _addresses(self, asked: Asked) -> Iterator[str]:
        units = cycle(self.place.units)
        return (
            (address.replace("{unit}", next(units)) for address in cycle(asked.addresses))
            if not asked.who
            else cycle(asked.addresses)
        )

    def _people(self, asked: Asked) -> "SimpleQueue[Reader]":
        if not asked.who:
            return self.public
        people: SimpleQueue[Reader] = SimpleQueue()
        many = SIGNED_IN if "{unit}" in asked.who else ALIKE
        for number, unit in zip(range(many), cycle(self.place.units), strict=False):
            reader = self.place.reader(PUBLIC + number, unit)
            reader.sign_in(asked.who.format(unit=unit), self.place.made.password)
            people.put(reader)
        return people

    def ask(self, seconds: float, rate: float) -> list[Seen]:
        """At random moments, so many a second; all have been answered when this returns."""
        kinds = [asked.kind for asked in self.asked]
        parts = [asked.parts for asked in self.asked]
        begun = due = time.monotonic()
        visits: list[Future[Seen]] = []
        with ThreadPoolExecutor(THREADS) as threads:
            while (due := due + self.chance.expovariate(rate)) < begun + seconds:
                time.sleep(max(0.0, due - time.monotonic()))
                kind = self.chance.choices(kinds, parts)[0]
                visits.append(threads.submit(self._visit, kind, next(self.wanted[kind]), due))
        return [visit.result() for visit in visits]

    def saturate(self, seconds: float, lines: int) -> list[Seen]:
        """Each line asks for the next thing as soon as it has been answered."""
        kinds = [asked.kind for asked in self.asked for _part in range(asked.parts)]
        self.chance.shuffle(kinds)
        wanted, until = cycle(kinds), time.monotonic() + seconds

        def visits(_line: int) -> list[Seen]:
            seen = []
            while (now := time.monotonic()) < until:
                kind = next(wanted)
                seen.append(self._visit(kind, next(self.wanted[kind]), now))
            return seen

        with ThreadPoolExecutor(lines) as threads:
            return [each for some in threads.map(visits, range(lines)) for each in some]

    def _visit(self, kind: str, address: str, due: float) -> Seen:
        reader = self.readers[kind].get()
        try:
            path = address.format(unit=reader.unit, year=self.place.year)
            answer = reader.get(path, again=kind == "again")
        finally:
            self.readers[kind].put(reader)
        return Seen(kind, due, answer.came - due, answer.status)


def part(times: Iterable[float], share: float) -> float:
    """The time that this share of them does not exceed; in milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000
