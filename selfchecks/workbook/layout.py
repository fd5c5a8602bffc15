"""The sheets of the self-check's workbook, built from the one table of figures."""

from dataclasses import replace

from figures.table import (
    CHOICE,
    CONCLUSIONS,
    N_,
    OFFERED_ITEMS,
    SCHOOL_FIELDS,
    STATEMENTS,
    TEXT,
    VETO_ITEMS,
    YES_NO,
    Figure,
    item_of,
)
from workbooks.entry import SheetLayout
from workbooks.writer.problem_list import PROBLEM_SHEET

TEMPLATE_ID = "cq-selfcheck-2017-1"
CODE_ROW, HEADER_ROW, RULE_ROW, FIRST_DATA_ROW = 1, 2, 3, 4

INSTRUCTIONS_SHEET = "填写说明"
LAST_YEAR_SHEET = "上年数据"
IDENTITY_SHEET = "模板信息"
IGNORED_SHEETS = frozenset({INSTRUCTIONS_SHEET, LAST_YEAR_SHEET, PROBLEM_SHEET, IDENTITY_SHEET})


def _text(code: str, label: str) -> Figure:
    return Figure(code, label, TEXT, expected=False)


def _key(code: str, label: str) -> Figure:
    return Figure(code, label, TEXT, required=True)


_CONCLUSION = Figure("conclusion", N_("自评结论"), CHOICE, choices=tuple(CONCLUSIONS))

SCHOOLS = SheetLayout(N_("学校数据"), "school_code", SCHOOL_FIELDS)
DISTRICT = SheetLayout(
    N_("区县数据"),
    "item",
    (
        _key("item", N_("项目代码")),
        _text("item_name", N_("项目名称")),
        _text("item_unit", N_("计量单位")),
        Figure("value", N_("数值"), TEXT),
    ),
    tuple(OFFERED_ITEMS),
    "value",
)
QUALITATIVE = SheetLayout(
    N_("定性指标"),
    "indicator",
    (
        _key("indicator", N_("指标代码")),
        _text("indicator_name", N_("指标内容")),
        _CONCLUSION,
        _text("note", N_("说明")),
        _text("evidence", N_("佐证")),
    ),
    tuple(STATEMENTS),
    "conclusion",
)
VETO = SheetLayout(
    N_("一票否决"),
    "veto_item",
    (
        _key("veto_item", N_("事项代码")),
        _text("veto_name", N_("事项")),
        Figure("answer", N_("是否存在"), CHOICE, choices=YES_NO),
        _text("veto_note", N_("情况说明")),
    ),
    tuple(VETO_ITEMS),
    "answer",
)
DATA_SHEETS: tuple[SheetLayout, ...] = (SCHOOLS, DISTRICT, QUALITATIVE, VETO)
_STATED = {code: replace(_CONCLUSION, choices=tuple(words)) for code, words in STATEMENTS.items()}


def asked(layout: SheetLayout, line: str) -> Figure | None:
    """What a line's answer must be: the item's own figure, or one of the words its code knows."""
    if layout is DISTRICT:
        return item_of(line)
    if layout is QUALITATIVE:
        return _STATED.get(line)
    return layout.by_code[layout.answer] if line in layout.lines else None
