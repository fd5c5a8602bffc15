"""The page that keeps what drills found, a line each: read by people, by the suite and by us."""

import re
import subprocess
from dataclasses import dataclass
from datetime import date

from tests.source import ROOT

PAGE = ROOT / "docs/drills.md"
LINE = re.compile(
    r"^\| (?P<name>\w+) \| (?P<rows>[\d, ]*) \| `(?P<command>[^`|]+)` \| "
    r"(?P<commit>[0-9a-f]{7,12}) \| (?P<day>[\d-]{10}) \| (?P<figures>[^|]+) \|$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    rows: tuple[int, ...]
    command: str
    commit: str
    day: date
    figures: str

    def __str__(self) -> str:
        rows = ", ".join(map(str, self.rows))
        told = self.figures.replace("|", "/")
        cells = (self.name, rows, f"`{self.command}`", self.commit, self.day.isoformat(), told)
        return f"| {' | '.join(cells)} |"


def kept() -> dict[str, Result]:
    found = LINE.finditer(PAGE.read_text(encoding="utf-8"))
    return {each["name"]: _result(**each.groupdict()) for each in found}


def _result(name: str, rows: str, command: str, commit: str, day: str, figures: str) -> Result:
    numbers = tuple(int(row) for row in rows.split(",") if row.strip())
    return Result(name, numbers, command, commit, date.fromisoformat(day), figures.strip())


def keep(result: Result) -> None:
    """In the place of the one before, else at the end; the rest of the page is people's."""
    text = PAGE.read_text(encoding="utf-8")
    before = kept().get(result.name)
    new = text.replace(str(before), str(result)) if before else f"{text.rstrip()}\n{result}\n"
    PAGE.write_text(new, encoding="utf-8")


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def is_fresh(name: str) -> bool:
    """Whether the code is still what it was when the drill was done."""
    result = kept().get(name)
    if result is None:
        return False
    same = ["git", "diff", "--quiet", result.commit, "HEAD", "--", ".", ":!docs", ":!*.md"]
    return subprocess.run(same, cwd=ROOT).returncode == 0
