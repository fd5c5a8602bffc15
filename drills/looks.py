"""Every page in both languages, light and dark, wide and on a phone: no barrier, none too wide."""

from drills.suite import run_tests
from tests.journeys.visitor import browser_path

ROWS = ()


def missing() -> str:
    return "" if browser_path() else "Chromium"


def run(share: float) -> dict[str, object]:
    times = 2 if share == 1 else 1
    return {**run_tests("tests/journeys/test_looks.py", "-k", "any_look", times=times)}
