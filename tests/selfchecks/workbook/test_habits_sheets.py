"""How people change sheets: rows of the catalogue about headers, rows, columns and sheets."""

from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from selfchecks.workbook.reading import IDENTITY_SHEET, SCHOOLS
from tests.selfchecks.workbook.habit_case import Case, check
from tests.workbooks import excel, packages
from tests.workbooks.excel import SHEET, place, spoiled, value

YELLOW = PatternFill("solid", fgColor="FFFF00")


def edit(**cells: Any) -> Any:
    """Writes into the schools' sheet by address."""

    def spoil(book: Any) -> None:
        for address, content in cells.items():
            book[SHEET][address].value = content

    return lambda: spoiled(spoil)


def do(action: Any, count: int = 12) -> Any:
    return lambda: spoiled(lambda book: action(book[SHEET], book), count)


def formula_cell(body: bytes, kind: bytes = b"") -> Any:
    """A formula with or without the result its program saved."""

    def change(xml: bytes) -> bytes:
        start = xml.index(b'<c r="X6"')
        end = xml.index(b"</c>", start) + 4
        return xml[:start] + b'<c r="X6"' + kind + b">" + body + b"</c>" + xml[end:]

    return lambda: packages.edited(packages.SHEET, change)


def two_level_header(sheet: Any, _: Any) -> None:
    """小学 over 在校生数, merged over its columns, and no hidden codes any more."""
    for column, entry in enumerate(SCHOOLS.columns, 1):
        stage = {"primary": "小学", "junior": "初中", "senior": "高中"}.get(entry.stage or "")
        if stage:
            sheet.cell(1, column).value = stage
            sheet.cell(2, column).value = entry.label.removeprefix(stage)
        else:
            sheet.cell(1, column).value = None
    sheet.merge_cells("F1:F1")
    sheet.row_dimensions[1].hidden = False


def three_level_header(sheet: Any, book: Any) -> None:
    two_level_header(sheet, book)
    sheet.insert_rows(1)
    sheet["A1"].value = "2026 年学校数据"
    sheet.merge_cells("A1:AJ1")


def without_codes(sheet: Any, _: Any) -> None:
    for column in range(1, len(SCHOOLS.columns) + 1):
        sheet.cell(1, column).value = None


def swap_columns(sheet: Any, _: Any) -> None:
    first, second = SCHOOLS.position("music_rooms"), SCHOOLS.position("teachers")
    for row in range(1, sheet.max_row + 1):
        a, b = sheet.cell(row, first), sheet.cell(row, second)
        a.value, b.value = b.value, a.value


def insert_column(sheet: Any, _: Any) -> None:
    sheet.insert_cols(3)
    sheet["C2"].value, sheet["C4"].value = "校长", "张三"


def delete_column(code: str) -> Any:
    return do(lambda sheet, _: sheet.delete_cols(SCHOOLS.position(code)))


def merge_names(sheet: Any, _: Any) -> None:
    sheet["D5"].value, sheet["D6"].value = "乡村", None
    sheet.merge_cells("D5:D6")


def merge_numbers(sheet: Any, _: Any) -> None:
    sheet["X6"].value = None
    sheet.merge_cells("X5:X6")


def title_rows(sheet: Any, _: Any) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"].value = "沙坪坝区学校基本情况"


def tail_rows(sheet: Any, _: Any) -> None:
    sheet["A18"].value, sheet["F18"].value = "填表人:张三", "填表日期:2026年9月1日"
    sheet["A19"].value = "本表由区教委汇总"


def totals(label: str, column: str = "A") -> Any:
    def action(sheet: Any, _: Any) -> None:
        sheet[f"{column}16"].value = label
        sheet["Z16"].value = 99999

    return do(action)


def hide_rows(sheet: Any, _: Any) -> None:
    sheet.row_dimensions[6].hidden = sheet.row_dimensions[7].hidden = True


def hide_column(sheet: Any, _: Any) -> None:
    sheet.column_dimensions["X"].hidden = True


def blank_row(sheet: Any, _: Any) -> None:
    sheet.insert_rows(8, 3)


def copy_sheet(*, with_data: bool) -> Any:
    def action(sheet: Any, book: Any) -> None:
        copy = book.copy_worksheet(sheet)
        copy.title = "Sheet1 (2)"
        if with_data:
            copy["Z6"].value = 1
        else:
            copy.delete_rows(4, 100)

    return do(action)


def rename(sheet: Any, book: Any) -> None:
    sheet.title = "Sheet1"
    book.move_sheet(sheet, 4)


def lose_header_texts(sheet: Any, _: Any) -> None:
    for row in (1, 2):
        for column in range(1, 40):
            sheet.cell(row, column).value = f"列{column}"


def colour_blanks(sheet: Any, _: Any) -> None:
    sheet["X6"].value = None
    sheet["X6"].fill = YELLOW


def second_table(sheet: Any, _: Any) -> None:
    for column in range(1, 37):
        sheet.cell(17, column).value = sheet.cell(2, column).value
        sheet.cell(18, column).value = sheet.cell(15, column).value
    sheet["A18"].value = "2150000099"


def second_codes(sheet: Any, _: Any) -> None:
    for column in range(1, 37):
        sheet.cell(20, column).value = sheet.cell(1, column).value


def wps_validations(sheet: Any, _: Any) -> None:
    sheet.data_validations.dataValidation = []


def mark_1904(_: Any, book: Any) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904


def add_comment(sheet: Any, _: Any) -> None:
    sheet["X6"].value = "见批注"
    sheet["X6"].comment = Comment("原有 3 间", "张三")


X6 = {"at": "X6"}
CASES = [
    Case(16, "no-result", formula_cell(b"<f>1+2</f>"), "E", ("uncached",), **X6),
    Case(16, "empty-result", formula_cell(b"<f>1+2</f><v></v>"), "E", ("uncached",), **X6),
    Case(17, "div", formula_cell(b"<f>1/0</f><v>#DIV/0!</v>", b' t="e"'), "E", ("formula_error",)),
    Case(17, "ref", formula_cell(b"<f>#REF!</f><v>#REF!</v>", b' t="e"'), "E", ("formula_error",)),
    Case(18, "cached", formula_cell(b"<f>1+2</f><v>3</v>"),
         also=lambda r: value(r, "music_rooms", 6) == 3),
    Case(18, "external", formula_cell(b"<f>[1]Sheet1!A1</f><v>3</v>"), "N",
         ("external_formula",), "X6"),
    Case(19, "two-levels", do(two_level_header), "W", ("no_codes",),
         also=lambda r: len(r.schools) == 12 and value(r, "pupils_primary", 6) is not None),
    Case(19, "three-levels", do(three_level_header), "W", ("no_codes",),
         also=lambda r: value(r, "pupils_junior", 7) is not None),
    Case(20, "location", do(merge_names), "N", ("merge_filled",), "D6",
         also=lambda r: value(r, "location", 6) == "乡村"),
    Case(20, "numbers", do(merge_numbers), "E", ("merged_value",), "X5"),
    Case(21, "swapped", do(swap_columns), "N", ("column_moved",)),
    Case(21, "inserted", do(insert_column), "N", ("column_ignored",), "C2"),
    Case(22, "deleted", delete_column("teachers"), "E", ("column_missing",)),
    Case(22, "deleted-key", delete_column("school_code"), "E", ("column_missing",),
         also=lambda r: {f.code for f in r.warnings} == {"school_by_name"}),
    Case(22, "edited", edit(X2="音乐教室"), "W", ("header_changed",), "X2"),
    Case(22, "edited-no-codes", do(lambda s, b: (without_codes(s, b), s.__setitem__(
        "X2", "音乐专用教室数量"))), "W", ("header_guessed", "no_codes"), "X2"),
    Case(22, "labels-swapped", edit(X2="专任教师数", Z2="音乐专用教室数"), "E",
         ("header_swapped",)),
    Case(23, "title", do(title_rows), "N", ("title_ignored",)),
    Case(23, "tail", do(tail_rows), "N", ("tail_ignored",), also=lambda r: len(r.schools) == 12),
    Case(24, "total", totals("合计"), "N", ("totals_skipped",), "A16"),
    Case(24, "mean", totals("全区平均值", "B"), "N", ("totals_skipped",), "B16"),
    Case(25, "rows", do(hide_rows), "W", ("hidden_rows",), also=lambda r: len(r.schools) == 12),
    Case(25, "column", do(hide_column), "W", ("hidden_columns",)),
    Case(26, "blank-rows", do(blank_row), also=lambda r: len(r.schools) == 12),
    Case(26, "formatted", packages.blank_rows, also=lambda r: len(r.schools) == 3,
         expected={"register": ()}),
    Case(27, "renamed", do(rename), "N", ("sheet_renamed",)),
    Case(27, "empty-copy", copy_sheet(with_data=False), "N", ("sheet_ignored",)),
    Case(27, "copy-with-data", copy_sheet(with_data=True), "E", ("sheet_twice",)),
    Case(28, "coloured", do(colour_blanks), "N", ("coloured_blanks", "not_reported"), "X6"),
    Case(28, "coloured-value", do(lambda s, _: setattr(s["X6"], "fill", YELLOW))),
    Case(29, "see-note", do(add_comment), "E", ("see_note",), "X6"),
    Case(29, "see-attachment", edit(X6="见附件"), "E", ("see_note",), "X6"),
    Case(40, "no-validations", do(wps_validations)),
    Case(40, "value-outside-list", edit(C6="职业学校"), "E", ("unknown_choice",), "C6"),
    Case(49, "second-header", do(second_table), "E", ("second_header", "unknown_school"), "A17"),
    Case(49, "second-codes", do(second_codes), "E", ("second_header",), "A20"),
    Case(50, "image", lambda: packages.with_part("xl/media/image1.png"), "N", ("foreign_part",),
         expected={"register": ()}),
    Case(50, "pivot", lambda: packages.with_part("xl/pivotCache/pivotCacheRecords1.xml", b"<x/>"),
         "N", ("foreign_part",), expected={"register": ()}),
    Case(34, "epoch", do(mark_1904)),
]  # fmt: skip


@pytest.mark.parametrize("case", [c for c in CASES if c.row not in {16, 17, 18}], ids=str)
def test_habit_of_changing_a_sheet(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", [c for c in CASES if c.row in {16, 17, 18}], ids=str)
def test_habit_of_writing_formulas(case: Case) -> None:
    """These fixtures hold three schools only, so the register is left out."""
    case.expected["register"] = ()
    check(case)


def test_h27_no_known_sheet_is_refused() -> None:
    def spoil(book: Any) -> None:
        for sheet in list(book.worksheets):
            if sheet.title in {SHEET, IDENTITY_SHEET}:
                lose_header_texts(sheet, book)
            else:
                book.remove(sheet)

    with pytest.raises(Exception, match="没有找到模板里的任何一张工作表"):
        excel.read(spoiled(spoil))


def test_h26_data_far_below_is_not_silently_dropped() -> None:
    with pytest.raises(Exception, match="A2000"):
        excel.read(spoiled(lambda book: book[SHEET].__setitem__("A2000", "2150000099")))


def test_place_of_music_rooms_is_x() -> None:
    assert place("music_rooms", 6) == "X6"
