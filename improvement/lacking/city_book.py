"""What the whole city lacks as an Excel workbook: exact numbers of units, schools, and prices."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from districts.wording import listed
from improvement.lacking import words as words
from improvement.lacking.book import Row, need_head, need_rows
from improvement.services.lacking import CityLine, Lacking
from improvement.shortfall.money import KINDS, NOTHING, bill
from rest.books import Number, Sheet, write_book


def city_book(lines: Iterable[CityLine], year: int) -> bytes:
    """Every unit with its sums, every school that lacks something, and the prices used."""
    known = [line for line in lines if line.lacking]
    about: list[Row] = [[_("项目"), _("内容")], [_("年度"), year], *map(list, words.explained())]
    return write_book(
        [
            Sheet(_("区县"), list(_units(lines)), 2),
            Sheet(_("各校明细"), list(_city_needs(known)), 3),
            Sheet(_("单价"), list(_city_prices(known)), 1),
            Sheet(_("说明"), about),
        ]
    )


def _units(lines: Iterable[CityLine]) -> Iterator[Row]:
    yield [
        *(_("代码"), _("区县"), _("状态"), *map(words.column, KINDS)),
        *(_("至少的费用（元）"), _("到达标值的费用（元）"), _("没有单价的措施")),
        *(_("超限的差异系数"), _("其他指标"), _("判定不了的项"), _("指纹"), _("数据性质")),
    ]
    for line in lines:
        district, found = line.line.district, line.lacking
        head = [district.code, district.name, str(line.line.label)]
        yield [*head, *(_unit(found) if found else [""] * (len(KINDS) + 8))]


def _unit(found: Lacking) -> Iterator[Any]:
    least, full = (found.shortfalls.measures(aim) for aim in ("least", "full"))
    bills = [bill(each, found.prices) for each in (least, full)]
    yield from (Number(least.get(kind, NOTHING), 2) for kind in KINDS)
    yield from (Number.read(each.total, 2) for each in bills)
    yield listed(map(words.kind_name, bills[1].unpriced))
    yield found.outcome.part_a.dispersion["not_met"]
    yield listed(found.shortfalls.beyond)
    yield found.shortfalls.unknown
    yield found.outcome.digest
    yield _("演示数据") if found.self_check.is_demo else ""


def _city_needs(lines: Iterable[CityLine]) -> Iterator[Row]:
    yield [_("区县"), _("学校标识码"), _("学校名称"), *need_head()]
    for line in lines:
        if line.lacking:
            rows = need_rows(line.lacking.shortfalls)
            yield from ([line.line.district.name, *row] for row in rows)


def _city_prices(lines: Iterable[CityLine]) -> Iterator[Row]:
    yield [_("区县"), _("措施"), _("单价（元）"), _("自何日起"), _("来源")]
    for line in lines:
        for kind, row in line.lacking.offers.items() if line.lacking else ():
            price = [Number.read(row.price, 2), row.valid_from, row.source]
            yield [line.line.district.name, words.kind_name(kind), *price]
