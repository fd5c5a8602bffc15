"""Runs tests of the suite at the scale of a drill and says how much they did."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from drills.counting import PLACE
from tests.source import ROOT


def run_tests(*words: str, times: int = 1, database: str = "", **outside: str) -> dict[str, int]:
    """What was counted; each random test does so many times as much as in the suite. ``outside``
    are variables of the environment.

    Raises AssertionError when a test failed, was skipped or when none ran.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "counts.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "drills.counting", "-x"]
        command += ["-p", "no:cacheprovider", f"--times={times}", *words]
        environment = {**os.environ, PLACE: str(place), "DATABASE_URL": database, **outside}
        done = subprocess.run(command, cwd=ROOT, env=environment)
        assert done.returncode == 0, f"pytest ended with {done.returncode}"
        counts: dict[str, int] = json.loads(place.read_text())
    assert counts.get("passed"), "no test ran"
    assert not counts.get("skipped"), f"{counts['skipped']} tests were skipped"
    return counts
