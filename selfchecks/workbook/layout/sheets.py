"""The sheets of the workbook and their columns, built from the list of raw fields."""

import re

from figures.table import (
    C9_DIFFERENCE_SUFFIX,
    C9_LEVEL_SUFFIX,
    DISTRICT_ITEMS,
    QUALITATIVE_INDICATORS,
    RESPONDENT_GROUPS,
    SCHOOL_FIELDS,
    VETO_ITEMS,
    YES_NO,
    DistrictItem,
    RawField,
)
from workbooks.entry import (
    CHOICE,
    CODE,
    COUNT,
    DECIMAL,
    LEVEL,
    RATIO,
    TEXT,
    Entry,
    SheetLayout,
)
from workbooks.findings import N_
from workbooks.writer.problem_list import PROBLEM_SHEET as PROBLEM_SHEET

TEMPLATE_ID = "cq-selfcheck-2017-1"
CODE_ROW, HEADER_ROW, RULE_ROW, FIRST_DATA_ROW = 1, 2, 3, 4

INSTRUCTIONS_SHEET = "填写说明"
LAST_YEAR_SHEET = "上年数据"
IDENTITY_SHEET = "模板信息"
IGNORED_SHEETS = frozenset({INSTRUCTIONS_SHEET, LAST_YEAR_SHEET, PROBLEM_SHEET, IDENTITY_SHEET})

SUBJECTS = ("语文", "数学", "英语", "科学")  # rows offered; any other tested subject may be added
CONCLUSIONS = (N_("达标"), N_("不达标"))
SUBJECT_ITEM = re.compile(r"C9\.([\u4e00-\u9fff]{1,10})(\.level|\.difference)")


def _column(field: RawField) -> Entry:
    identifies = field.kind in {"text", "choice"}
    return Entry(
        code=field.code,
        label=field.label,
        kind=CODE if field.code == "school_code" else field.kind,
        unit=field.unit,
        places=field.places,
        stage=field.stage,
        choices=field.choices,
        may_not_apply=field.may_not_apply,
        required=identifies or field.code.startswith("pupils_"),
    )


SCHOOLS = SheetLayout(N_("学校数据"), "school_code", tuple(map(_column, SCHOOL_FIELDS)))


def _item(item: DistrictItem) -> Entry:
    kind = COUNT if item.kind == "count" else DECIMAL
    return Entry(item.code, item.label, kind, item.unit, item.places, expected=item.required)


def _subject_items(subject: str) -> tuple[Entry, ...]:
    level, difference = f"C9.{subject}{C9_LEVEL_SUFFIX}", f"C9.{subject}{C9_DIFFERENCE_SUFFIX}"
    return (
        Entry(level, f"{subject}学业水平等级", LEVEL, expected=False),
        Entry(difference, f"{subject}校际差异率", RATIO, places=4, expected=False),
    )


def _group_items(group: str) -> tuple[Entry, ...]:
    return (
        Entry(f"D1.{group}.sample", f"{group}样本数", COUNT, "人", expected=False),
        Entry(f"D1.{group}.satisfied", f"{group}满意人数", COUNT, "人", expected=False),
    )


def district_entries() -> tuple[Entry, ...]:
    """Every item the template offers, in its order."""
    subjects = [entry for subject in SUBJECTS for entry in _subject_items(subject)]
    groups = [entry for group in RESPONDENT_GROUPS for entry in _group_items(group)]
    fixed = [_item(item) for item in DISTRICT_ITEMS]
    before = [entry for entry in fixed if not entry.code.startswith("D1.")]
    after = [entry for entry in fixed if entry.code.startswith("D1.")]
    return (*before, *subjects, *after, *groups)


_OFFERED = {entry.code: entry for entry in district_entries()}


def district_entry(code: str) -> Entry | None:
    """The item of a code; subjects beyond those offered are welcome."""
    if code in _OFFERED:
        return _OFFERED[code]
    match = SUBJECT_ITEM.fullmatch(code)
    if match is None:
        return None
    return next(entry for entry in _subject_items(match[1]) if entry.code == code)


DISTRICT = SheetLayout(
    N_("区县数据"),
    "item",
    (
        Entry("item", N_("项目代码"), TEXT, required=True),
        Entry("item_name", N_("项目名称"), TEXT, expected=False),
        Entry("item_unit", N_("计量单位"), TEXT, expected=False),
        Entry("value", N_("数值"), TEXT),
    ),
    tuple(_OFFERED),
)
QUALITATIVE = SheetLayout(
    N_("定性指标"),
    "indicator",
    (
        Entry("indicator", N_("指标代码"), TEXT, required=True),
        Entry("indicator_name", N_("指标内容"), TEXT, expected=False),
        Entry("conclusion", N_("自评结论"), CHOICE, choices=CONCLUSIONS),
        Entry("note", N_("说明"), TEXT, expected=False),
        Entry("evidence", N_("佐证"), TEXT, expected=False),
    ),
    QUALITATIVE_INDICATORS,
)
VETO = SheetLayout(
    N_("一票否决"),
    "veto_item",
    (
        Entry("veto_item", N_("事项代码"), TEXT, required=True),
        Entry("veto_name", N_("事项"), TEXT, expected=False),
        Entry("answer", N_("是否存在"), CHOICE, choices=YES_NO),
        Entry("veto_note", N_("情况说明"), TEXT, expected=False),
    ),
    tuple(VETO_ITEMS),
)
DATA_SHEETS: tuple[SheetLayout, ...] = (SCHOOLS, DISTRICT, QUALITATIVE, VETO)
