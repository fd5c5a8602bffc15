"""``docs/reliability.md`` promises what the tests show: every row, every name, nothing more."""

import re
from collections import Counter
from collections.abc import Iterator

from drills.register import LINE, kept
from tests.reliability import DRILL, NAME, PAGE, drills_that_lack
from tests.source import ROOT

ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (\w+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
DEFINED = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


def rows() -> Iterator[tuple[int, str, set[str], str]]:
    for number, state, names, rest in ROW.findall(PAGE.read_text(encoding="utf-8")):
        yield int(number), state, set(NAME.findall(names)), rest.strip()


def collected() -> set[str]:
    """What pytest finds: functions of the files it looks into."""
    return {
        f"{path.relative_to(ROOT).as_posix()}::{name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in DEFINED.findall(path.read_text(encoding="utf-8"))
    }


def test_all_88_rows_stand_once() -> None:
    assert [number for number, *_ in rows()] == list(range(1, 89))


def test_every_named_test_is_collected() -> None:
    named = {name for _, _, names, _ in rows() for name in names}
    assert sorted(named - collected()) == []


def test_no_row_claims_more_than_it_shows() -> None:
    for number, state, names, rest in rows():
        is_open = "open: " in rest
        is_shown = names or DRILL.search(rest)
        expected = "open" if not is_shown else "partly" if is_open else "holds"
        assert (number, state) == (number, expected)
        assert is_shown or is_open


def test_the_sum_is_the_sum() -> None:
    told = Counter(state for _, state, _, _ in rows())
    assert (
        f"{told['holds']} hold, {told['partly']} partly, {told['open']} open." in PAGE.read_text()
    )


def test_every_drill_that_is_cited_has_its_command_its_commit_and_its_figures() -> None:
    assert drills_that_lack() == []


def test_a_drill_speaks_of_the_rows_that_cite_it() -> None:
    for number, _state, _names, rest in rows():
        for drill in DRILL.findall(rest):
            assert number in kept()[drill].rows, f"row {number} cites {drill}"


def test_a_line_without_commit_or_figures_is_no_result() -> None:
    whole = "| races | 53 | `python -m drills races` | 0123abc | 2026-11-29 | rounds: 200 |"
    assert LINE.search(whole)
    assert not LINE.search(whole.replace("0123abc", ""))
    assert not LINE.search(whole.replace("rounds: 200 ", ""))
    assert not LINE.search(whole.replace("`python -m drills races`", ""))
