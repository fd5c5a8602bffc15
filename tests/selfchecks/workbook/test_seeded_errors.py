"""Hundreds of mistakes put into clean files: found at their cells, and no false alarms."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from selfchecks.workbook.reading import SCHOOLS, Reading
from tests.workbooks import district, excel
from workbooks.entry import Entry

FILES, PER_FILE, COUNT, DISTRICTS = 25, 13, 14, 4
Spoil = Callable[[Any, random.Random], Any]


@dataclass(frozen=True)
class Mistake:
    """One wrong way to fill in a cell of some kind."""

    name: str
    kinds: tuple[str, ...]
    spoil: Spoil


NUMBERS = ("count", "decimal")
MISTAKES = (
    Mistake("approximate", NUMBERS, lambda v, r: f"约{v}"),
    Mistake("about", NUMBERS, lambda v, r: f"{v}左右"),
    Mistake("range", NUMBERS, lambda v, r: f"{v}-{v}"),
    Mistake("note", NUMBERS, lambda v, r: "见备注"),
    Mistake("circled", NUMBERS, lambda v, r: r.choice("①②⑩½")),
    Mistake("arabic-indic", NUMBERS, lambda v, r: "٣٤"),
    Mistake("chinese", NUMBERS, lambda v, r: "三十二"),
    Mistake("scientific", NUMBERS, lambda v, r: "1e3"),
    Mistake("underscore", NUMBERS, lambda v, r: "1_000"),
    Mistake("nan", NUMBERS, lambda v, r: r.choice(("NaN", "inf", "-inf"))),
    Mistake("negative", NUMBERS, lambda v, r: -abs(v) - 1),
    Mistake("unit", NUMBERS, lambda v, r: f"{v}公里"),
    Mistake("percent", NUMBERS, lambda v, r: f"{v}%"),
    Mistake("comma", NUMBERS, lambda v, r: "12,34"),
    Mistake("formula-text", NUMBERS, lambda v, r: "=A1+B1 "),
    Mistake("error-value", NUMBERS, lambda v, r: r.choice(("#DIV/0!", "#REF!", "#N/A"))),
    Mistake("boolean", NUMBERS, lambda v, r: True),
    Mistake("absent", ("decimal",), lambda v, r: "不适用"),
    Mistake("half", ("count",), lambda v, r: v + 0.5),
    Mistake("too-large", NUMBERS, lambda v, r: 10**12),
    Mistake("blank", (*NUMBERS, "choice"), lambda v, r: None),
    Mistake("other-choice", ("choice",), lambda v, r: "其他类型"),
    Mistake("short-code", ("code",), lambda v, r: str(v)[:-1]),
    Mistake("float-code", ("code",), lambda v, r: "2.15E+09"),
    Mistake("ten-thousand", ("decimal",), lambda v, r: v * 10_000),
)


@dataclass(frozen=True)
class Seeded:
    mistake: Mistake
    entry: Entry
    row: int
    typed: Any

    @property
    def cell(self) -> str:
        return excel.place(self.entry.code, self.row)


def sow(seed: int) -> tuple[bytes, list[Seeded]]:
    """A clean file with one mistake in each of several rows."""
    rng = random.Random(seed)
    book = excel.clean_book(COUNT, seed % DISTRICTS)
    sheet, seeds = book[excel.SHEET], []
    for row in rng.sample(range(4, 4 + COUNT), PER_FILE):
        mistake = MISTAKES[(seed * PER_FILE + len(seeds)) % len(MISTAKES)]
        entries = [
            entry
            for column, entry in enumerate(SCHOOLS.columns, 1)
            if entry.kind in mistake.kinds and sheet.cell(row, column).value not in (None, 0)
        ]
        entry = rng.choice(entries)
        cell = sheet.cell(row, SCHOOLS.position(entry.code))
        typed = mistake.spoil(cell.value, rng)
        cell.value = typed
        if isinstance(typed, str):
            cell.data_type = "s"
        seeds.append(Seeded(mistake, entry, row, typed))
    return excel.save(book), seeds


def test_at_least_three_hundred_seeded_errors_are_reported_at_their_cells() -> None:
    """Found where they are, never read as something else, and no false alarm in other rows."""
    total, missed, silent, strangers = 0, [], [], []
    for seed in range(FILES):
        content, seeds = sow(seed)
        register = district.register(district.schools(COUNT, seed % DISTRICTS))
        reading = excel.read(content, register=register)
        cells = {f.cell for f in (*reading.errors, *reading.warnings)}
        rows = {seeded.row for seeded in seeds}
        strangers += [f.text for f in reading.errors if f.row not in rows]
        total += len(seeds)
        missed += [seeded for seeded in seeds if seeded.cell not in cells]
        silent += [s for s in seeds if s.cell not in cells and _value(reading, s) is not None]
    assert total >= 300
    assert len(missed) <= total * 0.02, missed
    assert not silent
    assert not strangers


def _value(reading: Reading, seeded: Seeded) -> Any:
    return excel.value(reading, seeded.entry.code, seeded.row)


@pytest.mark.parametrize("seed", range(24))
def test_clean_files_raise_no_alarm(seed: int) -> None:
    reading = excel.read(
        excel.clean(COUNT, seed),
        register=district.register(district.schools(COUNT, seed)),
    )
    assert [f.text for f in reading.findings] == []


def test_values_of_clean_files_are_what_was_written() -> None:
    for seed in range(3):
        written = district.schools(COUNT, seed)
        reading = excel.read(excel.clean(COUNT, seed), register=())
        for school, row in zip(written, reading.schools, strict=True):
            assert {code: str(row.value(code)) for code in school if row.amount(code) is None} == {
                code: str(value) for code, value in school.items() if isinstance(value, str)
            }
            for code, value in school.items():
                if not isinstance(value, str):
                    assert float(row.amount(code) or 0) == value
