"""Two outcomes of one self-check side by side: coefficients and strips."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from charts.svg import Markup
from indicators import wording
from indicators.calculation.judged import UnitOutcome
from indicators.calculation.scheme import CODES
from indicators.rows import SpreadRow
from selfchecks.results import ResultPage


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

    def _spreads(self, code: str, stage: str) -> tuple[SpreadRow, SpreadRow]:
        return _spread(self.before, code, stage), _spread(self.after, code, stage)

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
