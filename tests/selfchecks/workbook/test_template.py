"""The template knows its district, helps while typing, and is known when it comes back."""

import io
from typing import Any

import openpyxl
import pytest

from selfchecks.services.reported import from_reading
from selfchecks.workbook.examine import examine
from selfchecks.workbook.reading import (
    DATA_SHEETS,
    DISTRICT,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    LAST_YEAR_SHEET,
    QUALITATIVE,
    SCHOOLS,
    TEMPLATE_ID,
)
from tests.workbooks import district, excel
from workbooks.entry import hint_of
from workbooks.findings import Refused

GIVEN = ("school_code", "school_name", "school_type", "location", "ownership", "boarding")


@pytest.fixture(scope="module")
def content() -> bytes:
    schools = district.schools()
    return excel.template(
        [{code: school[code] for code in GIVEN} for school in schools],
        last_year={school["school_code"]: school for school in schools},
        last_year_district={"B11.eligible": 777},
        indicator_names={"B1": "规划布局合理"},
    )


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_sheets_and_header_rows(book: Any) -> None:
    names = [layout.name for layout in DATA_SHEETS]
    assert book.sheetnames == [*names, LAST_YEAR_SHEET, INSTRUCTIONS_SHEET, IDENTITY_SHEET]
    sheet = book[SCHOOLS.name]
    assert [cell.value for cell in sheet[1]] == [entry.code for entry in SCHOOLS.columns]
    assert [cell.value for cell in sheet[2]] == [entry.label for entry in SCHOOLS.columns]
    assert sheet.row_dimensions[1].hidden
    assert sheet.freeze_panes == "C4"
    assert sheet["A4"].value == "2150000001"
    assert sheet["A4"].number_format == "@"


def test_headers_are_locked_and_data_is_not(book: Any) -> None:
    sheet = book[SCHOOLS.name]
    assert sheet.protection.sheet
    assert not sheet.protection.formatColumns
    assert all(sheet.cell(row, 1).protection.locked for row in (1, 2, 3))
    assert not sheet["F4"].protection.locked
    assert not sheet.column_dimensions["F"].protection.locked


def test_lists_come_from_hidden_named_ranges_and_numbers_have_prompts(book: Any) -> None:
    rules = {
        str(rule.sqref).split(":")[0]: rule
        for rule in book[SCHOOLS.name].data_validations.dataValidation
    }
    assert rules["C4"].formula1 == "list_school_type"
    assert book.defined_names["list_school_type"].hidden
    assert rules["F4"].type == "whole"
    assert rules["S4"].type == "decimal"
    assert "㎡" in rules["S4"].prompt
    assert rules["AF4"].type == "custom"
    assert book[IDENTITY_SHEET].sheet_state == "veryHidden"


def test_identity_stands_in_two_places(book: Any) -> None:
    marks = {
        "template": TEMPLATE_ID,
        "year": "2026",
        "unit_code": "500106",
        "unit_name": "沙坪坝区",
    }
    sheet = book[IDENTITY_SHEET]
    assert {sheet.cell(r, 1).value: sheet.cell(r, 2).value for r in range(1, 5)} == marks
    assert {prop.name: prop.value for prop in book.custom_doc_props.props} == marks


def test_document_properties_alone_are_enough(book: Any, content: bytes) -> None:
    copy = openpyxl.load_workbook(io.BytesIO(content))
    copy.remove(copy[IDENTITY_SHEET])
    for prop in copy.custom_doc_props.props:
        if prop.name == "year":
            prop.value = "2025"
    copy[SCHOOLS.name]["Z4"].value = 5
    with pytest.raises(Refused, match="2025"):
        examine(excel.save(copy), "自查.xlsx", excel.expected())


def test_last_year_is_grey_and_never_read(book: Any, content: bytes) -> None:
    sheet = book[LAST_YEAR_SHEET]
    assert sheet["Z4"].value == district.schools()[0]["teachers"]
    assert sheet["Z4"].font.color.rgb == "00808080"
    assert book[SCHOOLS.name]["Z4"].value is None
    district_sheet = book[DISTRICT.name]
    row = 4 + DISTRICT.lines.index("B11.eligible")
    assert (district_sheet.cell(row, 4).value, district_sheet.cell(row, 5).value) == (None, 777)
    with pytest.raises(Refused) as caught:
        examine(content, "自查.xlsx", excel.expected())
    assert caught.value.state == "empty"


def test_last_year_copied_over_is_noticed(content: bytes) -> None:
    copy = openpyxl.load_workbook(io.BytesIO(content))
    for column in range(6, 36):
        copy[SCHOOLS.name].cell(4, column).value = copy[LAST_YEAR_SHEET].cell(4, column).value
    last_year = {s["school_code"]: s for s in district.schools()}
    reading = examine(excel.save(copy), "自查.xlsx", excel.expected(last_year=last_year))
    assert [f.row for f in excel.found(reading, "same_as_last_year")] == [4]


def test_instructions_give_one_right_and_one_wrong_example_per_column(book: Any) -> None:
    rows = list(book[INSTRUCTIONS_SHEET].iter_rows(min_row=10, values_only=True))
    given = len(DISTRICT.columns) + 2 + 2  # code and wording of an indicator or a veto item
    assert len(rows) == sum(len(s.columns) for s in DATA_SHEETS) + len(DISTRICT.lines) - given
    assert all(row[4] and row[5] for row in rows)


def test_examples_fit_what_is_asked(book: Any) -> None:
    rows = list(book[INSTRUCTIONS_SHEET].iter_rows(min_row=10, values_only=True))
    examples = {row[:2]: row[4:6] for row in rows}
    assert examples["学校数据", "学校名称"] == ("重庆市沙坪坝区某某小学", "见备注")
    assert examples["学校数据", "专任教师数"] == ("1234", "约1200人")
    assert examples["学校数据", "音乐专用教室数"] == ("12", "12间左右")
    assert examples["学校数据", "小学班级数"] == ("12", "12个左右")
    assert examples["学校数据", "运动场地面积"] == ("1234.5", "1234.5㎡左右")
    assert examples["学校数据", "公用经费预算"] == ("1234.5", "1234.5万元左右")
    assert examples["区县数据", "特殊教育学校生均公用经费"] == ("1234.5", "1234.5元左右")
    assert examples["定性指标", "佐证"] == ("渝教发〔2025〕3号文件", "有材料")
    assert sum("某某小学" in right for right, _wrong in examples.values()) == 1


def test_names_and_rules_have_room() -> None:
    """Two columns of width for a Chinese character; rules are set in small type."""
    name = "綦江区翠屏中学附属第二实验小学"
    schools = [{"school_code": "2150000001", "school_name": name, "school_type": "小学"}]
    book = openpyxl.load_workbook(io.BytesIO(excel.template(schools)))
    sheet = book[SCHOOLS.name]
    assert sheet.column_dimensions["B"].width >= 2 * len(name)
    rule = hint_of(SCHOOLS.by_code["school_type"])
    shown = sheet.column_dimensions["C"].width * (sheet.row_dimensions[3].height // 12)
    assert shown >= 2 * len(rule)


def test_no_macros_no_links(content: bytes) -> None:
    assert not examine_filled().notices
    assert b"externalLink" not in content


def examine_filled() -> Any:
    return excel.read(excel.clean())


def test_other_subjects_may_be_added() -> None:
    def spoil(book: Any) -> None:
        sheet, row = book[DISTRICT.name], 4 + len(DISTRICT.lines)
        for column, content in enumerate(("C9.道德与法治.level", "", "", "Ⅲ"), 1):
            sheet.cell(row, column).value = content

    reading = excel.read(excel.spoiled(spoil))
    assert not reading.errors
    assert from_reading(reading).payload()["district"]["C9.道德与法治.level"] == "3"


def test_payload_has_the_shape_of_the_api() -> None:
    payload = from_reading(excel.read(excel.clean())).payload()
    assert list(payload) == ["schools", "district", "qualitative", "veto"]
    school = payload["schools"][0]
    assert school["school_code"] == "2150000001"
    assert isinstance(school["pupils_primary"], int)
    assert isinstance(school["teaching_area"], str)
    assert "pupils_junior" not in school
    assert payload["district"]["B8.teacher_pay"] == "123456.78"
    assert payload["district"]["C9.语文.difference"] == "0.11"
    assert payload["qualitative"]["B1"] == {"conclusion": "达标", "note": "", "evidence": ""}
    assert payload["veto"]["V1"] == {"answer": "否", "note": ""}


def test_c6_offers_its_grades_and_other_lines_do_not(book: Any) -> None:
    rules = {
        str(rule.sqref): rule.formula1
        for rule in book[QUALITATIVE.name].data_validations.dataValidation
    }
    row = {code: number for number, code in enumerate(QUALITATIVE.lines, 4)}
    offered = {}
    for line in ("B1", "C6"):
        area = book.defined_names[rules[f"C{row[line]}"]].attr_text
        sheet, cells = area.replace("$", "").replace("'", "").split("!")
        offered[line] = [cell.value for (cell,) in book[sheet][cells]]
    assert offered["B1"] == ["达标", "不达标"]
    assert offered["C6"] == ["优秀", "良好", "合格", "不合格", "达标", "不达标"]
