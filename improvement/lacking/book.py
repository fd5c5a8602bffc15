"""What is lacking as an Excel workbook to go on working with: exact numbers of one unit."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from districts.wording import listed
from figures.shown import RATE
from figures.table import SCHOOL_FIELD
from improvement.lacking import words as words
from improvement.lacking.page import ShortfallPage
from improvement.lacking.schools import SchoolTable
from improvement.scenarios.comparison import Comparison
from improvement.shortfall.lacking import Shortfalls
from improvement.shortfall.money import KIND_OF, Amounts
from indicators import wording
from rest.books import Number, Sheet, write_book
from selfchecks.schools import EFFECTS

Row = list[Any]


def shortfall_book(page: ShortfallPage) -> bytes:
    """Everything the page tells, and every school and unit."""
    return write_book(
        [
            Sheet(_("按指标"), list(_indicators(page)), 2),
            Sheet(_("措施和费用"), list(_measures(page)), 1),
            Sheet(_("各校措施"), list(_schools(page)), 2),
            Sheet(_("各校明细"), list(_needs(page)), 2),
            Sheet(_("其他指标"), list(_misses(page)), 2),
            Sheet(_("对差异系数"), list(_shares(page)), 3),
            *([Sheet(_("预测的学生数"), list(_pupils(page)), 3)] if page.growth_sentence else []),
            Sheet(_("说明"), list(_about(page))),
        ]
    )


def _number(found: Amounts, key: str) -> Number | str:
    return Number.read(found.get(key), 2)


def _indicators(page: ShortfallPage) -> Iterator[Row]:
    yield [
        *(
            _("指标"),
            _("名称"),
            _("计量单位"),
            _("学校数"),
            _("至少"),
            _("到达标值"),
            _("到基本值"),
        ),
        _("办法"),
    ]
    found = {aim: page.found.indicators(aim) for aim in ("least", "full", "floor")}
    beyond = page.found.beyond
    for line in page.indicators:
        head: Row = [line.code, line.name, _(page.unit_of(line.code)), line.schools]
        if line.code in beyond:
            yield [*head, Number(beyond[line.code][1], 0), "", "", line.way]
        else:
            yield [*head, *(_number(each, line.code) for each in found.values()), line.way]


def _measures(page: ShortfallPage) -> Iterator[Row]:
    yield [
        *(
            _("措施"),
            _("计量单位"),
            _("至少"),
            _("到达标值"),
            _("单价（元）"),
            _("自何日起"),
            _("来源"),
        ),
        *(_("至少的费用（元）"), _("到达标值的费用（元）")),
    ]
    least, full = (page.found.measures(aim) for aim in ("least", "full"))
    for kind in full:
        price = page.lacking.offers.get(kind)
        row: Row = [words.kind_name(kind), _(words.unit_of_kind(kind))]
        row += [_number(least, kind), _number(full, kind)]
        row += [Number.read(price.price, 2), price.valid_from, price.source] if price else [""] * 3
        yield [*row, *(_number(page.bills[aim].costs, kind) for aim in ("least", "full"))]


def _schools(page: ShortfallPage) -> Iterator[Row]:
    table = SchoolTable(page.lacking)
    yield [
        *(
            _("学校标识码"),
            _("学校名称"),
            *map(words.column, table.kinds),
            _("费用（元）"),
            _("没有单价的措施"),
        ),
        *(_("可留在基本值的项"), _("其他指标"), _("判定不了的项")),
    ]
    for line in table.lines:
        yield [
            *(line.school.code, line.school.name),
            *(_number(line.measures, kind) for kind in table.kinds),
            *(Number.read(line.bill.total, 2), listed(map(words.kind_name, line.bill.unpriced))),
            *(line.left, "\n".join(line.misses), line.unknown),
        ]


def _needs(page: ShortfallPage) -> Iterator[Row]:
    yield [_("学校标识码"), _("学校名称"), *need_head()]
    yield from need_rows(page.found)


def need_head() -> Row:
    """What one figure lacks of one school, after its unit or code."""
    return [
        *(_("指标"), _("差什么"), _("计量单位"), _("学段"), _("全校共用")),
        *(_("至少"), _("到达标值"), _("到基本值"), _("措施")),
    ]


def need_rows(found: Shortfalls) -> Iterator[Row]:
    """The school first."""
    for school in found.schools:
        for need in school.needs:
            figure = SCHOOL_FIELD[need.field]
            yield [
                *(school.code, school.name, need.code, wording.label_of(need.field)),
                *(_(figure.unit), listed(map(wording.stage_name, need.stages))),
                _("是") if need.is_shared else _("否"),
                *(Number(n, figure.places) for n in (need.least, need.full, need.floor)),
                words.kind_name(KIND_OF[need.code]),
            ]


def _misses(page: ShortfallPage) -> Iterator[Row]:
    yield [
        *(_("学校标识码"), _("学校名称"), _("指标"), _("项目"), _("实际"), _("要求"), _("相差")),
        _("办法"),
    ]
    for school in page.found.schools:
        for miss in school.misses:
            label = " + ".join(map(wording.label_of, miss.field.split("+")))
            numbers = (Number(n, 0) for n in (miss.found, miss.needed, miss.amount))
            way = str(words.REMEDIES[miss.code])
            yield [school.code, school.name, miss.code, label, *numbers, way]


def _shares(page: ShortfallPage) -> Iterator[Row]:
    """Each unit's part of every spread, as a percentage, and what one more there would do."""
    yield [
        *(_("学校标识码"), _("学校名称"), _("学段"), _("指标"), _("占离差（%）")),
        _("再增加的作用"),
    ]
    for unit in page.outcome.units:
        for code, cell in unit.indicators.items():
            if cell["share"] is not None:
                share = Number(Decimal(cell["share"]) * 100, RATE)
                head = [unit.school_code, unit.school_name, wording.stage_name(unit.stage), code]
                yield [*head, share, str(EFFECTS.get(cell["adding"], ""))]


def _pupils(page: ShortfallPage) -> Iterator[Row]:
    """What the forecast counts with in every school and stage."""
    yield [_("学校标识码"), _("学校名称"), _("学段"), _("预测的在校生数"), _("来源")]
    for unit in page.outcome.units:
        if unit.pupils:
            own = unit.stage in page.lacking.expected.get(unit.school_code, {})
            head = [unit.school_code, unit.school_name, wording.stage_name(unit.stage)]
            yield [*head, Number.read(unit.pupils, 0), _("这所学校的预测") if own else _("变化率")]


def _about(page: ShortfallPage) -> Iterator[Row]:
    self_check = page.lacking.self_check
    yield [_("项目"), _("内容")]
    yield [_("自查"), str(self_check)]
    if self_check.is_demo:
        yield [_("数据性质"), _("演示数据，不是真实情况")]
    yield [_("结论"), page.sentence]
    for sentence in (page.growth_sentence, page.unknown_sentence, page.spread_sentence):
        if sentence:
            yield [_("注意"), sentence]
    yield [_("指纹"), page.outcome.digest]
    for name, text in words.explained():
        yield [name, text]


def comparison_book(page: Comparison) -> bytes:
    """Scenarios side by side, in exact numbers; schools that change and what is changed."""
    return write_book(
        [
            Sheet(_("并列比较"), list(_compared(page)), 2),
            Sheet(_("结论有变的学校"), list(_switches(page)), 1),
            Sheet(_("改动"), list(_told(page)), 1),
            Sheet(_("说明"), list(_about_comparison(page))),
        ]
    )


def _compared(page: Comparison) -> Iterator[Row]:
    yield [_("项目"), _("计量单位"), *page.heads]
    for row in page.rows:
        yield [row.name, row.unit, *(cell.exact or cell.words for cell in row.cells)]


def _switches(page: Comparison) -> Iterator[Row]:
    head = (_("假设方案"), _("学校标识码"), _("学校名称"), _("学段"), _("原来"), _("之后"))
    yield [*head]
    for name, switches in page.switches():
        for each in switches:
            school = each.change.school_code, each.change.school_name
            yield [name, *school, each.stage, each.before, each.after]


def _told(page: Comparison) -> Iterator[Row]:
    yield [_("假设方案"), _("序号"), _("改动")]
    for name, sentences in page.told():
        for number, sentence in enumerate(sentences, 1):
            yield [name, number, sentence]


def _about_comparison(page: Comparison) -> Iterator[Row]:
    yield [_("项目"), _("内容")]
    yield [_("自查"), str(page.self_check)]
    if page.self_check.is_demo:
        yield [_("数据性质"), _("演示数据，不是真实情况")]
    yield [_("注意"), _("假设方案只供比较：不公开，不进报送的数据、报告和佐证材料。")]
    for name, side in zip(page.heads, page.sides, strict=True):
        yield [_("%s的指纹") % name, side.outcome.digest]
    for column in page.refused:
        if column.scenario:
            yield [column.scenario.name, str(column.refusal)]
