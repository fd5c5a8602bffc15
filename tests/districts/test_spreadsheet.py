"""Tables people send: read exactly, or refused with a sentence before anything is parsed."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from audit.refusals import Unusable
from districts.spreadsheet import MOST_BYTES, MOST_ROWS, Broken, read


def workbook(*rows, **cells):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for address, value in cells.items():
        book.active[address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def packed(**parts):
    """A zip with the parts of a workbook replaced or added."""
    source, target = io.BytesIO(workbook(["代码"])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def cells(data, name="表.xlsx"):
    return [line.cells for line in read(data, name)]


def test_values_stay_exact():
    data = workbook(
        ["0012345678", 5001060001, 3.0, 0.1, date(2026, 9, 1), datetime(2026, 9, 1), True, None]
    )
    assert cells(data) == [
        ("0012345678", "5001060001", "3", "0.1", "2026-09-01", "2026-09-01", "TRUE", "")
    ]


def test_rows_keep_the_numbers_excel_shows():
    data = workbook(["代码"], [None], ["甲"], [None], [None], ["乙"])
    assert [line.number for line in read(data, "表.xlsx")] == [1, 3, 6]


def test_invisible_signs_and_our_own_apostrophe_go():
    assert cells("\ufeff\u200b铜梁区\u3000,'=1+1,'铜梁\n".encode(), "表.csv") == [
        ("铜梁区", "=1+1", "'铜梁")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_and_delimiters_people_use(encoding, delimiter):
    text = delimiter.join(["代码", "名称"]) + "\r\n" + delimiter.join(["0500", "綦江区"])
    assert cells(text.encode(encoding), "表.CSV") == [("代码", "名称"), ("0500", "綦江区")]


def test_errors_and_uncomputed_formulas_are_not_blanks():
    line = read(workbook(["=1/0", "#DIV/0!", "甲"], A2="#N/A"), "表.xlsx")[0]
    formula, error, name = line.cells
    assert isinstance(formula, Broken)
    assert "公式" in str(formula.why)
    assert isinstance(error, Broken)
    assert not isinstance(name, Broken)


BILLION = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x/>'


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "表.xlsx", "empty"),
        (b"x" * (MOST_BYTES + 1), "表.csv", "too_big"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "表.xls", "old"),
        (b"%PDF-1.7", "表.pdf", "type"),
        (b"%PDF-1.7", "表.xlsx", "type"),
        (b"PK\x03\x04 not a zip", "表.xlsx", "broken"),
        (workbook(["代码"])[:-300], "表.xlsx", "broken"),
        (packed(**{"xl/vbaProject.bin": b"x"}), "表.xlsx", "macros"),
        (packed(**{"xl/styles.xml": BILLION}), "表.xlsx", "dtd"),
        (packed(**{"xl/worksheets/sheet1.xml": b"<x><y"}), "表.xlsx", "broken"),
        (packed(**{"xl/media/big.bin": b"0" * 60_000_000}), "表.xlsx", "bomb"),
        (packed(**{"xl/media/big.bin": b"0" * 20_000_000}), "表.xlsx", "bomb"),
        (packed(**{f"xl/{n}.txt": b"x" for n in range(250)}), "表.xlsx", "bomb"),
        (b"\x00\x01\x02\xff\xfe\xfd", "表.csv", "encoding"),
        ('代码\n"没有结尾'.encode(), "表.csv", "broken"),
        (",".join(["列"] * 200).encode(), "表.csv", "columns"),
        (("甲\n" * (MOST_ROWS + 1)).encode(), "表.csv", "rows"),
    ],
)
def test_m1_m11_bad_files_get_a_sentence(data, name, code):
    with pytest.raises(Unusable) as refusal:
        read(data, name)
    assert refusal.value.code == code
    assert str(refusal.value).endswith("。")


def test_m5_a_far_cell_is_not_waited_for():
    lines = read(workbook(["代码"], ["甲"], ZZ40000="远"), "表.xlsx")
    assert [line.cells[0] for line in lines] == ["代码", "甲"]


def test_a_zip_that_is_no_workbook_is_told():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(Unusable) as refusal:
        read(buffer.getvalue(), "表.xlsx")
    assert refusal.value.code == "type"
