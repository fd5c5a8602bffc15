"""Whatever people type, no file of ours runs it as a formula."""

import csv
import io
from decimal import Decimal
from itertools import product
from typing import Any

import openpyxl
import pytest

from selfchecks.workbook.examine import examine
from selfchecks.workbook.reading import PROBLEM_SHEET
from tests.workbooks import excel, packages
from workbooks.findings import Finding
from workbooks.reader.text_file import read_text_file
from workbooks.wording.values import NOT_A_NUMBER
from workbooks.writer import mark, write_csv

STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u3000=")
BODIES = (
    "1+1",
    "cmd|'/C calc'!A0",
    'HYPERLINK("http://x","y")',
    "SUM(A1:A9)",
    "A1",
    "DDE(1)",
    'WEBSERVICE("http://x")',
    "<b>x</b>",
    "]]>",
    '"&A1',
    "'x",
    "{1}",
    "1e5",
    "-1",
    "IF(1,2)",
    "@SUM(1)",
    "\n=1",
    "0",
    "%0A",
    "|",
)
TAILS = ("", " ", "\u200b")
PAYLOADS = [start + body + tail for start, body, tail in product(STARTS, BODIES, TAILS)]


def test_there_are_at_least_five_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) >= 500


def cells_of(content: bytes) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row]


def test_m21_template_writes_payloads_as_text() -> None:
    schools = [{"school_code": f"{n:010}", "school_name": text} for n, text in enumerate(PAYLOADS)]
    content = excel.template(schools)
    assert not [c.coordinate for c in cells_of(content) if c.data_type == "f"]
    assert not [name for name, part in packages.parts_of(content).items() if b"<f>" in part]


def test_m21_csv_cells_never_start_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(write_csv([[t, 1] for t in PAYLOADS]).decode("utf-8-sig"))))
    assert len(rows) == len(PAYLOADS)
    assert all(row[0].startswith("'") for row in rows)


def test_m21_negative_numbers_stay_numbers() -> None:
    assert write_csv([[-5, -0.5, Decimal(-2026)]]) == b"\xef\xbb\xbf-5,-0.5,-2026\r\n"


def test_m21_csv_comes_back_as_it_was() -> None:
    texts = [text for text in PAYLOADS if text.strip()]
    lines = read_text_file(write_csv([[text, "x"] for text in texts])).grids[0].lines
    assert [line.cells[1].value for line in lines] == texts


def test_m22_marked_workbook_holds_payloads_as_text() -> None:
    content = excel.clean()
    findings = [
        Finding(NOT_A_NUMBER, {"rule": text}, excel.SHEET, f"F{n}", n, text, text)
        for n, text in enumerate(PAYLOADS, 4)
    ]
    marked = mark(content, findings)
    assert not [c.coordinate for c in cells_of(marked) if c.data_type == "f"]
    listed = openpyxl.load_workbook(io.BytesIO(marked))[PROBLEM_SHEET]
    for row, text in enumerate(PAYLOADS, 4):
        cell = listed.cell(row, 6)
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert cell.value.split() == text.split()


def test_m22_user_formulas_stay_the_users_own() -> None:
    """Text that looks like a formula in the user's file is reported, quoted and not run."""
    content = excel.with_cell("music_rooms", "=cmd|'/C calc'!A0", 6)
    reading = examine(content, "自查.xlsx", excel.expected())
    assert [f.code for f in reading.errors] == ["formula_text"]
    assert not [c for c in cells_of(mark(content, reading.findings)) if c.data_type == "f"]


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\ufffe", "a\x1fb", "\u202e"])
def test_characters_xml_cannot_hold_do_no_harm(text: str) -> None:
    finding = Finding(NOT_A_NUMBER, {"rule": text}, excel.SHEET, "F4", 4, text, text)
    assert cells_of(mark(excel.clean(), [finding]))
