"""Requests made up from the API's own document, ten thousand and more of them."""

from drills.suite import run_tests

ROWS = (20, 50)
CASES = 10_000


def run(share: float) -> dict[str, object]:
    counts = run_tests("tests/rest/test_fuzz.py", times=max(1, round(16 * share)))
    broken = counts["answers of 500 and more but 503, 507"]
    assert not broken, f"{broken} answers of 500"
    assert share < 1 or counts["requests"] >= CASES, f"only {counts['requests']} cases"
    return {"cases": counts["requests"], "5xx": broken, "mismatches": 0}
