"""Half an hour of mixed load, a workbook now and then: the portal's memory does not grow."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from drills.load import SMALL, WHOLE, errors, memory_of, p95
from drills.load_parts.crowd import Crowd
from drills.load_parts.place import Place, one_machine
from drills.load_parts.rush import clerks, rush
from rest.trouble import NOT_NOW

ROWS = (86,)
MINUTES, RATE = 30.0, 25.0
EVERY, LAST = 10.0, 0.2  # seconds between two looks; the second and the last fifth are compared
MOST_GROWTH = 0.1


def run(share: float) -> dict[str, object]:
    is_whole, seconds = share == 1, MINUTES * 60 * share
    with one_machine(*(WHOLE if is_whole else SMALL)) as place:
        told, growth = soak(place, seconds, 0 if is_whole else 2)
    assert not is_whole or max(growth) <= MOST_GROWTH, told
    return told


def soak(place: Place, seconds: float, most: int) -> tuple[dict[str, object], list[float]]:
    """Memory of nginx, portal and database after warming up and at the end: medians of a while."""
    crowd, people = Crowd(place), clerks(place, most)
    every = min(EVERY, seconds / 10)
    with ThreadPoolExecutor(2) as beside:
        watching = beside.submit(watch, place, seconds, every)
        handing = beside.submit(rush, people, seconds * 0.02, seconds * 0.9)
        seen = crowd.ask(seconds, RATE)
        looks, handed = watching.result(), handing.result()
    some, half = round(len(looks) * LAST), len(seen) // 2
    told: dict[str, object] = {"requests": len(seen), "uploads": len(handed.answers)}
    growth = []
    for name in looks[0]:
        all_ = [look[name] for look in looks]
        before, after = median(all_[some : 2 * some]), median(all_[-some:])
        growth.append(after / before - 1)
        told[f"{name}, MB"] = f"{before:.0f} → {after:.0f} ({growth[-1]:+.1%})"
        print(name, *(f"{megabytes:.0f}" for megabytes in all_), flush=True)
    told["p95 in ms, first and second half"] = f"{p95(seen[:half]):.0f}, {p95(seen[half:]):.0f}"
    told["errors"] = f"{errors(seen):.2%}"
    assert set(handed.bad) <= {NOT_NOW}, (handed.bad, told)
    return told, growth


def watch(place: Place, seconds: float, every: float) -> list[dict[str, float]]:
    until, looks = time.monotonic() + seconds, []
    while time.monotonic() < until:
        looks.append(memory_of(place))
        time.sleep(every)
    return looks
