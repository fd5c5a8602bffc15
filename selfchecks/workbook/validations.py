"""Help while typing: lists, number rules with prompts, grey for stages a school lacks."""

from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from figures.table import CHOICE, CODE, COUNT, STAGES_OF_TYPE, Figure
from workbooks.entry import hint_of
from workbooks.guard.limits import MAX_ROWS

from .layout import DATA_SHEETS, FIRST_DATA_ROW, SCHOOLS, asked

NOT_ASKED_FILL = PatternFill("solid", bgColor="D9D9D9")
NOT_ASKED_PRIORITY = 100  # marks of problems come first
LAST_ROW = FIRST_DATA_ROW + MAX_ROWS - 1

# Choices → their hidden named range: long lists do not fit into a rule itself.
LISTS: dict[tuple[str, ...], str] = {}
for _layout in DATA_SHEETS:
    for _figure in _layout.columns:
        LISTS.setdefault(_figure.choices, f"list_{_figure.code}")
    for _line in _layout.lines:
        if _question := asked(_layout, _line):
            LISTS.setdefault(_question.choices, f"list_{_question.code}_{_line}")
del LISTS[()]


def add_validation(
    sheet: Any, figure: Figure, column: int, first: int = FIRST_DATA_ROW, last: int = LAST_ROW
) -> None:
    """The rule of some cells. A reader never relies on it: programs store it differently."""
    letter = get_column_letter(column)
    rule = _rule(figure, f"{letter}{first}")
    if rule is None:
        return
    hint = hint_of(figure)
    rule.promptTitle, rule.prompt = figure.label[:32], hint[:255]
    rule.errorTitle, rule.error = "请核对", f"{figure.label}:{hint}"[:225]
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(rule)


def _rule(figure: Figure, cell: str) -> DataValidation | None:
    if figure.kind == CHOICE:
        return DataValidation(type="list", formula1=LISTS[figure.choices], allow_blank=True)
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
