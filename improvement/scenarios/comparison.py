"""Scenarios side by side, as the page and its workbook tell them: one row per thing compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from figures.shown import Places, shown
from figures.table import MONEY
from improvement.lacking import words as words
from improvement.scenario.comparing import Change, Side
from improvement.scenarios.changes import ChangeWords
from improvement.services.comparing import Column
from improvement.shortfall.lacking import AIMS
from improvement.shortfall.money import KINDS
from indicators import wording
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import CODES, STAGES
from indicators.services.rules import indicator_names
from rest.books import Number
from selfchecks.models import SelfCheck


class Cell(NamedTuple):
    """What stands under one column: words, the verdict they carry, and the number behind them."""

    words: str = ""
    verdict: str = ""
    exact: Number | str = ""


class Row(NamedTuple):
    """One thing compared, with its unit, under every column that could be judged."""

    name: str
    unit: str
    cells: list[Cell]


Line = tuple[Row, list[tuple[str, Cell]]]  # a row, and each cell under the name of its column


@dataclass(frozen=True, slots=True)
class Switch:
    """A school judged otherwise in one stage."""

    change: Change

    @property
    def stage(self) -> str:
        return wording.stage_name(self.change.stage)

    @property
    def before(self) -> str:
        return _verdict(self.change.before)

    @property
    def after(self) -> str:
        return _verdict(self.change.after)


def _verdict(verdict: str | None) -> str:
    if verdict is None:
        return _("没有这个评估单元")
    return str(wording.VERDICTS[verdict]) if verdict else _("不参加判定")


class Comparison:
    """``columns`` begin with what was reported; those that do not fit the figures are apart."""

    def __init__(self, self_check: SelfCheck, columns: list[Column]) -> None:
        self.self_check = self_check
        self.columns = [column for column in columns if column.side]
        self.refused = [column for column in columns if not column.side]
        self.places = Places.of(self_check.standard)
        self.indicators = indicator_names(self_check.standard)

    @property
    def heads(self) -> list[str]:
        return [
            column.scenario.name if column.scenario else _("填报的数据") for column in self.columns
        ]

    @property
    def sides(self) -> list[Side]:
        return [column.side for column in self.columns if column.side]

    @cached_property
    def rows(self) -> list[Row]:
        return [*self._verdicts(), *self._coefficients(), *self._shortfalls(), *self._money()]

    @property
    def sentence(self) -> str:
        """How many of the scenarios meet the standard."""
        verdicts = [column.side.outcome.verdict for column in self.columns[1:] if column.side]
        facts = {"all": len(verdicts), "met": verdicts.count("met")}
        if not verdicts:
            return _("没有可比较的假设方案")
        return _("%(all)s 个假设方案里，%(met)s 个全部达到标准") % facts

    @property
    def parts(self) -> tuple[list[Line], list[Line]]:
        """What is the same everywhere and met says little: those rows come second."""
        lines: tuple[list[Line], list[Line]] = [], []
        for row in self.rows:
            words = {cell.words for cell in row.cells}
            is_quiet = len(words) == 1 and row.cells[0].verdict == "met"
            lines[is_quiet].append((row, list(zip(self.heads, row.cells, strict=True))))
        return lines

    def _row(self, name: str, unit: str, cells: Iterator[Cell]) -> Row:
        return Row(name, unit, list(cells))

    def _verdicts(self) -> Iterator[Row]:
        outcomes = [side.outcome for side in self.sides]
        yield self._row(_("总的结论"), "", (_judged(o.verdict) for o in outcomes))
        yield self._row(_("达标的评估单元"), "", (_counted(o.part_a.units) for o in outcomes))
        spreads = (_counted(o.part_a.dispersion) for o in outcomes)
        yield self._row(_("达标的差异系数"), "", spreads)
        others = (_counted(_beyond(o)) for o in outcomes)
        yield self._row(_("达标的其他指标（B、C、D1）"), "", others)
        for code in outcomes[0].indicators if outcomes else ():
            verdicts = [o.indicators[code].verdict for o in outcomes]
            if len(set(verdicts)) > 1:  # the sum alone would not say which
                name = f"{code} {self.indicators.get(code, '')}".rstrip()
                yield Row(name, "", list(map(_judged, verdicts)))

    def _coefficients(self) -> Iterator[Row]:
        for stage in STAGES:
            for code in CODES:
                cells = [self._coefficient(side.outcome, stage, code) for side in self.sides]
                if any(cell.words for cell in cells):
                    facts = {"code": code, "stage": wording.stage_name(stage)}
                    name = _("%(code)s 差异系数（%(stage)s）") % facts
                    yield Row(name, "", cells)

    def _coefficient(self, outcome: Outcome, stage: str, code: str) -> Cell:
        spread = outcome.dispersion.get(stage)
        found = spread and spread.coefficients.get(code)
        if not found or not found.cv:
            return Cell()
        places = self.places.coefficient
        text = shown(found.cv, places, most=found.limit)
        return Cell(text, found.verdict, Number(Decimal(found.cv), places))

    def _shortfalls(self) -> Iterator[Row]:
        found = [side.shortfalls.measures("least") for side in self.sides]
        for kind in KINDS:
            if any(kind in each for each in found):
                name = _("至少还差：%s") % words.kind_name(kind)
                unit = words.unit_of_kind(kind)
                cells = (_amount(each.get(kind, Decimal()), unit) for each in found)
                yield self._row(name, _(unit), cells)

    def _money(self) -> Iterator[Row]:
        for aim, label in zip(AIMS, (_("至少的费用"), _("到达标值的费用")), strict=False):
            bills = [side.least if aim == "least" else side.full for side in self.sides]
            totals = [each.total for each in bills]
            cells = (Cell(_("没有单价")) if yuan is None else _cost(yuan) for yuan in totals)
            yield self._row(label, _(MONEY), cells)
        plans = [column.plan for column in self.columns]
        if any(plans):
            costs = (_cost(plan.cost or Decimal()) if plan else Cell() for plan in plans)
            yield self._row(_("最省的增配方案"), _(MONEY), costs)

    def switches(self) -> Iterator[tuple[str, list[Switch]]]:
        """Of every scenario the schools judged otherwise."""
        for column in self.columns:
            if column.scenario:
                yield column.scenario.name, [Switch(each) for each in column.changes]

    def told(self) -> Iterator[tuple[str, list[str]]]:
        """What every scenario changes, in words."""
        say = ChangeWords(self.self_check)
        for column in (*self.columns, *self.refused):
            if column.scenario:
                yield column.scenario.name, say.all(column.scenario.changes)


def _judged(verdict: str) -> Cell:
    text = str(wording.VERDICTS[verdict])
    return Cell(text, verdict, text)


def _counted(count: Mapping[Any, int]) -> Cell:
    """118 / 129."""
    whole = sum(count.values())
    verdict = "not_met" if count.get("not_met") else "unknown" if count.get("unknown") else "met"
    return Cell(
        f"{count.get('met', 0)} / {whole}", verdict, Number(Decimal(count.get("met", 0)), 0)
    )


def _beyond(outcome: Outcome) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in outcome.indicators.values():
        found[each.verdict] = found.get(each.verdict, 0) + 1
    return found


def _amount(amount: Decimal, unit: str) -> Cell:
    return Cell(words.amount(amount, unit), "", Number(amount, 4 if unit == MONEY else 2))


def _cost(yuan: Decimal) -> Cell:
    return Cell(words.money(yuan), "", Number(yuan / 10_000, 2))
