"""How many readers does a second of the server's processor serve, beside another state of it?

Run with ``BASE=FOLDER python -m benchmarks.readers``, where FOLDER is a clone of the other state,
with a ``.venv`` of its own if it needs one. Both serve the same demonstration data through nginx,
turn by turn; counted is the processor time of web server and PostgreSQL, without nginx and client.
Then alike what people see who have signed in, each address of theirs in ``drills/mix.toml`` that
both have. Then that mix: all that some lines can ask, counted alike and by the clock, and how long
ours lets wait at 70 % of what it was asked to reach, and of what the clock saw.
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
from drills.load_parts.crowd import Asked, Crowd, Seen, mix, part
from drills.load_parts.place import Place, one_machine
from drills.load_parts.reader import Reader
from tests.source import ROOT

ROUNDS, SECONDS, LINES = 3, 2.0, 4  # of each address
MIXED, SHARE = 40.0, 0.7
REACHED = 130  # requests of the mix a second that were asked for
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
BOARD = "/admin/selfchecks/selfcheck/board/"
Spent = tuple[int, float]  # answers, processor seconds of the server


def spent(place: Place, ask: Callable[[], int]) -> Spent:
    """What so many answers took of the server."""
    serving = [place.leaders["web-1"], place.leaders["primary"]]
    before = usage.seconds(serving)
    count = ask()
    return count, usage.seconds(serving) - before


def reading(
    place: Place, path: str, readers: list[Reader], again: bool = False
) -> Callable[[], int]:
    """One reader after another, for a while; with the tag of what she has when ``again``."""

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
            label = f"{path}{' 304' if again else ''}"
            crowds = {name: strangers(place) for name, place in places.items()}
            asking = {n: reading(places[n], path, of, again) for n, of in crowds.items()}
            compare(places, label, asking)
        for asked in mix():
            if asked.who:
                signed_in(places, asked)
        mixed(places)
    return 0


def strangers(place: Place) -> list[Reader]:
    return [place.reader(500 + number) for number in range(LINES * 8)]


def signed_in(places: dict[str, Place], asked: Asked) -> None:
    """One person at each place, from several addresses, each of which may ask only so often; what
    the other state does not have is left out."""
    people = {}
    for name, place in places.items():
        people[name] = [place.reader(900 + line, place.units[0]) for line in range(LINES)]
        who = asked.who.format(unit=place.units[0])
        for reader in people[name]:
            reader.sign_in(who, place.made.password)
    for address in (*asked.addresses, *([BOARD] if asked.kind == "city" else [])):
        paths = {
            name: address.format(unit=place.units[0], year=place.year)
            for name, place in places.items()
        }
        if people["base"][0].get(paths["base"]).status == 200:
            asking = {n: reading(places[n], paths[n], of) for n, of in people.items()}
            compare(places, address, asking)


def compare(places: dict[str, Place], label: str, asking: dict[str, Callable[[], int]]) -> None:
    found: dict[str, list[float]] = {name: [] for name in places}
    for round_ in range(ROUNDS + 1):
        for name, place in places.items():
            count, seconds = spent(place, asking[name])
            if round_:  # the first warms up
                found[name].append(seconds / count * 1000)
    before, after = (median(found[name]) for name in places)
    print(f"{label:<48}{before:>9.2f}{after:>9.2f}{before / after:>8.1f}", flush=True)


def mixed(places: dict[str, Place]) -> None:
    crowds = {name: Crowd(place) for name, place in places.items()}
    rates = {name: saturated(name, place, crowds[name]) for name, place in places.items()}
    (was_by_clock, was), (by_clock, now) = rates["base"], rates["ours"]
    print(
        f"mix: × {now / was:.1f} for a processor second of the server;"
        f" × {by_clock / was_by_clock:.1f} by the clock, on processors that nginx and the client"
        " use, too"
    )
    for rate in (REACHED * SHARE, by_clock * SHARE):
        seen = crowds["ours"].ask(MIXED, rate)
        waited = part([each.took for each in seen], 0.95)
        print(f"mix, ours at {rate:.0f} requests/s: p95 {waited:.0f} ms", flush=True)


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
