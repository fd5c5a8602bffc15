"""What does the whole city lack? From 41 stored outcomes to every school, measure and coefficient.

Run with ``python -m benchmarks.shortfalls``. Processor time, medians; the wanted limit is 300 ms.
"""

import gc
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import process_time
from typing import Any

import orjson

from benchmarks.samples import make_payload
from improvement.shortfall.lacking import AIMS, Shortfalls, find_shortfalls
from improvement.shortfall.money import KINDS, bill, total
from indicators.calculation.evaluate import evaluate_json
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules_2017 import STANDARD_2017 as RULES
from indicators.calculation.scheme import RATIOS, STAGES

UNITS, SCHOOLS, ROUNDS = 41, 122, 7
WEAK = 8  # twice the part of the units that lacks something in the demonstration
ENOUGH = 5
COUNTED = {name for ratio in RATIOS for stage in STAGES for name in ratio.inputs_in(stage)} | {
    *("teachers", "teachers_certified", "teachers_trained")
}
PRICES = dict.fromkeys(KINDS, Decimal(100))


def cost(call: Callable[[], Any]) -> float:
    """Median processor time in milliseconds."""
    times = []
    for _round in range(ROUNDS):
        started = process_time()
        call()
        times.append(process_time() - started)
    return median(times) * 1000


def read(stored: list[bytes]) -> list[Outcome]:
    return [Outcome.from_json(orjson.loads(text)) for text in stored]


def find(outcomes: list[Outcome]) -> list[Shortfalls]:
    return [find_shortfalls(outcome, RULES, PRICES) for outcome in outcomes]


def add(found: list[Shortfalls]) -> None:
    """Per indicator, measure and money, of each unit and the city."""
    for aim in AIMS:
        of_units = [each.measures(aim) for each in found]
        for each, measures in zip(found, of_units, strict=True):
            each.indicators(aim)
            bill(measures, PRICES)
        bill(total(of_units), PRICES)


def widest(outcomes: list[Outcome]) -> list[tuple[str, str, str]]:
    """The unit with the largest share of every coefficient."""
    found = []
    for outcome in outcomes:
        cells = [
            (unit.stage, code, cell["share"], unit.school_code)
            for unit in outcome.units
            for code, cell in unit.indicators.items()
            if cell["share"]
        ]
        largest: dict[tuple[str, str], tuple[str, str]] = {}
        for stage, code, share, school in cells:
            key = stage, code
            largest[key] = max(largest.get(key, ("", "")), (share, school))
        found += [(stage, code, school) for (stage, code), (_s, school) in largest.items()]
    return found


def provided(school: dict[str, Any]) -> dict[str, Any]:
    """The same school with enough of everything part A counts."""
    rich = {name: str(Decimal(str(school[name])) * ENOUGH) for name in school if name in COUNTED}
    return {**school, **rich}


def stored_outcomes(weak: int) -> list[bytes]:
    """Of the city's units, ``weak`` of which have schools that lack all sorts of things."""
    payload = make_payload(SCHOOLS)
    sound = {**payload, "schools": [provided(school) for school in payload["schools"]]}
    return [evaluate_json(payload if unit < weak else sound) for unit in range(UNITS)]


def main() -> None:
    gc.disable()  # as the city's board does
    print(f"{UNITS} units, {UNITS * SCHOOLS:,} schools")
    for weak in (WEAK, UNITS):
        stored = stored_outcomes(weak)
        outcomes, found = read(stored), find(read(stored))
        lacking = sum(len(each.schools) for each in found)
        steps = {
            "读出 read": lambda stored=stored: read(stored),
            "还差什么 shortfalls": lambda outcomes=outcomes: find(outcomes),
            "合计 sums": lambda found=found: add(found),
            "占离差 shares": lambda outcomes=outcomes: widest(outcomes),
        }
        times = {name: cost(call) for name, call in steps.items()}
        told = ", ".join(f"{name} {spent:.0f}" for name, spent in times.items())
        print(
            f"{weak} 个区县 units, {lacking:,} 所学校 schools lack something: "
            f"{sum(times.values()):.0f} ms CPU ({told})",
            flush=True,
        )


if __name__ == "__main__":
    main()
