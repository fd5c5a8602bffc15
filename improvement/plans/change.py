"""Two outcomes of one self-check side by side: coefficients and strips."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from charts.svg import Markup
from indicators import wording
from indicators.calculation.judged import UnitOutcome
from indicators.calculation.scheme import CODES
from indicators.rows import SpreadRow
from selfchecks.results import ResultPage


@dataclass(frozen=True, slots=True)
class Strips:
    """One indicator of one stage, both times: drawings, coefficients, units that are short.

    ``below`` are those below the floor, ``raised`` those whose figure is another.
    """

    title: str
    drawings: tuple[Markup, Markup]
    spreads: tuple[SpreadRow, SpreadRow]
    short: tuple[int, int]
    below: tuple[int, int]
    raised: int

    @property
    def change(self) -> tuple[int, int, int, Decimal]:
        """By how much it moves, what a reader looks for first."""
        before, after = (Decimal(row.found.cv or 0) for row in self.spreads)
        fewer = [was - now for was, now in (self.short, self.below)]
        return fewer[0], fewer[1], self.raised, before - after

    @property
    def sentence(self) -> str:
        found = {"title": self.title, "units": self._units, "spread": self._spread}
        return _("%(title)s：%(units)s，%(spread)s") % found

    @property
    def _units(self) -> str:
        (was, now), (deep, still) = self.short, self.below
        if was != now:
            return _("低于达标值的从 %(was)s 个到 %(now)s 个") % {"was": was, "now": now}
        if deep != still:
            return _("低于基本值的从 %(was)s 个到 %(now)s 个") % {"was": deep, "now": still}
        return _("有变化的评估单元 %s 个") % self.raised

    @property
    def _spread(self) -> str:
        was, now = self.spreads
        found = {"was": was.cv or "–", "now": now.cv or "–", "limit": now.found.limit}
        if was.verdict == "not_met" and now.verdict == "met":
            return _("差异系数 %(was)s → %(now)s，降到限值 %(limit)s 以内") % found
        if was.cv == now.cv:
            return _("差异系数仍是 %(now)s") % found
        return _("差异系数 %(was)s → %(now)s") % found


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
                yield Strips(
                    before[0],
                    (before[1], after[1]),
                    self._spreads(code, stage),
                    self._count(code, stage, ("floor", "below")),
                    self._count(code, stage, ("below",)),
                    self._raised(code, stage),
                )

    def _count(self, code: str, stage: str, verdicts: tuple[str, ...]) -> tuple[int, int]:
        before, after = (
            sum(unit.cells[code].verdict in verdicts for unit in _units(page, stage))
            for page in (self.before, self.after)
        )
        return before, after

    def _raised(self, code: str, stage: str) -> int:
        """Units with another figure; one that only one of both has is another, too."""
        before, after = (_by_school(page, code, stage) for page in (self.before, self.after))
        return sum(before.get(school) != after.get(school) for school in before | after)


def _spread(page: ResultPage, code: str, stage: str) -> SpreadRow:
    key = code, wording.stage_name(stage)
    return next(row for row in page.spreads if (row.code, row.stage) == key)


def _units(page: ResultPage, stage: str) -> Iterator[UnitOutcome]:
    return (unit for unit in page.outcome.units if unit.stage == stage and unit.counted)


def _by_school(page: ResultPage, code: str, stage: str) -> dict[str, str | None]:
    return {unit.school_code: unit.cells[code].value for unit in _units(page, stage)}


def _values(page: ResultPage, code: str, stage: str) -> list[float]:
    return [float(value or 0) for value in _by_school(page, code, stage).values()]
