"""How people write one value: rows of the catalogue of habits that concern a single cell."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from openpyxl.styles import Font

from selfchecks.workbook.reading import SCHOOLS
from tests.workbooks import excel
from workbooks.entry import Entry
from workbooks.values import NOT_APPLICABLE, Cell, read_value

NOTICE, WARNING, ERROR, SILENT = "提示", "警告", "错误", ""
UNITS = {"count": "人", "decimal": "㎡"}


@dataclass(frozen=True)
class Case:
    """A habit: its row in the catalogue, what is typed, and what is made of it."""

    row: int
    kind: str
    typed: Any
    level: str
    value: Any = None
    code: str = ""
    unit: str | None = None
    percent: bool = False
    may_not_apply: bool = False

    @property
    def entry(self) -> Entry:
        unit = UNITS.get(self.kind, "") if self.unit is None else self.unit
        places = {"decimal": 2, "ratio": 4}.get(self.kind, 0)
        na = self.may_not_apply
        limit = {"count": 1_000_000, "ratio": 1}.get(self.kind, 1_000_000_000)
        return Entry("x", "某栏", self.kind, unit, places, limit, may_not_apply=na)

    def __str__(self) -> str:
        return f"h{self.row:02}-{self.kind}-{self.typed!r}"


def N(row: int, kind: str, typed: Any, value: Any, **more: Any) -> Case:
    return Case(row, kind, typed, NOTICE, value, "read_as", **more)


def silent(row: int, kind: str, typed: Any, value: Any, **more: Any) -> Case:
    return Case(row, kind, typed, SILENT, value, **more)


def W(row: int, kind: str, typed: Any, value: Any, code: str, **more: Any) -> Case:
    return Case(row, kind, typed, WARNING, value, code, **more)


def E(row: int, kind: str, typed: Any, code: str, **more: Any) -> Case:
    return Case(row, kind, typed, ERROR, None, code, **more)


D = Decimal
CASES = [
    N(1, "decimal", "１２．５", D("12.5")),
    N(1, "count", "１２０", 120),
    N(1, "count", "１２3", 123),
    N(2, "count", "1,234", 1234),
    N(2, "count", "1，234", 1234),
    N(2, "decimal", "12,345.60", D("12345.6")),
    E(2, "count", "12,34", "bad_separators"),
    N(3, "ratio", "98.5%", D("0.985")),
    silent(3, "ratio", 0.985, D("0.985"), percent=True),
    silent(3, "ratio", 0.985, D("0.985")),
    E(3, "ratio", 98.5, "too_large"),
    N(3, "ratio", "12％", D("0.12")),
    E(3, "count", "98%", "no_percent"),
    W(4, "count", "2.3万", 23000, "expanded"),
    W(4, "decimal", "1.2亿", D(120000000), "expanded"),
    W(4, "decimal", "1.2亿元", D(12000), "expanded", unit="万元"),
    E(4, "decimal", "2.3万", "other_unit", unit="万元"),
    W(5, "count", "12人", 12, "unit_stripped"),
    W(5, "decimal", "850㎡", D(850), "unit_stripped"),
    W(5, "decimal", "850 平方米", D(850), "unit_stripped"),
    W(5, "decimal", "4.2人/百人", D("4.2"), "unit_stripped", unit="人/百人"),
    E(5, "count", "850㎡", "other_unit"),
    E(5, "decimal", "23000元", "other_unit", unit="万元"),
    E(6, "decimal", dt.time(12, 1), "stored_as_time"),
    E(6, "count", dt.time(12, 1), "stored_as_time"),
    silent(7, "count", None, None),
    silent(7, "decimal", "  ", None),
    silent(8, "count", 0, 0),
    N(8, "decimal", "0", D(0)),
    *[N(9, "count", t, NOT_APPLICABLE, may_not_apply=True) for t in ("/", "—", "-", "无", "N/A")],
    silent(9, "count", "不适用", NOT_APPLICABLE, may_not_apply=True),
    *[E(9, "count", t, "may_not_be_absent") for t in ("/", "—", "无", "不适用", "N/A")],
    *[E(10, "count", t, "approximate") for t in ("约12", "12左右", "≥12", "10-12", "10~12人")],
    *[E(11, "count", t, "odd_digits") for t in ("①", "½", "٣", "Ⅻ", "१२")],
    *[E(11, "count", t, "chinese_digits") for t in ("十二", "叁拾", "一百〇五")],
    *[E(12, "count", t, "not_plain") for t in ("1e5", "NaN", "inf", "1_000", "-Infinity", "1E+5")],
    silent(12, "count", 1e5, 100000),
    E(12, "decimal", 1e400, "not_plain"),
    *[E(12, "count", t, "letters") for t in ("20O", "l2", "3oI")],
    *[E(12, "count", t, "slash") for t in ("1/2", "3 / 4")],
    *[E(12, "count", t, "not_a_number") for t in ("<img src=x>", "30、12", "12;13")],
    E(13, "count", "−5", "negative"),
    E(13, "count", "－5", "negative"),
    E(13, "decimal", -5, "negative"),
    N(14, "count", " 12 ", 12),
    N(14, "count", "\u300012\u00a0", 12),
    N(14, "count", "\ufeff12\u200b", 12),
    N(15, "count", "120", 120),
    N(15, "decimal", "120.50", D("120.5")),
    E(17, "count", "#DIV/0!", "formula_error"),
    E(17, "decimal", "#REF!", "formula_error"),
    E(17, "count", "#N/A", "formula_error"),
    E(29, "count", "见备注", "see_note"),
    E(29, "decimal", "详见附件", "see_note"),
    *[
        E(29, "count", t, "with_note")
        for t in ("30(含代课2人)", "30（代课2）", "30人，其中代课2人")
    ],
    silent(32, "code", "2150000001", "2150000001"),
    silent(32, "code", 2150000001, "2150000001"),
    E(32, "code", "2.15E+09", "bad_code"),
    E(32, "code", 2.15e9, "bad_code"),
    E(32, "code", "150000001", "bad_code"),
    N(34, "day", 45536, "2024-09-01"),
    silent(34, "day", "2024-09-01", "2024-09-01"),
    silent(34, "day", dt.datetime(2024, 9, 1), "2024-09-01"),
    *[
        N(34, "day", text, "2024-09-01")
        for text in (
            *("2024.9.1", "2024/9/1", "2024-9-1", "2024年9月1日", "2024年9月1", "２０２４.9.1"),
            *("2024/9/1 0:00", "2024-09-01 00:00:00", "2024-09-01T00:00:00", " 2024/9/1 "),
        )
    ],
    *[
        E(35, "day", typed, "not_a_date")
        for typed in ("2024.1", 2024.1, "24.9", "2024-13-01", "2024/9/1 8:30", 3, 20260901)
    ],
    N(36, "year", "2024年", "2024"),
    E(36, "year", "2023-2025", "not_a_date"),
    N(44, "decimal", 12.500000000001, D("12.5")),
    N(44, "count", 12.000000000001, 12),
    N(44, "decimal", 0.1 + 0.2, D("0.3")),
    E(44, "count", 12.5, "not_whole"),
    E(45, "ratio", "101%", "too_large"),
    E(45, "decimal", "-3", "negative"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_habit_of_writing_a_value(case: Case) -> None:
    cell = Cell(case.typed, is_percent=case.percent, is_error=str(case.typed).startswith("#"))
    parsed = read_value(case.entry, cell)
    assert parsed.value == case.value
    assert parsed.failed == (case.level == ERROR)
    assert [str(r.kind.severity) for r in parsed.remarks] == ([case.level] if case.level else [])
    assert [r.kind.code for r in parsed.remarks] == ([case.code] if case.code else [])


def test_h34_serial_date_of_a_1904_workbook() -> None:
    entry = Entry("x", "某栏", "day")
    assert read_value(entry, Cell(44074, epoch_1904=True)).value == "2024-09-01"


FIELD = "music_rooms"  # a count that no cross-check looks at
IN_FILE = [
    case
    for case in CASES
    if case.kind == "count" and case.unit is None and not case.may_not_apply and case.value != 23000
]


def test_the_same_habits_in_one_workbook_are_found_at_their_cells() -> None:
    """Every habit of counting, one per row, reported at its own cell and nowhere else."""

    def spoil(book: Any) -> None:
        for row, case in enumerate(IN_FILE, 4):
            cell = book[excel.SHEET].cell(row, SCHOOLS.position(FIELD))
            cell.value = (
                case.typed.replace("人", "间") if case.code == "unit_stripped" else case.typed
            )
            cell.font = Font(bold=True)

    reading = excel.read(
        excel.spoiled(spoil, len(IN_FILE)), register=(), unit_code=excel.district.UNIT_CODE
    )
    for row, case in enumerate(IN_FILE, 4):
        cell = excel.place(FIELD, row)
        codes = {f.code for f in reading.findings if f.cell == cell}
        wanted = {case.code} if case.code else set()
        if case.value is None and not case.code:
            wanted = {"not_reported"}
        assert codes == wanted, case
        assert excel.value(reading, FIELD, row) == case.value
