"""Helps to fill in: the sheet 填写说明, and lists, number rules and grey cells while typing."""

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from figures.examples import examples_of
from figures.table import (
    CHOICE,
    CODE,
    COUNT,
    OFFERED_ITEMS,
    STAGES_OF_TYPE,
    Figure,
)
from workbooks.entry import SheetLayout, hint_of, rule_of
from workbooks.guard import MAX_ROWS
from workbooks.writer.room import lines_of
from workbooks.writer.safe import put

from .reading import DATA_SHEETS, DISTRICT, FIRST_DATA_ROW, QUALITATIVE, SCHOOLS, asked

LEFT = Alignment(wrap_text=True, vertical="top")
HEADER_FONT = Font(bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", fgColor="1F4E78")
HEADINGS = ("工作表", "栏目", "单位", "怎么填", "正确示例", "错误示例")
WIDTHS = (14, 36, 10, 52, 22, 22)
LINE_HEIGHT = 15  # points
ADVICE = (
    "只填白色单元格;不要删除或改动前三行(第 1 行是隐藏的代码)。",
    "没有数据就留空,数量为零填 0;标明可以的栏目才能填“不适用”。",
    "只填数字,不写单位、约数或范围;学校没有的学段(灰色)留空。",
    "每所学校一行;九年一贯制等学校的小学、初中数据填在同一行的不同列。",
    "学校标识码是文本,粘贴时请选“粘贴为数值”,以免变成科学计数法。",
    "上传后如有问题,会把您的文件加上批注和问题清单还给您,改好后可以直接再传。",
)


def write_instructions(sheet: Any, year: int, unit_name: str) -> None:
    put(sheet, 1, 1, f"{unit_name} {year} 年度自查工作簿填写说明")
    for row, sentence in enumerate(ADVICE, 2):
        put(sheet, row, 1, sentence)
    first = len(ADVICE) + 3
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True), 1):
        cell = put(sheet, first, column, heading)
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
        sheet.column_dimensions[cell.column_letter].width = width
    for row, line in enumerate(_lines(), first + 1):
        for column, text in enumerate(line, 1):
            put(sheet, row, column, text).alignment = LEFT
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines_of(line, WIDTHS)
    sheet.freeze_panes = sheet.cell(first + 1, 1)


def _lines() -> Iterator[tuple[str, ...]]:
    for layout in DATA_SHEETS:
        for figure in _to_fill_in(layout):
            advice = ";".join(_advice(layout, figure))
            yield (layout.name, figure.label, figure.unit, advice, *examples_of(figure))


def _advice(layout: SheetLayout, figure: Figure) -> Iterator[str]:
    yield str(rule_of(figure))
    if figure.may_not_apply:
        yield "可填“不适用”"
    for line in layout.lines if figure.code == layout.answer else ():
        question = asked(layout, line)
        if question and question.choices != figure.choices:
            yield f"{line} {rule_of(question)}"


def _to_fill_in(layout: SheetLayout) -> Sequence[Figure]:
    """Codes and wordings of fixed lines are given."""
    if layout is DISTRICT:
        return tuple(OFFERED_ITEMS.values())
    return layout.columns[2:] if layout.lines else layout.columns


NOT_ASKED_FILL = PatternFill("solid", bgColor="D9D9D9")
NOT_ASKED_PRIORITY = 100  # marks of problems come first
LAST_ROW = FIRST_DATA_ROW + MAX_ROWS - 1

_CHOICES = [
    *((figure.code, figure) for layout in DATA_SHEETS for figure in layout.columns),
    *((f"{QUALITATIVE.answer}_{line}", asked(QUALITATIVE, line)) for line in QUALITATIVE.lines),
]
# Choices → their hidden named range: long lists do not fit into a rule itself.
LISTS: dict[tuple[str, ...], str] = {
    figure.choices: f"list_{name}"
    for name, figure in reversed(_CHOICES)
    if figure and figure.choices
}


def add_validation(
    sheet: Any, figure: Figure, column: int, first: int = FIRST_DATA_ROW, last: int = LAST_ROW
) -> None:
    """The rule of some cells. A reader never relies on it: programs store it differently."""
    letter = get_column_letter(column)
    rule = _rule(figure, f"{letter}{first}")
    if rule is None:
        return
    hint, (right, wrong) = hint_of(figure), examples_of(figure)
    prompt = f"{hint};写成:{right};不要写成:{wrong}"
    rule.promptTitle, rule.prompt = figure.label[:32], prompt[:255]
    rule.errorTitle, rule.error = "请核对", f"{figure.label}:{hint}"[:225]
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(rule)


def _rule(figure: Figure, cell: str) -> DataValidation | None:
    if figure.kind == CHOICE:
        style = "warning" if figure.numbered else None  # a number is no word of the list
        area = LISTS[figure.choices]
        return DataValidation(type="list", formula1=area, allow_blank=True, errorStyle=style)
    if figure.kind == CODE:
        return DataValidation(type="textLength", operator="equal", formula1="10")
    if not figure.is_number:
        return None
    if figure.may_not_apply:
        formula = f'OR(AND(ISNUMBER({cell}),{cell}>=0),{cell}="不适用")'
        return DataValidation(type="custom", formula1=formula, allow_blank=True)
    kind = "whole" if figure.kind == COUNT else "decimal"
    limits = {"formula1": "0", "formula2": str(figure.limit)}
    return DataValidation(type=kind, operator="between", allow_blank=True, **limits)


def grey_out_missing_stages(sheet: Any) -> None:
    """Cells of a stage the school's type does not have turn grey as soon as the type is chosen."""
    kind = get_column_letter(SCHOOLS.position("school_type"))
    for index, figure in enumerate(SCHOOLS.columns, 1):
        if figure.stage is None:
            continue
        lacking = [name for name, stages in STAGES_OF_TYPE.items() if figure.stage not in stages]
        tests = ",".join(f'${kind}{FIRST_DATA_ROW}="{name}"' for name in lacking)
        letter = get_column_letter(index)
        area = f"{letter}{FIRST_DATA_ROW}:{letter}{LAST_ROW}"
        rule = FormulaRule(formula=[f"OR({tests})"], fill=NOT_ASKED_FILL)
        rule.priority = NOT_ASKED_PRIORITY + index
        sheet.conditional_formatting.add(area, rule)
