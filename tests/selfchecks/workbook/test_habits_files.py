"""How people send files and name schools: the rest of the catalogue, and that it is complete."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from selfchecks.services.reported import from_reading
from selfchecks.workbook.examine import examine
from selfchecks.workbook.lines import match_school
from selfchecks.workbook.reading import RegisterSchool
from tests.selfchecks.workbook import test_habits_sheets, test_habits_values
from tests.selfchecks.workbook.habit_case import Case, check
from tests.selfchecks.workbook.test_habits_sheets import do, edit
from tests.workbooks import district, excel, packages
from workbooks.findings import Refused
from workbooks.names import display_file_name, same_name

SCHOOLS = district.schools()
TEXT = excel.as_text(SCHOOLS)
NAME = SCHOOLS[2]["school_name"]  # stands in B6


def csv(codec: str, text: str = TEXT) -> Any:
    return lambda: text.encode(codec)


def text_file(row: int, what: str, content: Any, encoding: str) -> Case:
    def also(reading: Any) -> bool:
        notice = excel.found(reading, "encoding")[0]
        is_named = notice.params["encoding"] == encoding
        return is_named and reading.schools[0].name == SCHOOLS[0]["school_name"]

    return Case(row, what, content, "N", ("encoding",), filename="自查.csv", also=also)


def register_with(**changes: Any) -> dict[str, Any]:
    """The register with another name for the school in row 6."""
    schools = list(district.register(SCHOOLS))
    schools[2] = replace(schools[2], **changes)
    return {"register": tuple(schools)}


def last_year(**factors: float) -> dict[str, Any]:
    """Last year's figures of the school in row 6, some of them multiplied."""
    figures = {k: v for k, v in SCHOOLS[2].items() if isinstance(v, int | float)}
    figures = {k: v + 1 for k, v in figures.items()}
    figures |= {name: SCHOOLS[2][name] * factor for name, factor in factors.items()}
    return {"last_year": {SCHOOLS[2]["school_code"]: figures}}


def copy_down(sheet: Any, _: Any) -> None:
    for row in range(4, 16):
        sheet.cell(row, district.column("sports_ground_area")).value = 7777


def copy_row(sheet: Any, _: Any) -> None:
    for column in range(6, 37):
        sheet.cell(11, column).value = sheet.cell(4, column).value


def no_code(sheet: Any, _: Any) -> None:
    sheet["A6"].value = None


def two_rows(sheet: Any, _: Any) -> None:
    """A nine-year school told on two rows, one for each stage."""
    for column in range(1, 37):
        sheet.cell(16, column).value = sheet.cell(6, column).value


def merged_two_rows(sheet: Any, _: Any) -> None:
    sheet["A7"].value = None
    sheet.merge_cells("A6:A7")


def pupils_without_reason(sheet: Any, _: Any) -> None:
    sheet["F6"].value = 0
    sheet["K6"].value = sheet["AF6"].value = sheet["AG6"].value = 0


TWICE = ("row_twice", "missing_school", "renamed_school")
BRACKETED = NAME + "\uff08本部\uff09"
CASES = [
    Case(30, "newline", edit(B6=NAME[:4] + "\n" + NAME[4:]), "N", ("name_alias",), "B6"),
    Case(30, "brackets", edit(B6=BRACKETED), "N", ("name_alias",), "B6",
         expected=register_with(name=NAME + "(本部)")),
    Case(31, "city-prefix", edit(B6="重庆市" + NAME), "N", ("name_alias",), "B6"),
    Case(31, "old-name", edit(B6="老校名小学"), "N", ("name_alias",), "B6",
         expected=register_with(former_names=("老校名小学",))),
    Case(31, "other-name", edit(B6="完全不同学校"), "W", ("renamed_school",), "B6"),
    Case(31, "name-only", do(no_code), "W", ("school_by_name",), "A6",
         also=lambda r: r.schools[2].code == SCHOOLS[2]["school_code"]),
    Case(31, "unknown-name", edit(A6=None, B6="无此学校"), "E", ("school_unnamed",), "A6"),
    Case(31, "two-candidates", do(no_code), "E", ("school_ambiguous",), "A6",
         expected={"register": (*district.register(SCHOOLS), RegisterSchool("2150099999", NAME))}),
    Case(32, "scientific", edit(A6="2.15E+09"), "E", ("bad_code",), "A6"),
    Case(32, "lost-zero", edit(A6=150000003), "E", ("bad_code",), "A6"),
    Case(33, "two-rows", do(two_rows), "E", TWICE[:1], "A16",
         also=lambda r: "第 6、16 行" in excel.found(r, "row_twice")[0].text),
    Case(33, "merged-rows", do(merged_two_rows), "E", TWICE, "A7"),
    Case(37, "csv", csv("utf-8"), "N", ("encoding",), filename="自查.csv"),
    *[Case(37, kind, lambda kind=kind: packages.RENAMED[kind], refused="wrong_type")
      for kind in ("ods", "xlsb", "numbers", "pdf", "png")],
    Case(37, "xls", packages.old_excel, refused="old_format", filename="自查.xls"),
    Case(37, "et", packages.old_excel, refused="old_format", filename="自查.et"),
    Case(37, "xlsm", packages.macro_workbook, refused="macro", filename="自查.xlsm"),
    Case(38, "encrypted", packages.encrypted, refused="password"),
    Case(38, "old-xls", packages.old_excel, refused="old_format"),
    text_file(39, "utf-8", csv("utf-8"), "UTF-8"),
    text_file(39, "utf-8-bom", csv("utf-8-sig"), "UTF-8"),
    text_file(39, "gb18030", csv("gb18030"), "GB18030"),
    text_file(39, "utf-16", csv("utf-16"), "UTF-16"),
    text_file(39, "utf-16-le", csv("utf-16-le"), "UTF-16"),
    text_file(39, "tabs", csv("utf-16", excel.as_text(SCHOOLS, "\t")), "UTF-16"),
    text_file(39, "quoted-newline", csv("gb18030", TEXT.replace(NAME, NAME[:3] + "\n" + NAME[3:])),
              "GB18030"),
    Case(41, "last-year", lambda: excel.template(SCHOOLS, year=2025), refused="wrong_year"),
    Case(41, "other-unit", lambda: excel.template(SCHOOLS, unit_code="500112"),
         refused="wrong_district"),
    Case(45, "sub-over-total", edit(AA6=9999), "E", ("part_over_whole",), "AA6"),
    Case(45, "negative-area", edit(U6=-1), "E", ("negative",), "U6"),
    Case(45, "no-pupils", do(pupils_without_reason), "W", ("no_pupils",), "F6"),
    Case(46, "ten", edit(), "W", ("jump",), "U6", expected=last_year(sports_ground_area=10)),
    Case(46, "hundred", edit(), "W", ("jump",), "Z6", expected=last_year(teachers=100)),
    Case(46, "ten-thousand", edit(), "W", ("jump",), "V6",
         expected=last_year(equipment_value=10_000)),
    Case(46, "change", edit(), "W", ("change",), "AC6", expected=last_year(funded_pupils=3)),
    Case(47, "column", do(copy_down), "W", ("same_column",), "U4"),
    Case(47, "row", do(copy_row), "W", ("same_rows",), "A11"),
    Case(48, "autonomous", edit(B6="酉阳县第一小学"), "N", ("name_alias",), "B6",
         expected=register_with(name="酉阳土家族苗族自治县第一小学")),
    Case(48, "variant", edit(B6="𬭎江區石角鎮小學"), "N", ("name_alias",), "B6",
         expected=register_with(name="綦江区石角镇小学")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_habit_of_sending_a_file(case: Case) -> None:
    if not case.refused:
        check(case)
        return
    with pytest.raises(Refused) as caught:
        case.read()
    assert caught.value.state == case.refused


def test_h42_the_same_file_reads_the_same_twice() -> None:
    content = excel.clean()
    first, second = (examine(content, name, excel.expected()) for name in ("a.xlsx", "b.xlsx"))
    assert first == second
    assert from_reading(first).payload() == from_reading(second).payload()


NAMES = {
    "../../etc/自查.xlsx": "自查.xlsx",
    "C:\\用户\\自查.xlsx": "自查.xlsx",
    "自查\u202excod.xlsx": "自查xcod.xlsx",
    "😀自查.xlsx": "😀自查.xlsx",
    "..": "未命名",
    "": "未命名",
}


@pytest.mark.parametrize("name", NAMES)
def test_h43_file_names_are_shown_safely(name: str) -> None:
    assert display_file_name(name) == NAMES[name]
    assert len(display_file_name("自" * 300 + ".xlsx")) <= 90


def test_h48_districts_by_their_short_names() -> None:
    assert same_name("酉阳土家族苗族自治县", "重庆市酉阳县")
    assert not same_name("酉阳县", "秀山县")
    register = [RegisterSchool("2150000001", "綦江区石角镇小学")]
    assert match_school("石角镇小学", register) == register


def test_every_habit_has_at_least_two_fixtures() -> None:
    tables = (test_habits_values.CASES, test_habits_sheets.CASES, CASES)
    counts = Counter(case.row for table in tables for case in table)
    counts.update([42, 42, *[43] * len(NAMES)])
    assert {row for row in range(1, 51) if counts[row] < 2} == set()
