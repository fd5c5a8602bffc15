"""Does every test that docs/reliability.md names pass, and does every drill it cites stand?

    python -m tests.reliability

Runs the named tests on SQLite, those that need it on a PostgreSQL of their own, and says each that
was not collected or did not pass, and each drill that lacks its command, commit or figures.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drills.register import kept
from tests.everything import postgresql
from tests.source import ROOT

PAGE = ROOT / "docs/reliability.md"
NAME = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")
DRILL = re.compile(r"`drills/(\w+)\.py`")
PLACE = "RELIABILITY_OUTCOMES"
outcomes: dict[str, str] = {}


def named() -> set[str]:
    return set(NAME.findall(PAGE.read_text(encoding="utf-8")))


def cited() -> set[str]:
    return set(DRILL.findall(PAGE.read_text(encoding="utf-8")))


def drills_that_lack() -> list[str]:
    """Drills cited without a line that has everything: the page reads only whole lines."""
    return sorted(cited() - kept().keys())


def pytest_runtest_logreport(report: Any) -> None:
    """As a plugin of the run: one outcome for all parameters of a test, the worst."""
    name = report.nodeid.partition("[")[0]
    if report.outcome == "failed" or (report.when == "call" and name not in outcomes):
        outcomes[name] = report.outcome
    elif report.outcome == "skipped":
        outcomes.setdefault(name, "skipped")


def pytest_sessionfinish() -> None:
    Path(os.environ[PLACE]).write_text(json.dumps(outcomes))


def run(names: Iterable[str], database: str = "") -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "outcomes.json"
        outside = {**os.environ, PLACE: str(place), "DATABASE_URL": database}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.reliability", *sorted(names)]
        subprocess.run(command, cwd=ROOT, env=outside)
        return dict(json.loads(place.read_text())) if place.exists() else {}


def main() -> int:
    found = run(named())
    if skipped := {name for name, outcome in found.items() if outcome == "skipped"}:
        with postgresql() as url:
            found |= run(skipped, url)
    wrong = {name: found.get(name, "not collected") for name in named()}
    told = [f"{name}: {what}" for name, what in sorted(wrong.items()) if what != "passed"]
    told += [f"drill {name}: no command, commit and figures" for name in drills_that_lack()]
    print("\n".join(told) or f"{len(wrong)} tests pass, {len(cited())} drills stand")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
