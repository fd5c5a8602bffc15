"""What do scenarios cost? A district as reported beside five thoughts of it, judged whole.

Run with ``python -m benchmarks.scenarios``. Processor time, medians.
"""

from statistics import median
from time import process_time

from benchmarks.samples import make_payload
from improvement.scenario.changes import apply_changes, read_changes
from improvement.scenario.comparing import judge
from improvement.scenario.examples import examples
from indicators.calculation.rules_2017 import STANDARD_2017 as RULES

SIZES, ROUNDS = (122, 300), 5


def main() -> None:
    for size in SIZES:
        payload = make_payload(size)
        found = [(name, read_changes(changes)) for name, changes in examples(payload)]
        for name, changes in (("填报的数据", ()), *found):
            spent = []
            for _round in range(ROUNDS):
                started = process_time()
                side = judge(apply_changes(payload, changes), RULES)
                spent.append(process_time() - started)
            met = side.outcome.part_a.units["met"]
            told = f"{met} 个单元 units met, {side.outcome.part_a.dispersion['met']} / 14 CV met"
            print(f"{size} 所 {name}: {median(spent) * 1000:.0f} ms CPU, {told}", flush=True)


if __name__ == "__main__":
    main()
