"""The city's board of what is lacking: a line a unit, its sums, sorted as the address asks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.wording import listed
from figures.table import AREA, MONEY, PEOPLE, ROOMS
from improvement.lacking import words as words
from improvement.services.lacking import CityLine, Lacking
from improvement.shortfall.money import NOTHING, Amounts, Bill, bill

# Name in the address → what is counted; costs come from prices.
COUNTED = {"people": PEOPLE, "rooms": ROOMS, "area": AREA, "equipment": MONEY}
COST, SPREADS = "cost", "spreads"
_NAMES = (*COUNTED, COST, SPREADS)
SORTS = (*_NAMES, *(f"-{name}" for name in _NAMES))
_UNITS = {**COUNTED, COST: MONEY, SPREADS: PEOPLE}


def labels() -> dict[str, str]:
    """Headings in the reader's language, by name in the address."""
    return {
        "people": _("教师 人"),
        "rooms": _("多媒体教室 间"),
        "area": _("校舍和场地 ㎡"),
        "equipment": _("设备 万元"),
        COST: _("费用 万元"),
        SPREADS: _("超限的差异系数"),
    }


@dataclass(frozen=True)
class CityRow:
    """One unit; without a submitted result it has no numbers."""

    line: CityLine

    @property
    def lacking(self) -> Lacking | None:
        return self.line.lacking

    @cached_property
    def numbers(self) -> dict[str, Decimal]:
        """What is lacking at least, by the names of the address; costs of what has a price, in
        万元. Rounded up as they are told, so that what is told adds up."""
        if self.lacking is None:
            return {}
        sums, cost = words.sums_by_unit(self.least), self.bill.total
        found = {name: words.up(sums[unit], unit) for name, unit in COUNTED.items()}
        found[SPREADS] = Decimal(self.spreads)
        return found if cost is None else {**found, COST: words.up(cost / 10_000, MONEY)}

    @property
    def cells(self) -> Iterator[tuple[str, str]]:
        """What the column is called and what it says."""
        for name, label in labels().items():
            is_more = name == COST and self.unpriced and name in self.numbers
            yield label, ("≥ " if is_more else "") + _shown(name, self.numbers.get(name))

    @property
    def spreads(self) -> int:
        """How many coefficients are above their limit."""
        return self.lacking.outcome.part_a.dispersion["not_met"] if self.lacking else 0

    @property
    def others(self) -> str:
        return listed(self.lacking.shortfalls.beyond) if self.lacking else ""

    @property
    def unpriced(self) -> bool:
        """Whether its costs leave something out."""
        return bool(self.bill.unpriced)

    @cached_property
    def least(self) -> Amounts:
        return self.lacking.shortfalls.measures("least") if self.lacking else {}

    @cached_property
    def bill(self) -> Bill:
        return bill(self.least, self.lacking.prices if self.lacking else {})


class Head(NamedTuple):
    name: str
    sort: str
    sorted: str


class CityTable:
    """``sort`` is the name of a column, with a minus for the smallest first."""

    def __init__(self, lines: Iterable[CityLine], sort: str = SORTS[0]) -> None:
        self.sort = sort
        self._all = [CityRow(line) for line in lines]

    @cached_property
    def rows(self) -> list[CityRow]:
        """Units nothing is known of stand last, however it is sorted."""
        key, is_up = self.sort.removeprefix("-"), self.sort.startswith("-")
        known = [row for row in self._all if row.lacking]
        rest = (COST, *COUNTED, SPREADS)
        known.sort(
            key=lambda row: [row.numbers.get(each, NOTHING) for each in (key, *rest)],
            reverse=not is_up,
        )
        return [*known, *(row for row in self._all if not row.lacking)]

    @property
    def heads(self) -> Iterator[Head]:
        for key, label in labels().items():
            is_down, is_up = key == self.sort, f"-{key}" == self.sort
            state = "descending" if is_down else "ascending" if is_up else "none"
            yield Head(label, f"-{key}" if is_down else key, state)

    @property
    def sums(self) -> list[str]:
        """Of the whole city, in the order of the heads."""
        return [_shown(name, self._sum(name)) for name in labels()]

    def _sum(self, name: str) -> Decimal:
        return sum((row.numbers.get(name, NOTHING) for row in self._all), NOTHING)

    @property
    def sentence(self) -> str:
        least = [row.least for row in self._all if row.lacking]
        told = {"known": len(least), "short": sum(map(bool, least))}
        if not any(least):
            return _("有结果的 %(known)s 个区县，各校都达到要求。") % told
        template = ngettext(
            "有结果的 %(known)s 个区县里 %(short)s 个还差，合计至少 %(sum)s。",
            "有结果的 %(known)s 个区县里 %(short)s 个还差，合计至少 %(sum)s。",
            told["short"],
        )
        sums = [(self._sum(name), unit) for name, unit in COUNTED.items()]
        return template % {**told, "sum": listed(words.amount(*each) for each in sums if each[0])}

    @property
    def above(self) -> int:
        """How many units have a coefficient above its limit."""
        return sum(bool(row.spreads) for row in self._all)

    @property
    def without_result(self) -> int:
        return sum(row.lacking is None for row in self._all)


def _shown(name: str, number: Decimal | None) -> str:
    """A dash where nothing is known."""
    if number is None:
        return "–"
    return words.whole(number, _UNITS[name])
