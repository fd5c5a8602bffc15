"""Damaged and twisted workbooks, three thousand and more, and three hundred over the upload page:
read, reported or refused."""

from drills.suite import run_tests
from tests.selfchecks.workbook import test_fuzz as fuzz

ROWS = (20,)
TIMES = 6
SEEDS = 2 * fuzz.ROUNDS + 4  # of bytes, of XML and of text
FILES = ("tests/selfchecks/workbook/test_fuzz.py", "tests/selfchecks/test_pages_fuzz.py")


def run(share: float) -> dict[str, object]:
    times = max(1, round(TIMES * share))
    counts = run_tests(*FILES, "--durations=1", times=times)
    files, sent = SEEDS * fuzz.PER_ROUND * times, fuzz.SENT_SEEDS * fuzz.SENT_EACH * times
    broken = counts["answers of 500 and more but 503, 507"]
    assert not broken, f"{broken} answers of 500"
    assert share < 1 or (files >= 3000 and sent >= 300)
    return {"workbooks": files, "over HTTP": sent, "unforeseen errors": broken}
