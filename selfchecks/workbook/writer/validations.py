"""Help while typing: lists, number rules with prompts, grey for stages a school lacks."""

from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from figures.table import STAGES_OF_TYPE
from workbooks.entry import CHOICE, CODE, COUNT
from workbooks.guard.limits import MAX_ROWS

from ..layout import FIRST_DATA_ROW, SCHOOLS, Entry
from .styles import NOT_ASKED_FILL

NOT_ASKED_PRIORITY = 100  # marks of problems come first
LAST_ROW = FIRST_DATA_ROW + MAX_ROWS - 1


def list_name(entry: Entry) -> str:
    """The hidden named range of a column's choices: long lists do not fit into a rule itself."""
    return f"list_{entry.code}"


def add_validation(
    sheet: Any, entry: Entry, column: int, first: int = FIRST_DATA_ROW, last: int = LAST_ROW
) -> None:
    """The rule of one column. A reader never relies on it: programs store it differently."""
    letter = get_column_letter(column)
    rule = _rule(entry, f"{letter}{first}")
    if rule is None:
        return
    rule.promptTitle, rule.prompt = entry.label[:32], entry.hint[:255]
    rule.errorTitle, rule.error = "请核对", f"{entry.label}:{entry.hint}"[:225]
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(rule)


def _rule(entry: Entry, cell: str) -> DataValidation | None:
    if entry.kind == CHOICE:
        return DataValidation(type="list", formula1=list_name(entry), allow_blank=True)
    if entry.kind == CODE:
        return DataValidation(type="textLength", operator="equal", formula1="10")
    if not entry.is_number:
        return None
    if entry.may_not_apply:
        formula = f'OR(AND(ISNUMBER({cell}),{cell}>=0),{cell}="不适用")'
        return DataValidation(type="custom", formula1=formula, allow_blank=True)
    kind = "whole" if entry.kind == COUNT else "decimal"
    limits = {"formula1": "0", "formula2": str(entry.maximum)}
    return DataValidation(type=kind, operator="between", allow_blank=True, **limits)


def grey_out_missing_stages(sheet: Any) -> None:
    """Cells of a stage the school's type does not have turn grey as soon as the type is chosen."""
    kind = get_column_letter(SCHOOLS.position("school_type"))
    for index, entry in enumerate(SCHOOLS.columns, 1):
        if entry.stage is None:
            continue
        lacking = [name for name, stages in STAGES_OF_TYPE.items() if entry.stage not in stages]
        tests = ",".join(f'${kind}{FIRST_DATA_ROW}="{name}"' for name in lacking)
        letter = get_column_letter(index)
        area = f"{letter}{FIRST_DATA_ROW}:{letter}{LAST_ROW}"
        rule = FormulaRule(formula=[f"OR({tests})"], fill=NOT_ASKED_FILL)
        rule.priority = NOT_ASKED_PRIORITY + index
        sheet.conditional_formatting.add(area, rule)
