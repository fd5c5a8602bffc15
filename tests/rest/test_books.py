"""A workbook opens as people expect: sums work, heads stay, nothing runs."""

from decimal import Decimal
from io import BytesIO

import openpyxl

from rest.books import Number, Sheet, title_of, write_book


def read(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(write_book(sheets)))


def test_numbers_are_whole_in_the_cell_and_short_on_the_screen() -> None:
    rows = [["学校", "数值"], ["甲小学", Number(Decimal("4.216867"), 2)], ["乙小学", ""]]
    page = read(Sheet("学校", rows))["学校"]
    assert (page["B2"].value, page["B2"].number_format) == (4.216867, "0.00")
    assert page["B3"].value in (None, "")


def test_unknown_is_a_blank_and_zero_is_zero() -> None:
    assert Number.read(None, 2) == Number.read("", 2) == ""
    assert Number.read("0", 2) == Number(Decimal(0), 2)


def test_heads_stay_are_filtered_and_repeat_on_paper() -> None:
    page = read(Sheet("区县", [["代码", "区县", "数"], ["500106", "沙坪坝区", 1]], 2))["区县"]
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == "A1:C2"
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)


def test_a_column_is_as_wide_as_its_longest_name() -> None:
    """Ten Chinese characters are twenty digits wide."""
    page = read(Sheet("学校", [["校"], ["甲" * 10], ["乙" * 300]]))["学校"]
    assert 20 < page.column_dimensions["A"].width <= 50


def test_names_excel_refuses_are_made_to_fit() -> None:
    assert title_of("年[度]/结:果*?") == "年度结果"
    assert len(title_of("长" * 40)) == 31


def test_text_never_becomes_a_formula() -> None:
    page = read(Sheet("学校", [["=1+1"], ["=SUM(A1)"], ["0012"]]))["学校"]
    assert {cell.data_type for (cell,) in page.iter_rows()} == {"s"}
