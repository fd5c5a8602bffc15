"""How many readers does a second of the server's processor serve, beside another state of it?

Run with ``BASE=FOLDER python -m benchmarks.readers``, where FOLDER is a clone of the other state,
with a ``.venv`` of its own if it needs one. Both serve the same demonstration data through nginx,
turn by turn; counted is the processor time of web server and PostgreSQL, without nginx and client.
Then the mix of ``drills/mix.toml``: all that some lines can ask, counted alike and by the clock,
and ours at 70 % of what the clock saw.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from statistics import median

from drills.load_parts import usage
from drills.load_parts.crowd import Crowd, Seen, part
from drills.load_parts.place import Place, one_machine
from tests.source import ROOT

ROUNDS, SECONDS, LINES = 3, 2.0, 4  # of each address
MIXED, SHARE = 40.0, 0.7
WARM = 20  # seconds: every unit's page and lists are kept by every process
DEMO = ("--years", "1", "--schools", "12")
ADDRESSES = {
    **{path: False for path in ("/", "/en/", "/roadmap/", "/districts/500151/", "/indicators/")},
    **{
        f"/api/v1/{name}/": False
        for name in ("progress", "districts", "phases", "schedule", "certifications", "indicators")
    },
    "/api/v1/progress/?basis=plan": True,
}
Spent = tuple[int, float]  # answers, processor seconds of the server


def spent(place: Place, ask: Callable[[], int]) -> Spent:
    """What so many answers took of the server."""
    serving = [place.leaders["web-1"], place.leaders["primary"]]
    before = usage.seconds(serving)
    count = ask()
    return count, usage.seconds(serving) - before


def reading(place: Place, path: str, again: bool) -> Callable[[], int]:
    """One reader after another, for a while; with the tag of what she has when ``again``."""
    readers = [place.reader(500 + number) for number in range(LINES * 8)]

    def ask() -> int:
        until, count = time.monotonic() + SECONDS, 0
        for reader in cycle(readers):
            if time.monotonic() > until:
                return count
            status = reader.get(path, again=again).status
            assert status in (200, 304), (path, status)
            count += 1
        return count

    return ask


def main() -> int:
    base = os.environ.get("BASE", "")
    if not base:
        print("与另一份代码比较:BASE=目录 make bench")
        return 0
    trees = {"base": Path(base).resolve(), "ours": ROOT}
    with ExitStack() as stack:
        places = {
            name: stack.enter_context(one_machine(*DEMO, code=tree)) for name, tree in trees.items()
        }
        print(f"{'processor ms of the server for one answer':<48}{'base':>9}{'ours':>9}{'×':>8}")
        for path, again in ADDRESSES.items():
            compare(places, path, again)
        mixed(places)
    return 0


def compare(places: dict[str, Place], path: str, again: bool) -> None:
    asking = {name: reading(place, path, again) for name, place in places.items()}
    found: dict[str, list[float]] = {name: [] for name in places}
    for round_ in range(ROUNDS + 1):
        for name, place in places.items():
            count, seconds = spent(place, asking[name])
            if round_:  # the first warms up
                found[name].append(seconds / count * 1000)
    before, after = (median(found[name]) for name in places)
    label = f"{path}{' 304' if again else ''}"
    print(f"{label:<48}{before:>9.2f}{after:>9.2f}{before / after:>8.1f}", flush=True)


def mixed(places: dict[str, Place]) -> None:
    crowds = {name: Crowd(place) for name, place in places.items()}
    rates = {name: saturated(name, place, crowds[name]) for name, place in places.items()}
    (was_by_clock, was), (by_clock, now) = rates["base"], rates["ours"]
    seen = crowds["ours"].ask(MIXED, by_clock * SHARE)
    print(
        f"mix: × {now / was:.1f} for a processor second of the server;"
        f" × {by_clock / was_by_clock:.1f} by the clock, on processors that nginx and the client"
        f" use, too; ours at {SHARE:.0%} of what the clock saw:"
        f" p95 {part([each.took for each in seen], 0.95):.0f} ms"
    )


def saturated(name: str, place: Place, crowd: Crowd) -> tuple[float, float]:
    """Answers a second by the clock, and for a processor second of the server."""
    seen: list[Seen] = []

    def ask() -> int:
        seen.extend(crowd.saturate(MIXED, LINES))
        return len(seen)

    crowd.saturate(WARM, LINES)
    client = time.process_time()
    count, seconds = spent(place, ask)
    client = (time.process_time() - client) / MIXED
    print(
        f"mix, {name}: {count / MIXED:.0f} answers/s, {count / seconds:.0f} for a processor second"
        f" of the server; client {client:.2f} processors;"
        f" p95 {part([each.took for each in seen], 0.95):.0f} ms;"
        f" {sum(not each.is_well for each in seen)} bad",
        flush=True,
    )
    return count / MIXED, count / seconds


if __name__ == "__main__":
    sys.exit(main())
