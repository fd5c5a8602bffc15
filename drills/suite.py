"""Runs tests of the suite at the scale of a drill and says how much they did."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from drills.counting import PLACE
from drills.register import git
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


def by_piece(name: str, pieces: Iterable[str], do: Callable[[str], dict[str, int]]) -> Counter[str]:
    """What was counted of all pieces together; stopped, it goes on with those that were not
    finished on this commit."""
    place, commit = ROOT / f"var/drills/{name}.json", git("rev-parse", "HEAD")
    before = json.loads(place.read_text()) if place.exists() else {}
    finished: dict[str, dict[str, int]] = before.get(commit, {})
    for piece in pieces:
        if piece not in finished:
            finished[piece] = do(piece)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps({commit: finished}))
    place.unlink(missing_ok=True)
    return sum(map(Counter, finished.values()), Counter())
