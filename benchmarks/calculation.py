"""How fast is part A? Ours beside fractions, plain Python, SQL, bare NumPy and a spreadsheet.

Run with ``python -m benchmarks.calculation``. Prints one table of medians and writes nothing into
the tree. Same random columns for everyone; what each contender does is said in its line.
"""

import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.contenders import CONTENDERS, Skipped
from benchmarks.samples import Sample, make_payload, make_sample

SIZES = (("区县 district", 300, 1), ("全市 city", 5_000, 41), ("全国 nation", 200_000, 2_850))


@dataclass
class Measured:
    """Medians over the runs, by the clock and of this process, and the peak of one run in MB."""

    seconds: float
    own_seconds: float
    runs: int
    peak: float | None


def measure(call: Callable[[], object], budget: float = 3.0, most: int = 15) -> Measured:
    """Repeat within a time budget: at least once, one warm-up when there is time for it."""
    times: list[float] = []
    own: list[float] = []
    while len(times) < 2 or (sum(times) < budget and len(times) < most):
        gc.collect()
        started, busy = time.perf_counter(), time.process_time()
        call()
        times.append(time.perf_counter() - started)
        own.append(time.process_time() - busy)
        if times[0] > budget:
            break
    kept = times[1:] or times
    return Measured(median(kept), median(own[1:] or own), len(kept), None)


def peak_of(call: Callable[[], object]) -> float:
    """Peak of memory allocated during one call, in MB."""
    gc.collect()
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def run_contender(name: str, sample: Sample) -> Measured | str:
    """Prepare outside the clock, then measure; a reason when it cannot run here."""
    try:
        with CONTENDERS[name].prepare(sample) as call:
            found = measure(call)
            if CONTENDERS[name].in_process and found.seconds < 20:
                found.peak = peak_of(call)
            return found
    except Skipped as reason:
        return str(reason)


def show_size(label: str, schools: int, districts: int) -> None:
    """One block of the table: every contender on one size."""
    sample = make_sample(schools, districts)
    print(f"\n{label}: {schools:,} schools, {len(sample.units):,} units, {districts:,} districts")
    print(f"{'':44}{'median ms':>12}{'own CPU ms':>12}{'× ours':>10}{'runs':>6}{'peak MB':>9}")
    ours: float | None = None
    for name, contender in CONTENDERS.items():
        found = run_contender(name, sample)
        if isinstance(found, str):
            print(f"{contender.label:44}{found}")
            continue
        ours = ours or found.seconds
        peak = "–" if found.peak is None else f"{found.peak:.1f}"
        ratio = found.seconds / ours
        own = f"{found.own_seconds * 1e3:12.2f}" if contender.in_process else f"{'–':>12}"
        line = f"{found.seconds * 1e3:12.2f}{own}{ratio:10.2f}{found.runs:6}{peak:>9}"
        print(f"{contender.label:44}{line}", flush=True)


def show_whole_results() -> None:
    """The whole evaluation from payload to JSON: intake, parts A–D, working, digest."""
    from indicators.calculation.evaluate import evaluate, evaluate_json

    heads = f"{'median ms':>12}{'own CPU ms':>12}{'runs':>6}{'peak MB':>9}"
    print(f"\n{'whole result, payload → answer':44}{heads}")
    for schools in (300, 5_000):
        payload = make_payload(schools)
        for label, call in (
            (
                "evaluate() + json.dumps",
                lambda payload=payload: json.dumps(evaluate(payload).as_dict()),
            ),
            ("evaluate_json()", lambda payload=payload: evaluate_json(payload)),
        ):
            found = measure(call, budget=6.0)
            line = f"{found.seconds * 1e3:12.1f}{found.own_seconds * 1e3:12.1f}{found.runs:6}"
            title = f"{schools:,} schools: {label}"
            print(f"{title:44}{line}{peak_of(call):9.1f}", flush=True)


def main() -> None:
    """Print the table; sizes may be named: district, city, nation."""
    wanted = sys.argv[1:]
    print(
        f"Python {sys.version.split()[0]} on {sys.platform}; medians; part A unless said otherwise"
    )
    for label, schools, districts in SIZES:
        if not wanted or any(word in label for word in wanted):
            show_size(label, schools, districts)
    show_whole_results()


if __name__ == "__main__":
    main()
