"""What the workbook's sheets ask, and what was read from them: every value with its cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from figures.table import (
    CHOICE,
    CONCLUSIONS,
    N_,
    OFFERED_ITEMS,
    SCHOOL_FIELD,
    SCHOOL_FIELDS,
    STAGES_OF_TYPE,
    STATEMENTS,
    TEXT,
    VETO_ITEMS,
    VETO_NAMES,
    YES_NO,
    Figure,
    item_of,
)
from workbooks.entry import Answer, SheetLayout
from workbooks.entry import Row as TableRow
from workbooks.findings import Finding, Kind, Severity
from workbooks.values import show
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
    known = VETO_NAMES if layout is VETO else layout.lines
    return layout.by_code[layout.answer] if line in known else None


@dataclass(frozen=True, slots=True)
class RegisterSchool:
    """A school as the register knows it; ``former_names`` help to match, never to rename."""

    code: str
    name: str
    school_type: str = ""
    former_names: tuple[str, ...] = ()


Figures = Mapping[str, Any]  # field code → value of an earlier year


@dataclass(frozen=True)
class Expected:
    """What the upload is for. Whatever is left out is not checked."""

    year: int | None = None
    unit_code: str = ""
    unit_name: str = ""
    register: tuple[RegisterSchool, ...] = ()
    last_year: Mapping[str, Figures] = field(default_factory=dict)  # school code → figures


@dataclass(frozen=True)
class Row(TableRow):
    """One line of a sheet of ours."""

    @property
    def code(self) -> str:
        return str(self.value("school_code") or "")

    @property
    def name(self) -> str:
        return str(self.value("school_name") or "")

    @cached_property
    def stages(self) -> tuple[str, ...]:
        return STAGES_OF_TYPE.get(str(self.value("school_type")), ())

    def finding(self, kind: Kind, code: str, **params: Any) -> Finding:
        """Something to say about one figure of a school, at its cell."""
        answer = self.answer(code)
        if isinstance(answer.value, int | Decimal):  # compared is what was read, not what is typed
            params = {"found": show(answer.value), **params}
        label, found = SCHOOL_FIELD[code].label, answer.raw or str(answer.value)
        return Finding(kind, params, self.sheet, answer.cell, self.number, label, found)


@dataclass(frozen=True)
class Reading:
    """The content of one upload. Nothing here has touched a database."""

    schools: tuple[Row, ...] = ()
    district: Mapping[str, Answer] = field(default_factory=dict)
    qualitative: Mapping[str, Row] = field(default_factory=dict)
    veto: Mapping[str, Row] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)  # layout name → title in the file
    findings: tuple[Finding, ...] = ()

    def with_findings(self, more: tuple[Finding, ...]) -> "Reading":
        return replace(self, findings=(*self.findings, *more))

    def in_order(self) -> "Reading":
        """The findings from the top of the first sheet down, each with the name of its row."""
        places = {title: place for place, title in enumerate(self.sheets.values(), 1)}
        found = sorted(self.findings, key=lambda f: (places.get(f.sheet, 0), f.row or 0))
        return replace(self, findings=self.named(found))

    def named(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings with the school, indicator or item they are about, where a row tells it."""
        names = {(row.sheet, row.number): row.name or row.code for row in self.schools}
        for lines, column in ((self.qualitative, "indicator_name"), (self.veto, "veto_name")):
            for code, row in lines.items():
                names[row.sheet, row.number] = f"{code} {row.value(column) or ''}".strip()
        return tuple(
            f if f.about else replace(f, about=names.get((f.sheet, f.row or 0), ""))
            for f in findings
        )

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == severity)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return self.of(Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return self.of(Severity.WARNING)

    @property
    def notices(self) -> tuple[Finding, ...]:
        return self.of(Severity.NOTICE)

    @property
    def is_usable(self) -> bool:
        return not self.errors
