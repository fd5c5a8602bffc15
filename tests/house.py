"""How large the house is: code lines by room, long files, function lengths, comments.

    python -m tests.house              this tree, with the limits it must keep
    python -m tests.house FOLDER       any other tree, measured the same way
    python -m tests.house --hold       as the first; exit 1 when a limit is not kept

Code lines are those of product ``.py`` files without blanks, comments and docstrings; migrations,
tests and benchmarks are left out. What is measured is formatted by ruff at 100 columns.
"""

import ast
import io
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from tests.source import NOT_OURS, ROOT

BEFORE = 28_179  # code lines at 46315a8, by this script
LIMIT = int(0.78 * BEFORE)
LONGEST_FILE = 270
MEDIAN, P95 = 8, 30  # lines of a function
PAGES_BEFORE = {".html": 2_754, ".css": 2_192, ".js": 23}  # lines at 46315a8
NOT_PRODUCT = NOT_OURS | {"tests", "benchmarks", "drills", "migrations", "__pycache__"}
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class House:
    """What was counted; lengths of files and functions in lines."""

    code: Counter[str] = field(default_factory=Counter)
    comments: int = 0
    files: dict[Path, int] = field(default_factory=dict)
    functions: list[int] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.code.total()

    @property
    def long_files(self) -> dict[Path, int]:
        return {path: lines for path, lines in self.files.items() if lines > LONGEST_FILE}

    @property
    def typical(self) -> tuple[float, float]:
        """Median and 95th percentile of the functions' lengths."""
        return median(self.functions), quantiles(self.functions, n=20)[-1]

    def broken(self) -> list[str]:
        """Each limit that is not kept, in a sentence."""
        found = [f"{path}: {lines} lines" for path, lines in self.long_files.items()]
        if self.total > LIMIT:
            found.append(f"{self.total:,} code lines, {self.total - LIMIT:,} more than {LIMIT:,}")
        for what, value, most in zip(("median", "p95"), self.typical, (MEDIAN, P95), strict=True):
            if value > most:
                found.append(f"{what} of functions {value:.0f} lines, at most {most}")
        for ending, before in PAGES_BEFORE.items():
            if self.pages[ending] > before:
                found.append(f"{self.pages[ending]:,} lines of {ending}, {before:,} before")
        return found


def measure(root: Path) -> House:
    house = House()
    for path in product(root, ".py"):
        source = path.read_text(encoding="utf-8")
        parsed = ast.parse(source)
        room = path.relative_to(root).parts[0]
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        house.code[room] += len(code_lines(parsed, tokens))
        house.comments += sum(token.type == tokenize.COMMENT for token in tokens)
        house.files[path.relative_to(root)] = len(source.splitlines())
        house.functions += [
            (node.end_lineno or 0) - node.lineno + 1
            for node in ast.walk(parsed)
            if isinstance(node, Function)
        ]
    for ending in PAGES_BEFORE:
        for path in product(root, ending):
            house.pages[ending] += len(path.read_text(encoding="utf-8").splitlines())
    return house


def product(root: Path, ending: str) -> Iterator[Path]:
    for path in sorted(root.rglob(f"*{ending}")):
        inside = path.relative_to(root).parts
        if not any(part in NOT_PRODUCT or part.startswith(".") for part in inside):
            yield path


def code_lines(parsed: ast.Module, tokens: list[tokenize.TokenInfo]) -> set[int]:
    """Numbers of the lines that hold code."""
    lines: set[int] = set()
    for token in tokens:
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(parsed):
        if isinstance(node, Documented) and ast.get_docstring(node, clean=False) is not None:
            lines.difference_update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return lines


def show(house: House) -> None:
    for room, lines in sorted(house.code.items()):
        print(f"{room:<20}{lines:>8,}")
    middle, longest = house.typical
    share = house.comments / (house.total + house.comments)
    print(f"{'code lines':<20}{house.total:>8,}  {house.total / BEFORE:.3f} × 46315a8")
    print(f"{'  at most':<20}{LIMIT:>8,}  0.78 ×")
    print(f"{'files':<20}{len(house.files):>8,}  {len(house.long_files)} over {LONGEST_FILE} lines")
    print(f"{'functions':<20}{len(house.functions):>8,}  median {middle:.0f}, p95 {longest:.0f}")
    print(f"{'comments':<20}{house.comments:>8,}  {share:.1%}")
    pages = ", ".join(f"{house.pages[end]:,} {end} ({was:,})" for end, was in PAGES_BEFORE.items())
    print(f"{'pages (46315a8)':<20}{pages}")


def main(arguments: list[str]) -> int:
    held = "--hold" in arguments
    folders = [Path(argument) for argument in arguments if argument != "--hold"]
    house = measure(folders[0].resolve() if folders else ROOT)
    show(house)
    broken = [] if folders else house.broken()
    for sentence in broken:
        print(f"{'over' if held else 'still over'}: {sentence}")
    return int(held and bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
