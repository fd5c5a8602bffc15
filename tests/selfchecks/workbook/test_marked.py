"""The uploader's own workbook with marks: data untouched, marks come and go, text stays text."""

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from selfchecks.workbook.examine import examine
from selfchecks.workbook.reading import DATA_SHEETS, PROBLEM_SHEET, Reading
from tests.workbooks import district, excel, packages
from workbooks.findings import Severity
from workbooks.writer import mark
from workbooks.writer.comments import OPENING
from workbooks.writer.fills import MARK

GREEN = PatternFill("solid", fgColor="00FF00")
BAD = {"F6": "约12", "X7": "=1+1", "Z8": "１２人", "AA9": 9999, "C10": "其他", "A11": "2.15E+09"}


def spoil(book: Any) -> None:
    sheet = book[excel.SHEET]
    for address, content in BAD.items():
        sheet[address].value = content
    sheet["F6"].fill = GREEN
    sheet["F6"].comment = Comment("原有批注", "张三")
    sheet["B5"].comment = Comment("与本次无关", "李四")


@pytest.fixture
def uploaded() -> bytes:
    return excel.spoiled(spoil)


def reading_of(content: bytes) -> Reading:
    return examine(content, "自查.xlsx", excel.expected())


def open_book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(content: bytes) -> dict[str, dict[str, tuple[Any, ...]]]:
    """Everything a person sees in every cell of every sheet but the problem list."""
    return {
        sheet.title: {
            cell.coordinate: (cell.value, cell.number_format, cell.fill.fgColor.rgb, cell.font.b)
            for row in sheet.iter_rows()
            for cell in row
        }
        for sheet in open_book(content).worksheets
        if sheet.title != PROBLEM_SHEET
    }


def comments(content: bytes) -> dict[str, str]:
    sheet = open_book(content)[excel.SHEET]
    return {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}


def test_data_is_unchanged_cell_by_cell(uploaded: bytes) -> None:
    marked = mark(uploaded, reading_of(uploaded).findings)
    assert cells(marked) == cells(uploaded)
    untouched = packages.parts_of(uploaded).items() - packages.parts_of(marked).items()
    assert {name for name, _ in untouched} <= {
        *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
        *("xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"),
        *("xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml"),
    }


def test_every_problem_cell_has_a_comment_and_a_colour(uploaded: bytes) -> None:
    reading = reading_of(uploaded)
    marked = mark(uploaded, reading.findings)
    serious = {f.cell for f in (*reading.errors, *reading.warnings) if f.sheet == excel.SHEET}
    assert set(BAD) <= serious
    told = comments(marked)
    assert {cell for cell, text in told.items() if OPENING in text} == serious - {""}
    assert "是约数或范围" in told["F6"]
    assert told["F6"].startswith("原有批注")
    formats = open_book(marked)[excel.SHEET].conditional_formatting
    coloured = [f.sqref for f in formats if any(MARK in str(r.formula) for r in f.rules)]
    for cell in serious - {""}:
        assert any(cell in str(area).split() for area in coloured)


def test_the_problem_list_comes_first_with_links(uploaded: bytes) -> None:
    reading = reading_of(uploaded)
    book = open_book(mark(uploaded, reading.findings))
    sheet = book.worksheets[0]
    assert sheet.title == PROBLEM_SHEET
    assert book.active.title == PROBLEM_SHEET
    heading = [cell.value for cell in sheet[3]]
    assert heading == [
        *("序号", "级别", "单元格", "学校或事项", "项目", "您填的", "问题", "应当是", "怎么改")
    ]
    listed = {row[2].value: row for row in sheet.iter_rows(min_row=4)}
    assert len(list(sheet.iter_rows(min_row=4))) == len(reading.findings)
    line = listed["学校数据!F6"]
    assert line[2].hyperlink.location == "'学校数据'!F6"
    assert [cell.value for cell in line][1:] == [
        "必须修改",
        "学校数据!F6",
        "沙坪坝区第3小学",
        "小学在校生数",
        "约12",
        "F6 填的「约12」是约数或范围。",
        "「小学在校生数」应当是：0 或以上的整数。",
        "请填一个确切的数字。",
    ]
    assert [row[0].value for row in sheet.iter_rows(min_row=4)] == [
        str(n) for n in range(1, len(reading.findings) + 1)
    ]


def test_the_list_sums_up_in_one_line_and_keeps_the_order_of_the_page(uploaded: bytes) -> None:
    reading = reading_of(uploaded)
    sheet = open_book(mark(uploaded, reading.findings)).worksheets[0]
    errors = len(reading.errors)
    assert sheet["A1"].value.startswith(f"{errors} 个必须修改，")
    assert not sheet["A1"].alignment.wrap_text  # or it breaks inside the narrow first column
    places = [row[2].value for row in sheet.iter_rows(min_row=4)]
    assert places == [f.place for f in (*reading.errors, *reading.warnings, *reading.notices)]


def test_the_marked_workbook_goes_back_in_as_it_is(uploaded: bytes) -> None:
    first = reading_of(uploaded)
    again = reading_of(mark(uploaded, first.findings))
    assert again == first


def test_marks_of_the_round_before_are_taken_off(uploaded: bytes) -> None:
    marked = mark(uploaded, reading_of(uploaded).findings)
    clean = mark(marked, [])
    assert comments(clean) == comments(uploaded)
    assert cells(clean) == cells(uploaded)
    for name, content in packages.parts_of(clean).items():
        assert OPENING.encode() not in content
        assert not (name.startswith("xl/worksheets/") and MARK.encode() in content)
    assert open_book(clean)[PROBLEM_SHEET]["A1"].value == "没有发现问题。"


def test_corrected_file_is_free_of_problems(uploaded: bytes) -> None:
    """The clerk corrects the marked file in a spreadsheet program and sends it as it is."""
    book = open_book(mark(uploaded, reading_of(uploaded).findings))
    good = excel.clean_book()[excel.SHEET]
    for address in BAD:
        book[excel.SHEET][address].value = good[address].value
    reading = reading_of(excel.save(book))
    assert not reading.errors
    assert not reading.warnings


def test_marking_twice_is_marking_once(uploaded: bytes) -> None:
    findings = reading_of(uploaded).findings
    once = mark(uploaded, findings)
    assert comments(mark(once, findings)) == comments(once)
    assert len(open_book(mark(once, findings)).sheetnames) == len(open_book(once).sheetnames)


def test_names_of_single_sheets_still_point_to_them(uploaded: bytes) -> None:
    book = open_book(uploaded)
    book[excel.SHEET].print_title_rows = "1:3"
    content = excel.save(book)
    marked = open_book(mark(content, reading_of(content).findings))
    assert marked[excel.SHEET].print_title_rows == "$1:$3"
    assert not marked[PROBLEM_SHEET].print_title_rows


def test_cached_results_of_formulas_stay(uploaded: bytes) -> None:
    """openpyxl would drop them, and the next upload would be refused for lack of results."""
    cell = b'<c r="X4"><f>1+1</f><v>2</v></c>'

    def change(xml: bytes) -> bytes:
        start = xml.index(b'<c r="X4"')
        return xml[:start] + cell + xml[xml.index(b"</c>", start) + 4 :]

    content = packages.edited(packages.SHEET, change)
    marked = mark(content, examine(content, "自查.xlsx").findings)
    assert cell in packages.parts_of(marked)[packages.SHEET]


def test_a_csv_comes_back_as_a_workbook_with_the_same_addresses() -> None:
    schools = district.schools()
    schools[1]["music_rooms"] = "约3"
    content = excel.as_text(schools).encode("gb18030")
    reading = examine(content, "自查.csv", excel.expected())
    marked = mark(content, reading.findings, DATA_SHEETS)
    assert {f.cell for f in reading.of(Severity.ERROR)} == {"X5"}
    assert open_book(marked)[excel.SHEET]["X5"].value == "约3"
    again = examine(marked, "自查.xlsx", excel.expected())
    assert {f.cell for f in again.of(Severity.ERROR)} == {"X5"}


def test_prefixed_xml_is_marked_too(uploaded: bytes) -> None:
    """Some programs write <x:worksheet>; every tag we add must carry the same prefix."""
    parts = packages.parts_of(packages.clean())
    parts[packages.SHEET] = packages.with_prefix(parts[packages.SHEET])
    content = packages.pack(parts)
    book = open_book(content)
    assert book[excel.SHEET]["A4"].value
    others = [{**school, "school_name": "另一所学校"} for school in district.schools(3)]
    expected = excel.expected(3, register=district.register(others))
    findings = examine(content, "自查.xlsx", expected).findings
    assert [f.cell for f in findings] == ["B4", "B5", "B6"]
    marked = mark(content, findings)
    assert set(comments(marked)) == {"B4", "B5", "B6"}
    assert examine(marked, "自查.xlsx", expected).findings == findings
    assert comments(mark(marked, [])) == {}


def test_rows_of_the_list_are_as_high_as_their_texts(uploaded: bytes) -> None:
    """A line of the problem column holds 44 digits or 22 Chinese characters."""
    sheet = open_book(mark(uploaded, reading_of(uploaded).findings)).worksheets[0]
    heights = {row[2].value: sheet.row_dimensions[row[0].row].height for row in sheet}
    assert sheet.row_dimensions[1].height == 15
    assert heights["学校数据!F6"] == 30  # 「小学在校生数」应当是:0 或以上的整数。
    assert heights["学校数据!A11"] >= 30
