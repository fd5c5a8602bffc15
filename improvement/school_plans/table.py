"""The table of a district's measures, one row each: as it goes out, and what its rows say."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from districts.roles import Office
from figures.table import CHOICE, CODE, COUNT, TEXT
from improvement.models import Funding, Measure
from indicators.wording import stage_name
from rest.books import Number, Sheet, write_book
from workbooks.entry import AMOUNT, DAY, Column, Row, SheetLayout
from workbooks.findings import N_, Kind, Severity

TITLE = "一校一策"
KEY = ("school_code", "number")
FIXED = (*KEY, "school_name", "name", "stage", "unit")  # shown so that people know the row
# Column → what it is called, and what its cells hold.
_WRITTEN: dict[str, tuple[str, str]] = {
    "amount": (N_("数量"), AMOUNT),
    "cost": (N_("经费（元）"), AMOUNT),
    "funding": (N_("经费来源"), CHOICE),
    "funding_note": (N_("来源说明"), TEXT),
    "responsible": (N_("责任人"), TEXT),
    "office": (N_("责任部门"), CHOICE),
    "start": (N_("开始日期"), DAY),
    "due": (N_("完成期限"), DAY),
    "milestones": (N_("时间节点"), TEXT),
    "evidence": (N_("要交的佐证"), TEXT),
}
_CHOICES = {"funding": Funding, "office": Office}
NEEDED = ("amount", "office")  # a blank cell says nothing one could keep

UNKNOWN = Kind(
    "unknown_measure",
    Severity.ERROR,
    N_("{cell}：一校一策里没有学校 {found} 的第 {number} 项措施，或者它已经取消。"),
    N_("每行是门户里的一项措施。"),
    N_("请从门户重新下载表格，不要改学校标识码和措施序号；新措施请在页面上增加。"),
)
TWICE = Kind(
    "measure_twice",
    Severity.ERROR,
    N_("{cell}：学校 {found} 的第 {number} 项措施在第 {first} 行已经有了。"),
    N_("每项措施只有一行。"),
    N_("请删去多余的一行。"),
)
UNFIT = Kind("measure_unfit", Severity.ERROR, N_("{cell}「{field}」：{sentence}"), "", "")


def choices_of(name: str) -> dict[str, str]:
    """What is written in the file → what is kept; in the source language, whoever reads."""
    with override(settings.LANGUAGE_CODE):
        return {str(label): str(value) for value, label in _CHOICES[name].choices}


def layout() -> SheetLayout:
    columns = [
        Column("school_code", "学校标识码", CODE, required=True),
        Column("number", "措施序号", COUNT, required=True),
        *(
            Column(code, label, TEXT)
            for code, label in (
                ("school_name", "学校名称"),
                ("name", "措施"),
                ("stage", "学段"),
                ("unit", "单位"),
            )
        ),
        *(_column(code, label, kind) for code, (label, kind) in _WRITTEN.items()),
    ]
    return SheetLayout(TITLE, "school_code", tuple(columns))


def _column(code: str, label: str, kind: str) -> Column:
    if kind == CHOICE:
        return Column(code, label, kind, choices=tuple(choices_of(code)), required=code in NEEDED)
    places = {"amount": 4, "cost": 2}.get(code, 0)
    limit = 10**10 if kind == AMOUNT else 1_000_000
    return Column(code, label, kind, places=places, limit=limit, required=code in NEEDED)


def measure_book(measures: Iterable[Measure]) -> bytes:
    """The workbook people fill in and send back."""
    heads = [column.label for column in layout().columns]
    with override(settings.LANGUAGE_CODE):
        rows = [[*_cells(measure)] for measure in measures]
    return write_book([Sheet(TITLE, [heads, *rows], 4)])


def _cells(measure: Measure) -> Iterator[Any]:
    plan, stage = measure.school_plan, measure.stage
    yield from (plan.school_code, measure.number, plan.school_name, measure.name)
    yield from (stage_name(stage) if stage else "", measure.get_unit_display())
    yield Number(measure.amount.normalize(), max(0, -int(measure.amount.normalize().as_tuple()[2])))
    yield "" if measure.cost is None else Number(measure.cost, 2)
    yield from (measure.get_funding_display() if measure.funding else "", measure.funding_note)
    yield from (measure.responsible, measure.get_office_display())
    yield from (measure.start, measure.due, measure.milestones, measure.evidence)


def said(row: Row) -> dict[str, Any]:
    """What a row says of the columns that are in the file and could be read."""
    answers = {code: row.answers[code] for code in _WRITTEN if code in row.answers}
    return {
        code: _value(code, answer.value)
        for code, answer in answers.items()
        if not answer.failed and not (answer.value is None and code in NEEDED)
    }


def _value(code: str, value: Any) -> Any:
    kind = _WRITTEN[code][1]
    if kind == CHOICE:
        return choices_of(code).get(str(value), "") if value is not None else ""
    if kind == DAY:
        return date.fromisoformat(str(value)) if value else None
    if kind == AMOUNT:
        return None if value is None else Decimal(str(value))
    return "" if value is None else str(value)


def shown(name: str, value: Any) -> str:
    """A value in the reader's words."""
    if value in (None, ""):
        return gettext("空")
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
