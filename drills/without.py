"""The core journeys in a browser after Redis has died, while the mail server is away and nobody
works on the queue: J1 to J6 end as they always do."""

import json
import shutil
import subprocess
import tempfile

from drills.suite import run_tests
from tests.journeys.portal import DIES, SETTINGS, WORDS, free_port
from tests.journeys.visitor import browser_path

ROWS = (79,)
REDIS = "redis-server"
FILES = ("tests/journeys/test_j1_j2_bureau.py", "tests/journeys/test_j3_correcting.py")
FILES += ("tests/journeys/test_j5_j6_review.py",)  # J4 is the signature in the first


def missing() -> str:
    return REDIS if not shutil.which(REDIS) else "" if browser_path() else "Chromium"


def run(share: float) -> dict[str, object]:
    port = free_port()  # a portal does not start without the Redis of its settings
    away = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "EMAIL_URL": "smtp://127.0.0.1:1"}
    chosen = "not barriers" if share == 1 else "j1_a_clean"
    with tempfile.TemporaryDirectory() as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with subprocess.Popen([REDIS, *options], stdout=subprocess.DEVNULL) as redis:
            stopped = {SETTINGS: json.dumps(away), WORDS: "--no-work", DIES: str(redis.pid)}
            try:
                counts = run_tests(*FILES, "-k", chosen, **stopped)
            finally:
                redis.kill()
    return {"away": "Redis, mail, worker", "journeys": counts["passed"], "failed": 0}
