"""What journeys may cost: measured as they are walked, held to ``budgets.csv``, printed as a table.

``make journeys`` walks them and prints; ``make journeys KEEP=1`` makes what it measured the budget.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from playwright.sync_api import Response

from tests.journeys import QUERIES
from tests.source import ROOT

BUDGETS = Path(__file__).with_name("budgets.csv")
NOTED = "JOURNEYS"  # the file measured journeys are noted in
# Lists grow by what other journeys left behind; the rest is the same however often it is walked.
ROOM = {"clicks": 1.0, "pages": 1.0, "bytes": 1.5, "queries": 1.1}


@dataclass
class Cost:
    """Of one journey: ``bytes`` as they came, compressed; neither time nor what is typed."""

    clicks: int = 0
    pages: int = 0
    bytes: int = 0
    queries: int = 0

    def note(self, response: Response) -> None:
        """Of documents, those that lead on included; styles are loaded once and kept."""
        if response.request.resource_type != "document":
            return
        self.note_answer(response.headers, is_page=not 300 <= response.status < 400)

    def note_answer(self, headers: dict[str, str], *, is_page: bool = True) -> None:
        self.pages += is_page
        self.bytes += int(headers.get("content-length", 0))
        self.queries += int(headers.get(QUERIES.lower(), 0))


def budgets() -> dict[str, Cost]:
    with BUDGETS.open(encoding="utf-8") as lines:
        return {
            row.pop("journey"): Cost(**{name: int(text) for name, text in row.items()})
            for row in csv.DictReader(lines)
        }


def hold(journey: str, cost: Cost) -> None:
    """Fails where it cost more than its budget; notes what it cost where that is asked for."""
    if note := os.environ.get(NOTED):
        with Path(note).open("a", encoding="utf-8") as file:
            print(json.dumps({"journey": journey, **asdict(cost)}), file=file)
        return
    budget = asdict(budgets()[journey])
    over = {
        name: (value, budget[name])
        for name, value in asdict(cost).items()
        if value > budget[name] * ROOM[name]
    }
    assert not over, f"{journey} costs more than its budget: {over}"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "journeys"
        walked = subprocess.run(  # the marker keeps what is only looked at out of it
            [sys.executable, "-m", "pytest", "-q", "-p", "no:schemathesis", "-m", "measured", HERE],
            cwd=ROOT,
            env={**os.environ, NOTED: str(note)},
            check=False,
        )
        lines = note.read_text(encoding="utf-8").splitlines() if note.exists() else []
    found = _worst(json.loads(line) for line in lines)
    _print(found)
    if os.environ.get("KEEP"):
        _keep(found)
    return walked.returncode


HERE = str(Path(__file__).parent)
NAMES = [field.name for field in fields(Cost)]


def _worst(rows: Iterable[dict[str, int]]) -> dict[str, Cost]:
    """With scripts or without, whichever costs more."""
    found: dict[str, Cost] = {}
    for row in rows:
        known = asdict(found.get(str(row["journey"]), Cost()))
        found[str(row["journey"])] = Cost(**{name: max(row[name], known[name]) for name in NAMES})
    return dict(sorted(found.items()))


def _print(found: dict[str, Cost]) -> None:
    known = budgets() if BUDGETS.exists() else {}
    print(f"{'journey':<12}" + "".join(f"{name:>20}" for name in NAMES))
    for journey, cost in found.items():
        budget = asdict(known.get(journey, cost))
        cells = (f"{value:,} / {budget[name]:,}" for name, value in asdict(cost).items())
        print(f"{journey:<12}" + "".join(f"{cell:>20}" for cell in cells))


def _keep(found: dict[str, Cost]) -> None:
    with BUDGETS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["journey", *NAMES])
        writer.writerows([journey, *asdict(cost).values()] for journey, cost in found.items())


if __name__ == "__main__":
    sys.exit(main())
