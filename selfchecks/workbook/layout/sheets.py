"""The sheets of the workbook and their columns, built from the list of raw fields."""

from dataclasses import dataclass
from functools import cached_property

from figures.table import (
    OFFERED_ITEMS,
    QUALITATIVE_INDICATORS,
    SCHOOL_FIELDS,
    VETO_ITEMS,
    YES_NO,
    Figure,
    item_of,
)

from ..findings import N_
from .entry import CHOICE, TEXT, Entry

TEMPLATE_ID = "cq-selfcheck-2017-1"
CODE_ROW, HEADER_ROW, RULE_ROW, FIRST_DATA_ROW = 1, 2, 3, 4

INSTRUCTIONS_SHEET = "填写说明"
LAST_YEAR_SHEET = "上年数据"
PROBLEM_SHEET = "问题清单"
IDENTITY_SHEET = "模板信息"
IGNORED_SHEETS = frozenset({INSTRUCTIONS_SHEET, LAST_YEAR_SHEET, PROBLEM_SHEET, IDENTITY_SHEET})

CONCLUSIONS = (N_("达标"), N_("不达标"))


@dataclass(frozen=True)
class SheetLayout:
    """A sheet with one line per thing; ``key`` is the column that says which thing."""

    name: str
    key: str
    columns: tuple[Entry, ...]
    lines: tuple[str, ...] = ()  # the keys the template offers, where they are fixed

    @cached_property
    def by_code(self) -> dict[str, Entry]:
        return {entry.code: entry for entry in self.columns}

    def position(self, code: str) -> int:
        """The column number in the template, from 1."""
        return [entry.code for entry in self.columns].index(code) + 1


def _column(figure: Figure) -> Entry:
    """The figure as a column; what it is stands in the one table."""
    return Entry(
        code=figure.code,
        label=figure.label,
        kind=figure.kind,
        unit=figure.unit,
        places=figure.places,
        stage=figure.stage,
        choices=figure.choices,
        may_not_apply=figure.may_not_apply,
        required=figure.required,
        expected=figure.expected,
    )


SCHOOLS = SheetLayout(N_("学校数据"), "school_code", tuple(map(_column, SCHOOL_FIELDS)))


_OFFERED = {code: _column(item) for code, item in OFFERED_ITEMS.items()}


def district_entries() -> tuple[Entry, ...]:
    """Every item the template offers, in its order."""
    return tuple(_OFFERED.values())


def district_entry(code: str) -> Entry | None:
    """The item of a code; subjects beyond those offered are welcome."""
    item = item_of(code)
    return _OFFERED.get(code) or (_column(item) if item else None)


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
