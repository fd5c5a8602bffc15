"""A busy last day on one machine: the mix of ``drills/mix.toml``, every unit's workbook within a
minute, and later somebody who takes all she can get; prints what readers and clerks waited.

python -m drills.load [--minutes 1] [--rate 50] [--soak 30]     (``make load ARGS=…``)
"""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from drills.load_parts import usage
from drills.load_parts.crowd import Crowd, Seen, part
from drills.load_parts.place import Place, one_machine
from drills.load_parts.rush import TAKEN, Rush, clerks, rush
from drills.load_parts.scraper import Scraped, scrape
from rest.trouble import NOT_NOW

ROWS = (52, 85)
MINUTES, RATE = 10.0, 100.0
MOST_MS, MOST_ERRORS, MOST_SECONDS = 200, 0.001, 60
WHOLE, SMALL = ("--years=2",), ("--districts", "500106", "500151", "--schools=12", "--years=1")
RUSH_AT, SCRAPED_FROM = 0.1, 0.6  # shares of the time


@dataclass(frozen=True, slots=True)
class Loaded:
    seen: Sequence[Seen]
    rush: Rush
    scraped: Scraped
    processor: dict[str, float]  # of a second: the share each part took of one processor
    memory: dict[str, float]

    def between(self, since: float, until: float) -> list[Seen]:
        return [each for each in self.seen if since <= each.due < until]


def load(place: Place, seconds: float, rate: float, small: bool = False) -> Loaded:
    """The crowd goes on whatever clerks and scraper do; ``small`` has two clerks."""
    crowd, people = Crowd(place), clerks(place, 2 * small)
    minute = seconds / 3 * small
    crowd.ask(5, 20)  # what every process makes once
    before = _processor(place)
    with ThreadPoolExecutor(2) as beside:
        rushing = beside.submit(rush, people, seconds * RUSH_AT, minute)
        scraping = beside.submit(scrape, place, seconds * SCRAPED_FROM, seconds * 0.2)
        seen = crowd.ask(seconds, rate)
        rushed, scraped = rushing.result(), scraping.result()
    spent = {name: (now - before[name]) / seconds for name, now in _processor(place).items()}
    kept = int(place.made.python(TAKEN.format(year=place.year + 1)))
    assert kept == len(people) - len(rushed.bad), f"{kept} workbooks were taken over"
    return Loaded(seen, rushed, scraped, spent, memory_of(place))


def _processor(place: Place) -> dict[str, float]:
    parts = {name: usage.seconds([leader]) for name, leader in place.leaders.items()}
    return {**parts, "client": time.process_time()}


def memory_of(place: Place) -> dict[str, float]:
    return {name: usage.megabytes([leader]) for name, leader in place.leaders.items()}


def run(share: float) -> dict[str, object]:
    """A share is of the time, with fewer units and readers; only all of it is timed."""
    is_whole, seconds = share == 1, MINUTES * 60 * share
    with one_machine(*(WHOLE if is_whole else SMALL)) as place:
        loaded = load(place, seconds, RATE) if is_whole else load(place, seconds, 20, small=True)
    told = figures(loaded)
    print_all(loaded)
    odd = {each.status for each in loaded.seen if not each.is_well} | set(loaded.rush.bad)
    assert odd <= {NOT_NOW}, odd  # a machine that is busy otherwise sends people away
    if is_whole:
        assert not loaded.rush.bad, told
        assert errors(loaded.seen) < MOST_ERRORS, told
        assert p95(loaded.seen) <= MOST_MS, told
        assert p95(loaded.between(loaded.scraped.since, loaded.scraped.until)) <= MOST_MS, told
        assert max(loaded.rush.answers) <= MOST_SECONDS, told
    return told


def errors(seen: Sequence[Seen]) -> float:
    return sum(not each.is_well for each in seen) / len(seen)


def p95(seen: Sequence[Seen]) -> float:
    return part([each.took for each in seen], 0.95)


def figures(loaded: Loaded) -> dict[str, object]:
    seen, done, by = loaded.seen, loaded.rush, loaded.scraped
    during = loaded.between(done.since, done.until)
    scraped = loaded.between(by.since, by.until)
    calm = [each for each in seen if each.due < min(done.since, by.since)]
    ours = {name: spent for name, spent in loaded.processor.items() if name != "client"}
    times = [each.took for each in seen]
    return {
        "requests": len(seen),
        "p50, p95, p99 in ms": ", ".join(f"{part(times, s):.0f}" for s in (0.5, 0.95, 0.99)),
        "errors": f"{errors(seen):.2%}",
        "uploads": len(done.answers),
        "their answers, median and longest in s": f"{median(done.answers):.1f}, "
        f"{max(done.answers):.1f}",
        "taken over after, longest in s": f"{max(done.taken):.1f}",
        "p95 beside uploads": f"{p95(during):.0f} ms",
        "p95 before": f"{p95(calm):.0f} ms",
        "p95 beside a scraper": f"{p95(scraped):.0f} ms",
        "she got": by.told,
        "processors used by the server": f"{sum(ours.values()):.2f}",
        "by the client": f"{loaded.processor['client']:.2f}",
        "memory": f"{sum(loaded.memory.values()):.0f} MB",
    }


def print_all(loaded: Loaded) -> None:
    print(f"{'':<12}{'requests':>9}{'p50 ms':>9}{'p95':>9}{'p99':>9}{'worst':>9}{'bad':>6}")
    for kind in sorted({each.kind for each in loaded.seen}):
        mine = [each for each in loaded.seen if each.kind == kind]
        times = [each.took for each in mine]
        cells = "".join(f"{part(times, s):>9.0f}" for s in (0.5, 0.95, 0.99, 1))
        print(f"{kind:<12}{len(mine):>9}{cells}{sum(not e.is_well for e in mine):>6}")
    print("answers to uploads, s:", " ".join(f"{s:.1f}" for s in sorted(loaded.rush.answers)))
    for name, spent in loaded.processor.items():
        print(f"{name:<12}{spent:>6.2f} processors{loaded.memory.get(name, 0):>8.0f} MB")
    for what, figure in figures(loaded).items():
        print(f"{what}: {figure}", flush=True)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, prog="python -m drills.load")
    asked.add_argument("--minutes", type=float, default=MINUTES)
    asked.add_argument("--rate", type=float, default=RATE, help="requests a second")
    asked.add_argument("--soak", type=float, metavar="MINUTES", help="watch memory for so long")
    given = asked.parse_args()
    if given.soak:
        from drills import soak

        print(soak.run(given.soak / soak.MINUTES))
        return 0
    with one_machine(*WHOLE) as place:
        print_all(load(place, given.minutes * 60, given.rate))
    return 0


if __name__ == "__main__":
    sys.exit(main())
