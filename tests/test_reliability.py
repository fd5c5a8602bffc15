"""``docs/reliability.md`` promises what the tests show: every row, every name, nothing more."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.source import ROOT

PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (\w+) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
NAME = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")
DEFINED = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


def rows() -> Iterator[tuple[int, str, set[str], str]]:
    for number, state, names, rest in ROW.findall(PAGE):
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
        expected = "open" if not names else "partly" if is_open else "holds"
        assert (number, state) == (number, expected)
        assert names or is_open


def test_the_sum_is_the_sum() -> None:
    told = Counter(state for _, state, _, _ in rows())
    assert f"{told['holds']} hold, {told['partly']} partly, {told['open']} open." in PAGE
