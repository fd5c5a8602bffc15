"""A plan as an Excel workbook to go on working with: exact numbers, one row an addition."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from districts.models import User
from figures.shown import COEFFICIENT
from improvement.plans.page import PlanPage
from improvement.plans.reasons import still_open
from improvement.plans.words import measures_of
from indicators import wording
from indicators.calculation.scheme import STAGES
from rest.books import Number, Sheet, write_book

Row = list[Any]


def plan_book(page: PlanPage) -> bytes:
    """Everything the page tells."""
    return write_book(
        [
            Sheet(_("各校措施"), list(_additions(page)), 2),
            Sheet(_("按措施"), list(_measures(page)), 1),
            *([Sheet(_("分年"), list(_years(page)), 1)] if page.years else []),
            *([Sheet(_("交流轮岗"), list(_moves(page)), 1)] if page.moves else []),
            Sheet(_("留在基本值的项"), list(_spared(page)), 2),
            Sheet(_("差异系数"), list(_coefficients(page)), 2),
            Sheet(_("结论变化"), list(_changes(page))),
            Sheet(_("增配条件"), list(_conditions(page)), 2),
            Sheet(_("说明"), list(_about(page))),
        ]
    )


def _additions(page: PlanPage) -> Iterator[Row]:
    yield [
        *(_("学校标识码"), _("学校名称"), _("学段"), _("措施"), _("数量"), _("计量单位")),
        _("费用（元）"),
    ]
    for line in page.schools:
        for each in line.additions:
            yield [
                *(line.code, line.name, wording.stage_name(each.stage), each.measure.name),
                *(each.amount, _(each.measure.unit), Number(each.cost, 2)),
            ]


def _measures(page: PlanPage) -> Iterator[Row]:
    yield [_("措施"), _("数量"), _("计量单位"), _("单价（元）"), _("学校数"), _("费用（元）")]
    prices = {row["code"]: Decimal(row["price"]) for row in page.plan.terms["measures"]}
    for line in page.measures:
        name, unit = line.measure.name, _(line.measure.unit)
        price = Number(prices[line.measure.code], 2)
        yield [name, line.number, unit, price, line.schools, Number(line.yuan, 2)]


def _years(page: PlanPage) -> Iterator[Row]:
    yield [
        *(_("年份"), _("学校标识码"), _("学段"), _("措施"), _("数量"), _("计量单位")),
        _("费用（元）"),
    ]
    for line in page.years:
        for each in line.additions:
            head = [line.year, each.school, wording.stage_name(each.stage), each.measure.name]
            yield [*head, each.amount, _(each.measure.unit), Number(each.cost, 2)]


def _moves(page: PlanPage) -> Iterator[Row]:
    yield [_("从哪里"), _("到哪里"), _("学段"), _("人数"), _("计入的指标"), _("费用（元）")]
    for line in page.moves:
        names = [line.start_name, line.end_name, line.stage_name]
        yield [*names, line.people, " ".join(line.counts_in), Number(line.yuan, 2)]


def _spared(page: PlanPage) -> Iterator[Row]:
    yield [
        *(_("学校标识码"), _("学校名称"), _("学段"), _("指标"), _("方案后的数值"), _("基本值")),
        _("达标值"),
    ]
    spared = page.result.get("spared", {})
    for unit in page.after.outcome.units:
        code = spared.get(unit.school_code, {}).get(unit.stage)
        if code:
            cell = unit.cells[code]
            limits = (Number.read(n, 3) for n in (cell.value, cell.floor, cell.threshold))
            stage = wording.stage_name(unit.stage)
            yield [unit.school_code, unit.school_name, stage, code, *limits]


def _coefficients(page: PlanPage) -> Iterator[Row]:
    yield [
        _("指标"),
        _("学段"),
        pgettext("before a plan", "现在"),
        _("方案后"),
        _("限值"),
        _("方案后的结论"),
    ]
    before = page.before.outcome.dispersion
    for stage in STAGES:
        for code, found in page.after.outcome.dispersion[stage].coefficients.items():
            then = before[stage].coefficients[code].cv
            numbers = (Number.read(n, COEFFICIENT) for n in (then, found.cv))
            words = str(wording.VERDICTS[found.verdict])
            yield [code, wording.stage_name(stage), *numbers, Number.read(found.limit, 2), words]


def _changes(page: PlanPage) -> Iterator[Row]:
    yield [_("项目"), pgettext("before a plan", "现在"), _("方案后")]
    yield from map(list, page.changes)


def _conditions(page: PlanPage) -> Iterator[Row]:
    """What the plan was made under, whatever has been settled since."""
    yield [*(_("学校标识码"), _("学校名称"), _("措施"), _("至少"), _("至多"), _("计量单位"))]
    measures, terms = measures_of(page.plan), page.plan.terms
    sides = [
        {
            (code, kind): Decimal(n)
            for code, own in terms.get(side, {}).items()
            for kind, n in own.items()
        }
        for side in ("locked", "caps")
    ]
    for code, kind in sorted({*sides[0], *sides[1]}):
        measure = measures[kind]
        least, most = (side.get((code, kind)) for side in sides)
        yield [code, page.names.get(code, code), measure.name, least, most, _(measure.unit)]


def _about(page: PlanPage) -> Iterator[Row]:
    plan, bounds = page.plan, (page.result.get("certified_bound"), page.result.get("solver_bound"))
    yield [_("项目"), _("内容")]
    yield [_("自查"), str(plan.self_check)]
    if plan.self_check.is_demo:
        yield [_("数据性质"), _("演示数据，不是真实情况")]
    yield [_("方案编号"), plan.number]
    yield [_("方案种类"), plan.get_kind_display()]
    yield [_("结论"), page.sentence]
    yield from ([_("差异系数"), sentence] for sentence in still_open(page.plan, page.after))
    yield [_("方案后的整体结论"), page.after_words]
    yield [_("费用（元）"), Number(page.yuan, 2)]
    for name, found in zip(
        (_("已证明的下限（元）"), _("求解器给的下限（元）")), bounds, strict=True
    ):
        if found:
            yield [name, Number.read(found, 2)]
    yield from ([_("为什么不能再少"), each.sentence] for each in page.binding)
    yield [_("制作"), _by(plan.made_by, plan.made_at)]
    yield [_("采用"), _by(plan.adopted_by, plan.adopted_at) or _("没有采用")]
    yield [_("数据与单价指纹"), plan.digest]


def _by(person: User | None, at: datetime | None) -> str:
    """By the clock on the wall, as the page says it."""
    return f"{person.display_name} {localtime(at):%Y-%m-%d %H:%M}" if person and at else ""
