"""What journeys may take: ``budgets.csv`` holds the most, and what each took when last set."""

import csv
from pathlib import Path

MEASURES = ("clicks", "pages", "bytes", "queries")
GROWTH = 1.1  # of what stands in the file; more is told
TOOK = "journey"
HEAD = f"{'journey':52}{'clicks':>9}{'pages':>8}{'KB':>8}{'queries':>9}{'ms':>8}"


def budgets() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "budgets.csv").open(encoding="utf-8", newline="") as file:
        return {row["journey"]: row for row in csv.DictReader(file)}


def beyond(journey: str, took: dict[str, float]) -> list[str]:
    """What it took too much of, in words."""
    row = budgets()[journey]
    found = []
    for measure in MEASURES:
        most = float(row.get(f"most_{measure}") or "inf")
        limit = min(most, float(row[measure]) * GROWTH)
        if took[measure] > limit:
            found.append(f"{journey}: {took[measure]:.0f} {measure}, {limit:.0f} at most")
    return found


def line(journey: str, took: dict[str, float]) -> str:
    """A row of the table; what has a budget stands before it."""
    row = budgets()[journey]
    clicks, pages = (
        f"{took[measure]:.0f}/{row[f'most_{measure}']}"
        if row[f"most_{measure}"]
        else f"{took[measure]:.0f}"
        for measure in ("clicks", "pages")
    )
    name = f"{journey} {row['what']}"
    size = took["bytes"] / 1024
    return f"{name:52}{clicks:>9}{pages:>8}{size:8.1f}{took['queries']:9.0f}{took['ms']:8.0f}"
