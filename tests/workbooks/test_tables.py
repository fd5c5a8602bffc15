"""Tables without our template: the same door, limits, habits and sentences as a self-check."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from figures.table import CODE, COUNT
from tests.workbooks import packages
from workbooks.entry import DAY, Column, SheetLayout
from workbooks.findings import Refused
from workbooks.guard import MAX_FILE_BYTES, MAX_ROWS
from workbooks.tables import read_table

LAYOUT = SheetLayout(
    "学校",
    "code",
    (
        Column("code", "学校标识码", CODE, required=True, aliases=("school_code",)),
        Column("name", "学校名称", "text", required=True),
        Column("rooms", "教室", COUNT),
        Column("opened", "起始日", DAY),
    ),
)
HEADER = ("学校标识码", "学校名称", "教室", "起始日")
CODE_1, CODE_2 = "5001060001", "0001060002"


def workbook(*rows, hidden=(), **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    for title in hidden:
        book[title].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def packed(**parts):
    """A zip with the parts of a workbook replaced or added."""
    source, target = io.BytesIO(workbook(HEADER)), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def text_of(*rows):
    return "\n".join(",".join(row) for row in rows)


def read(data, name="表.xlsx"):
    return read_table(data, name, LAYOUT)


def values(data, name="表.xlsx"):
    table = read(data, name)
    return [
        tuple(row.value(code) for code in ("code", "name", "rooms", "opened")) for row in table.rows
    ]


def codes(table):
    return {finding.code for finding in table.findings}


def test_values_are_exact_and_typed() -> None:
    data = workbook(
        HEADER,
        [CODE_2, "甲", 3.0, date(2026, 9, 1)],
        [5001060001, "乙", "１２", datetime(2026, 9, 1)],
    )
    assert values(data) == [(CODE_2, "甲", 3, "2026-09-01"), (CODE_1, "乙", 12, "2026-09-01")]


def test_rows_keep_the_numbers_excel_shows() -> None:
    data = workbook(HEADER, [None], [CODE_1, "甲"], [None], [None], [CODE_2, "乙"])
    assert [row.number for row in read(data).rows] == [3, 6]


def test_invisible_signs_and_our_own_apostrophe_go() -> None:
    text = text_of(HEADER[:2], (f"\u200b{CODE_1}\u3000", "'=1+1"), (CODE_2, "'铜梁"))
    read_back = [row[1] for row in values(f"\ufeff{text}".encode(), "表.csv")]
    assert read_back == ["=1+1", "'铜梁"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_and_delimiters_people_use(encoding, delimiter) -> None:
    text = delimiter.join(HEADER[:2]) + "\r\n" + delimiter.join([CODE_2, "綦江一小"])
    assert values(text.encode(encoding), "表.CSV") == [(CODE_2, "綦江一小", None, None)]


def test_errors_and_uncomputed_formulas_are_not_blanks() -> None:
    table = read(workbook(HEADER, [CODE_1, "甲", "=1/0", None], [CODE_2, "乙", "#DIV/0!", None]))
    assert [(f.cell, f.code) for f in table.findings] == [
        ("C2", "uncached"),
        ("C3", "formula_error"),
    ]


@pytest.mark.parametrize("title", [None, "学校登记表"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2)])
@pytest.mark.parametrize("header", [HEADER, ("school_code", "name", "*教室", "起 始 日")])
def test_columns_are_known_by_label_code_or_alias_in_any_order(title, order, header) -> None:
    rows = [header, (CODE_1, "甲", 3, "2026/9/1 0:00")]
    lines = [[title]] * bool(title) + [[row[place] for place in order] for row in rows]
    assert values(workbook(*lines)) == [(CODE_1, "甲", 3, "2026-09-01")]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (HEADER[1:], "needs_column"),
        ((*HEADER, "校长"), "unknown_column"),
        ((*HEADER, "学校名称"), "column_twice"),
        (("甲", "乙"), "needs_column"),
    ],
)
def test_wrong_columns_keep_the_file_out(header, code) -> None:
    table = read(workbook(header, [CODE_1, "甲"]))
    assert code in codes(table)
    assert not table.rows


def test_the_first_sheet_people_see_is_read_and_named() -> None:
    shown = [HEADER, [CODE_1, "看得见的"]]
    data = workbook(HEADER, [CODE_2, "藏着的"], 登记=shown, hidden=["Sheet"])
    table = read(data)
    assert [row.value("name") for row in table.rows] == ["看得见的"]
    (note,) = [finding for finding in table.findings if finding.code == "sheet_chosen"]
    assert "登记" in note.text
    assert "Sheet" in note.text


def test_a_workbook_that_shows_nothing_says_so() -> None:
    assert codes(read(workbook())) == {"no_table"}
    assert codes(read(workbook(HEADER))) == {"no_rows"}


def test_bytes_that_are_no_text_never_become_rows() -> None:
    table = read(b"\x00\x01\x02\xff\xfe\xfd", "表.csv")
    assert "needs_column" in codes(table)
    assert not table.rows


BILLION = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x/>'


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "表.xlsx", "empty"),
        (b"x" * (MAX_FILE_BYTES + 1), "表.csv", "too_big"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "表.xls", "old_format"),
        (b"%PDF-1.7", "表.pdf", "wrong_type"),
        (b"%PDF-1.7", "表.xlsx", "wrong_type"),
        (b"PK\x03\x04 not a zip", "表.xlsx", "unreadable"),
        (workbook(HEADER)[:-300], "表.xlsx", "unreadable"),
        (packed(**{"xl/vbaProject.bin": b"x"}), "表.xlsx", "macro"),
        (packed(**{"xl/styles.xml": BILLION}), "表.xlsx", "unreadable"),
        (packed(**{"xl/worksheets/sheet1.xml": b"<x><y"}), "表.xlsx", "unreadable"),
        (packed(**{"xl/media/big.bin": b"0" * 60_000_000}), "表.xlsx", "too_big"),
        (packed(**{"xl/media/big.bin": b"0" * 20_000_000}), "表.xlsx", "too_big"),
        (packed(**{f"xl/{n}.txt": b"x" for n in range(250)}), "表.xlsx", "too_big"),
        ('代码\n"没有结尾'.encode(), "表.csv", "unreadable"),
        (",".join(["列"] * 200).encode(), "表.csv", "out_of_bounds"),
        (("甲，乙\n" * (MAX_ROWS * 4 + 1)).encode(), "表.csv", "out_of_bounds"),
        (packages.pack({"a.txt": b"x"}), "表.xlsx", "wrong_type"),
        (packages.far_cell(), "表.xlsx", "out_of_bounds"),
    ],
)
def test_m1_m11_bad_files_get_a_sentence(data, name, code) -> None:
    with pytest.raises(Refused) as refusal:
        read(data, name)
    assert refusal.value.state == code
    assert str(refusal.value).endswith("。")
