"""The sheets of one line per item: unknown, missing, repeated and unnamed lines."""

from typing import Any

from selfchecks.services.reported import from_reading
from selfchecks.workbook.reading import DISTRICT, QUALITATIVE, VETO
from tests.workbooks import excel

ROW = {code: row for row, code in enumerate(DISTRICT.lines, 4)}


def told(spoil: Any) -> list[tuple[str, str, str]]:
    reading = excel.read(excel.spoiled(spoil))
    return [(f.code, f.sheet, f.cell) for f in reading.findings]


def test_unknown_codes_are_named() -> None:
    def spoil(book: Any) -> None:
        book[DISTRICT.name].cell(ROW["C2.eligible"], 1).value = "C2.总数"
        book[DISTRICT.name].cell(ROW["C2.eligible"], 2).value = "别的名称"
        book[VETO.name]["A4"].value = "V9"

    found = told(spoil)
    assert ("unknown_item", "区县数据", f"A{ROW['C2.eligible']}") in found
    assert ("unknown_item", "一票否决", "A4") in found
    assert ("item_missing", "区县数据", "") in found
    assert ("item_missing", "一票否决", "") in found


def test_a_line_told_twice_names_both_rows() -> None:
    def spoil(book: Any) -> None:
        book[QUALITATIVE.name]["A5"].value = "B1"
        book[DISTRICT.name].cell(ROW["C2.enrolled"], 1).value = "C2.eligible"

    reading = excel.read(excel.spoiled(spoil))
    twice = [f for f in reading.errors if f.code == "row_twice"]
    assert {f.sheet for f in twice} == {"区县数据", "定性指标"}
    assert "第 4、5 行" in next(f.text for f in twice if f.sheet == "定性指标")


def test_an_item_without_code_is_known_by_its_name() -> None:
    def spoil(book: Any) -> None:
        book[DISTRICT.name].cell(ROW["B11.eligible"], 1).value = None

    reading = excel.read(excel.spoiled(spoil))
    assert not reading.errors
    assert reading.district["B11.eligible"].value == 900


def test_a_deleted_value_column_is_missing() -> None:
    reading = excel.read(excel.spoiled(lambda book: book[DISTRICT.name].delete_cols(4)))
    assert [f.field for f in excel.found(reading, "column_missing")] == ["数值"]


def test_blank_lines_are_warned_about_and_missing_sheets_too() -> None:
    def spoil(book: Any) -> None:
        book[DISTRICT.name].cell(ROW["D1.sample"], 4).value = None
        book[VETO.name]["C4"].value = "没有"
        book[VETO.name]["C5"].value = "不清楚"
        book.remove(book[QUALITATIVE.name])

    found = told(spoil)
    assert ("not_reported", "区县数据", f"D{ROW['D1.sample']}") in found
    assert ("read_as", "一票否决", "C4") in found
    assert ("unknown_choice", "一票否决", "C5") in found
    assert ("sheet_missing", "定性指标", "") in found


def test_levels_and_rates_of_subjects() -> None:
    def spoil(book: Any) -> None:
        sheet = book[DISTRICT.name]
        sheet.cell(ROW["C9.数学.level"], 4).value = "优秀"
        sheet.cell(ROW["C9.英语.difference"], 4).value = "12%"
        sheet.cell(ROW["C9.科学.difference"], 4).value = 12

    reading = excel.read(excel.spoiled(spoil))
    assert from_reading(reading).payload()["district"]["C9.英语.difference"] == "0.12"
    assert [(f.code, f.cell) for f in reading.errors] == [
        ("unknown_choice", f"D{ROW['C9.数学.level']}"),
        ("too_large", f"D{ROW['C9.科学.difference']}"),
    ]
