"""JSON says decimals and moments one way; tables carry no formula from anybody's text."""

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from rest.renderers import CsvRenderer, JsonRenderer, TableRenderer, XlsxRenderer, harmless

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "\u3000=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1+1",
    "\uff20A1",
]
KINDLY = ["铜梁区", "500151", "2026-11-23", "-3", "-3.25", "a=b", "", "'quoted"]


def table(renderer: TableRenderer, rows: list[dict[str, Any]], columns: list[str]) -> bytes:
    view = SimpleNamespace(table_name="schools", table_title="学校", table_columns=lambda: columns)
    return renderer.render(rows, None, {"view": view, "response": {}})


@pytest.mark.parametrize("text", HOSTILE)
def test_formula_text_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", [*KINDLY, 3, Decimal("-1.5"), None])
def test_other_values_stay(value: Any) -> None:
    assert harmless(value) == value


def test_csv_has_bom_header_and_safe_cells() -> None:
    content = table(CsvRenderer(), [{"name": text, "n": -5} for text in HOSTILE], ["name", "n"])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["name", "n"]
    assert [row[0] for row in rows[1:]] == [f"'{text}" for text in HOSTILE]
    assert {row[1] for row in rows[1:]} == {"-5"}


def test_csv_writes_lists_days_and_objects_into_one_cell() -> None:
    row = {"a": ["LJXQ", "500109"], "b": date(2026, 11, 23), "c": {"x": ["1", "2"]}, "d": True}
    content = table(CsvRenderer(), [row], list("abcd")).decode("utf-8-sig")
    assert content.splitlines()[1] == 'LJXQ;500109,2026-11-23,"{""x"": [""1"", ""2""]}",true'


def test_xlsx_keeps_text_as_text_and_numbers_as_numbers() -> None:
    rows = [{"name": text, "n": 7} for text in ("=1+1", "#N/A", "0012", "a\x00b")]
    content = table(XlsxRenderer(), rows, ["name", "n"])
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert [cell.value for cell in sheet[1]] == ["name", "n"]
    cells = [sheet.cell(row, 1) for row in range(2, 6)]
    assert [cell.value for cell in cells] == ["=1+1", "#N/A", "0012", "ab"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet.cell(2, 2).value == 7


def test_xlsx_says_what_a_cell_could_not_hold() -> None:
    rows = [{"text": "长" * 32_767}, {"text": "长" * 40_000}]
    content = table(XlsxRenderer(), rows, ["text"])
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    whole, cut = (sheet.cell(row, 1).value for row in (2, 3))
    assert whole == "长" * 32_767
    assert len(cut) == 32_767
    assert cut.endswith("〔全文 40000 字，一格放不下；全文见 CSV 或 JSON〕")


def test_json_writes_decimals_as_text_and_moments_in_shanghai() -> None:
    content = {"value": Decimal("0.10"), "at": datetime(2026, 11, 23, 1, 2, 3, 456, tzinfo=UTC)}
    written = json.loads(JsonRenderer().render(content))
    assert written == {"value": "0.10", "at": "2026-11-23T09:02:03+08:00"}
