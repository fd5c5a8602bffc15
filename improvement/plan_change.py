"""Two outcomes of one self-check side by side: coefficients, their drivers, strips, verdicts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from charts.bars import bar
from charts.svg import Markup
from figures.shown import percent
from indicators import wording
from indicators.calculation.judged import UnitOutcome
from indicators.calculation.scheme import CODES
from indicators.rows import SpreadRow
from selfchecks.results import ResultPage
from selfchecks.schools import EFFECTS

MOST_DRIVERS = 5


@dataclass(frozen=True, slots=True)
class Driver:
    """A school that widens a coefficient: its part of the spread, what more there would do."""

    code: str
    name: str
    share: str
    bar: Markup
    effect: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A coefficient before and after, with the schools that widen it before."""

    before: SpreadRow
    after: SpreadRow
    drivers: tuple[Driver, ...]

    @property
    def sentence(self) -> str:
        sentence = _(
            "%(stage)s %(code)s %(name)s：只补到达标值，差异系数还超过限值 %(limit)s，所以要多补；"
            "%(was)s → %(now)s。"
        )
        return sentence % {
            "stage": self.before.stage,
            "code": self.before.code,
            "name": self.before.name,
            "limit": self.after.found.limit,
            "was": self.before.cv or "–",
            "now": self.after.cv or "–",
        }


@dataclass(frozen=True, slots=True)
class Strips:
    """One indicator of one stage: drawings, coefficients, how many units are short; both times."""

    title: str
    drawings: tuple[Markup, Markup]
    spreads: tuple[SpreadRow, SpreadRow]
    short: tuple[int, int]

    @property
    def sentence(self) -> str:
        sentence = _(
            "%(title)s：低于达标值的 %(before)s 个变为 %(after)s 个，差异系数 %(was)s → %(now)s"
        )
        return sentence % {
            "title": self.title,
            "before": self.short[0],
            "after": self.short[1],
            "was": self.spreads[0].cv or "–",
            "now": self.spreads[1].cv or "–",
        }


class Change:
    """From one result to another of the same schools."""

    def __init__(self, before: ResultPage, after: ResultPage) -> None:
        self.before, self.after = before, after

    def moved(self, code: str, stage: str) -> Moved:
        return Moved(*self._spreads(code, stage), tuple(self._drivers(code, stage)))

    def _spreads(self, code: str, stage: str) -> tuple[SpreadRow, SpreadRow]:
        return _spread(self.before, code, stage), _spread(self.after, code, stage)

    def _drivers(self, code: str, stage: str) -> Iterator[Driver]:
        """The schools with the largest part of the spread as it is before."""
        found = [(unit.cells[code], unit) for unit in _units(self.before, stage)]
        shares = [(Decimal(cell.share or 0), cell, unit) for cell, unit in found]
        first = sorted(shares, key=lambda row: -row[0])[:MOST_DRIVERS]
        for share, cell, unit in first:
            length = float(share / (first[0][0] or 1))
            effect = str(EFFECTS.get(cell.adding or "", ""))
            words = percent(str(share), 1)
            yield Driver(unit.school_code, unit.school_name, words, bar(length), effect)

    def raised(self) -> list[tuple[str, str]]:
        """Indicators and stages whose figures differ."""
        stages = [table.stage for table in self.after.stages]
        pairs = ((code, stage) for stage in stages for code in CODES)
        return [pair for pair in pairs if _values(self.before, *pair) != _values(self.after, *pair)]

    def strips(self, pairs: Iterable[tuple[str, str]]) -> Iterator[Strips]:
        """Both drawings of each on one scale."""
        for code, stage in pairs:
            pages = self.before, self.after
            reach = max(value for page in pages for value in _values(page, code, stage))
            before = self.before.strip(code, stage, "before", reach)
            after = self.after.strip(code, stage, "after", reach)
            if before and after:
                short = _short(self.before, code, stage), _short(self.after, code, stage)
                drawings = before[1], after[1]
                yield Strips(before[0], drawings, self._spreads(code, stage), short)


def _spread(page: ResultPage, code: str, stage: str) -> SpreadRow:
    key = code, wording.stage_name(stage)
    return next(row for row in page.spreads if (row.code, row.stage) == key)


def _units(page: ResultPage, stage: str) -> Iterator[UnitOutcome]:
    return (unit for unit in page.outcome.units if unit.stage == stage and unit.counted)


def _values(page: ResultPage, code: str, stage: str) -> list[float]:
    return [float(unit.indicators[code]["value"] or 0) for unit in _units(page, stage)]


def _short(page: ResultPage, code: str, stage: str) -> int:
    return sum(unit.cells[code].is_short for unit in _units(page, stage))
