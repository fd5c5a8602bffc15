"""What processes use of the machine, read from Linux: processor seconds and memory."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds(leaders: Iterable[int]) -> float:
    """Processor time of processes and all that they started, also of what has ended since."""
    return sum(sum(map(int, fields[11:15])) for fields in _families(leaders).values()) / TICKS


def megabytes(leaders: Iterable[int]) -> float:
    """Memory that is theirs; of what several share a part is counted for each."""
    total = 0
    for process in _families(leaders):
        with suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _families(leaders: Iterable[int]) -> dict[int, list[str]]:
    """Each process with its line in ``stat`` from the third field on."""
    everyone: dict[int, list[str]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            everyone[int(place.parent.name)] = place.read_text().rpartition(")")[2].split()
    found, new = {}, set(leaders) & everyone.keys()
    while new:
        found |= {process: everyone[process] for process in new}
        new = {process for process, fields in everyone.items() if int(fields[1]) in new}
    return found
