"""Figures against each other, last year and the register, at the cell that should be looked at."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from selfchecks.workbook.checks import check
from selfchecks.workbook.reading import Answer, Expected, Reading, RegisterSchool, Row
from tests.workbooks import district, excel

NINE_YEAR = district.schools()[2]


def row_of(number: int = 6, **changes: Any) -> Row:
    """The nine-year school of the demonstration district with some figures changed."""
    school = {**NINE_YEAR, **changes}
    answers = {
        code: Answer(
            Decimal(str(value)) if isinstance(value, float) else value,
            excel.place(code, number),
            str(value),
        )
        for code, value in school.items()
    }
    return Row("学校数据", number, answers, frozenset({"pupils_senior"}))


def findings(*rows: Row, expected: Expected | None = None) -> list[tuple[str, str]]:
    reading = Reading(schools=rows, sheets={"学校数据": "学校数据"})
    return [(f.code, f.cell) for f in check(reading, expected or Expected())]


def test_a_consistent_row_says_nothing() -> None:
    assert findings(row_of()) == []


OVER: list[tuple[str, str]] = [
    ("teachers_certified", "teachers"),
    ("teachers_trained", "teachers"),
    ("qualified_teachers_primary", "teachers"),
    ("backbone_teachers_junior", "teachers"),
    ("pe_arts_teachers_primary", "teachers"),
    ("indoor_sports_area", "teaching_area"),
    ("nearby_intake_primary", "intake_primary"),
    ("nearby_intake_junior", "intake_junior"),
    ("intake_primary", "pupils_primary"),
]


@pytest.mark.parametrize(("part", "whole"), OVER)
def test_part_over_whole(part: str, whole: str) -> None:
    found = findings(row_of(**{part: NINE_YEAR[whole] + 1}))
    assert ("part_over_whole", excel.place(part, 6)) in found


@pytest.mark.parametrize(("part", "whole"), OVER)
def test_part_equal_to_the_whole_is_fine(part: str, whole: str) -> None:
    found = findings(row_of(**{part: NINE_YEAR[whole]}))
    assert "part_over_whole" not in dict(found)


def test_stages_together_over_the_whole() -> None:
    half = NINE_YEAR["teachers"] // 2 + 1
    row = row_of(qualified_teachers_primary=half, qualified_teachers_junior=half)
    assert findings(row) == [("parts_over_whole", "Z6")]


def test_figures_of_a_stage_the_type_lacks() -> None:
    row = replace(row_of(school_type="小学"), not_asked=frozenset())
    told = {cell for code, cell in findings(row) if code == "stage_unexpected"}
    assert {"G6", "J6", "L6"} <= told


def test_class_sizes_against_pupils() -> None:
    assert findings(row_of(largest_class_primary=5)) == [("class_too_small", "K6")]
    over = NINE_YEAR["pupils_primary"] + 1
    assert findings(row_of(largest_class_primary=over)) == [("class_over_pupils", "K6")]
    assert ("pupils_without_classes", "I6") in findings(row_of(classes_primary=0))


def test_largest_class_may_equal_the_mean() -> None:
    assert findings(row_of(pupils_primary=400, classes_primary=10, largest_class_primary=40)) == []


def test_no_pupils_but_teachers() -> None:
    row = row_of(
        pupils_primary=0, intake_primary=0, nearby_intake_primary=0, largest_class_primary=0
    )
    assert ("no_pupils", "F6") in findings(row)


@pytest.mark.parametrize("factor", [10, 100, 10_000])
def test_jumps_in_both_directions(factor: int) -> None:
    for then in (
        NINE_YEAR["sports_ground_area"] * factor,
        NINE_YEAR["sports_ground_area"] / factor,
    ):
        last_year = {NINE_YEAR["school_code"]: {"sports_ground_area": then}}
        assert findings(row_of(), expected=Expected(last_year=last_year)) == [("jump", "U6")]


@pytest.mark.parametrize(
    ("then", "now", "code", "factor"),
    [
        (34.56, 1234.5, "leap", "36"),
        (337.57, 23000.0, "leap", "68"),
        (60.0, 9999.0, "leap", "167"),
        (9999.0, 60.0, "leap", "167"),
        (2300.0, 95.0, "leap", "24"),
        (100.0, 9500.0, "jump", "95"),
        (25000.0, 2.0, "jump", "12500"),
        (4.0, 33.0, "jump", "8"),
    ],
)
def test_a_jump_tells_its_own_factor_and_a_wrong_unit_only_near_powers_of_ten(
    then: float, now: float, code: str, factor: str
) -> None:
    last_year = {NINE_YEAR["school_code"]: {"training_budget": then}}
    reading = Reading(schools=(row_of(training_budget=now),), sheets={"学校数据": "学校数据"})
    (found,) = (f for f in check(reading, Expected(last_year=last_year)) if "上年是" in f.text)
    assert (found.code, found.params["factor"]) == (code, factor)
    assert ("单位" in str(found.fix)) == (code == "jump")


def test_last_year_as_decimal_strings_of_the_api() -> None:
    last_year = {NINE_YEAR["school_code"]: {"teaching_area": "1.5", "teachers": None}}
    assert findings(row_of(), expected=Expected(last_year=last_year)) == [("leap", "S6")]


@pytest.mark.parametrize("code", ["equipment_value", "operating_budget", "teaching_area"])
def test_unlikely_ratios(code: str) -> None:
    assert ("unlikely", excel.place(code, 6)) in findings(
        row_of(**{code: NINE_YEAR[code] * 10_000})
    )


def test_small_and_special_schools_are_unusual_by_nature() -> None:
    special = row_of(school_type="特殊教育学校", equipment_value=9999.0)
    assert findings(special) == []


def test_copied_rows_are_named_once() -> None:
    rows = [row_of(number, school_code=f"215000000{number}") for number in (4, 5, 6)]
    assert ("same_rows", "A5") in findings(*rows)


def test_a_run_of_one_value() -> None:
    rows = [
        row_of(
            n,
            school_code=f"21500000{n:02}",
            sports_ground_area=8000.0,
            teachers=200 + n,
            school_name=f"第{n}小学",
        )
        for n in range(4, 14)
    ]
    assert ("same_column", "U4") in findings(*rows)
    reading = Reading(schools=tuple(rows), sheets={"学校数据": "学校数据"})
    (told,) = (f for f in check(reading, Expected()) if f.cell == "U4")
    assert told.about == "第4小学 … 第13小学"


def test_register() -> None:
    register = (
        RegisterSchool("2150000003", NINE_YEAR["school_name"], "初中"),
        RegisterSchool("2150000009", "没有报的学校"),
    )
    rows = (row_of(), row_of(7, school_code="2150000008", teachers=201))
    found = findings(*rows, expected=Expected(register=register))
    assert ("other_type", "C6") in found
    assert ("unknown_school", "A7") in found
    assert ("missing_school", "") in found
    reading = Reading(schools=rows, sheets={"学校数据": "学校数据"})
    (missing,) = (
        f for f in check(reading, Expected(register=register)) if f.code == "missing_school"
    )
    assert missing.about == "没有报的学校"
    assert str(missing.expected) == "名册里应有 2 所学校，表里找到其中 1 所。"
    assert "改正填错的标识码" in str(missing.fix)


def test_district_figures() -> None:
    def spoil(book: Any) -> None:
        sheet = book["区县数据"]
        for row in range(4, sheet.max_row + 1):
            if sheet.cell(row, 1).value in {"B11.exchanged", "C1.graduates", "D1.satisfied"}:
                sheet.cell(row, 4).value = 900_000

    reading = excel.read(excel.spoiled(spoil))
    assert [f.code for f in reading.errors] == ["part_over_whole"] * 3
    assert {f.sheet for f in reading.errors} == {"区县数据"}
    assert all(f.cell.startswith("D") for f in reading.errors)
