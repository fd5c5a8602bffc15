"""``docs/compliance`` names what there is: every requirement once, every test and file there."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.components import FOLDER, components, licences, listed
from tests.source import ROOT

ROW = re.compile(
    r"^\| ([^|]+) \| [^|]+ \| (pass|n\.a\.|open|符合|不适用|待办) \| ([^|]+) \|$", re.M
)
NAMED = re.compile(
    r"`([\w./-]+?\.(?:py|md|json|sh|conf|css|lock|txt)|[\w./-]+/|\.env\.example)(?:::(\w+))?`"
)
# How many requirements of levels 1 and 2 each section of ASVS 5.0 has; they are the first ones.
SECTIONS = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5},
    **{"6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2},
    **{"8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4},
    **{"10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4},
    **{"11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2},
    **{"13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1},
    **{"16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2},
}
OLDEST = {"python_version": "3.11", "python_full_version": "3.11.2"}
PAGES = sorted(FOLDER.glob("*.md"))


def test_the_lock_has_all_that_its_packages_ask_for_on_the_oldest_python() -> None:
    """Debian 12 has 3.11.2: a lock made by a later one may lack what only that needs."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(map(canonicalize_name, re.findall(r"^([\w.-]+)==", lock, re.M)))
    for name in locked:
        for asked in map(Requirement, distribution(name).requires or ()):
            if asked.marker is None or asked.marker.evaluate({**OLDEST, "extra": ""}):
                assert canonicalize_name(asked.name) in locked, f"{name}: {asked}"


def numbers(told: str) -> Iterator[str]:
    """``V7.2.1–V7.2.3`` is three."""
    first, _dash, last = told.strip().partition("–")
    section, _dot, start = first.rpartition(".")
    for number in range(int(start), int((last or first).rpartition(".")[2]) + 1):
        yield f"{section}.{number}"


def test_every_requirement_of_levels_1_and_2_stands_once() -> None:
    rows = ROW.findall((FOLDER / "asvs.md").read_text(encoding="utf-8"))
    expected = [f"V{s}.{n}" for s, most in SECTIONS.items() for n in range(1, most + 1)]
    assert [number for told, _state, _by in rows for number in numbers(told)] == expected
    assert len(expected) == 253


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    for name, test in NAMED.findall(page.read_text(encoding="utf-8")):
        path = ROOT / name
        assert path.exists(), f"{page.name} names {name}"
        assert not test or f"def {test}(" in path.read_text(encoding="utf-8"), f"{name}::{test}"


def test_what_is_passed_is_shown_and_what_is_open_has_a_plan() -> None:
    for page in ("asvs.md", "gbt22239.md"):
        rows = ROW.findall((FOLDER / page).read_text(encoding="utf-8"))
        assert rows
        for told, state, by in rows:
            if state in ("pass", "符合"):
                assert NAMED.search(by), f"{page} {told}: by which test or file?"
            if state in ("open", "待办"):
                assert "plan: " in by or "计划:" in by, f"{page} {told}: what is the plan?"


def test_the_sums_at_the_head_are_the_sums() -> None:
    text = (FOLDER / "asvs.md").read_text(encoding="utf-8")
    counts = dict.fromkeys(("pass", "n.a.", "open"), 0)
    for told, state, _by in ROW.findall(text):
        counts[state] += len(list(numbers(told)))
    assert f"{counts['pass']} pass, {counts['n.a.']} n.a., {counts['open']} open." in text


def test_m87_the_list_of_components_is_that_of_the_lock() -> None:
    assert (FOLDER / "sbom.json").read_text(encoding="utf-8") == listed()
    assert (FOLDER / "licences.md").read_text(encoding="utf-8") == licences()
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert len(components()) == sum("==" in line for line in lines)


def test_m87_every_component_is_pinned_by_its_hashes_and_has_a_licence() -> None:
    book = json.loads(listed())
    assert {row["name"] for row in book["components"]} >= {"django", "djangorestframework"}
    for each in components():
        assert each.hashes > 0, each.name
        assert each.licence, each.name
