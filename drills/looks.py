"""Every page in both languages, light and dark, wide and on a phone: no barrier, none too wide.
Stopped, it goes on with the people whose pages it has not finished on this commit."""

from drills.suite import by_piece, run_tests
from tests.journeys.test_looks import STATES, looks
from tests.journeys.visitor import browser_path

ROWS = ()
FILE = "tests/journeys/test_looks.py"


def missing() -> str:
    return "" if browser_path() else "Chromium"


def run(share: float) -> dict[str, object]:
    times = 2 if share == 1 else 1

    def of(who: str) -> dict[str, int]:
        return run_tests(f"{FILE}::test_no_page_has_barriers_in_any_look[{who}]", times=times)

    by_piece(f"looks-{times}", STATES, of)
    pages = sum(map(len, STATES.values()))
    looked = len(looks(0, share == 1))
    return {"pages": pages, "looks of each": looked, "barriers": 0, "too wide": 0}
