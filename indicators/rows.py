"""The lines of part A an outcome is shown in: units, figures, coefficients, in words."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from django.utils.translation import gettext as _

from districts.wording import inside
from figures.shown import FORM, Places, shown
from figures.table import SCHOOL_FIELD
from indicators import wording
from indicators.calculation.judged import Cell, Coefficient, UnitOutcome
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import CODES, RATIOS, UnitVerdict, Verdict
from indicators.calculation.units import REASONS


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit."""

    code: str
    stage: str
    cell: Cell
    places: Places = FORM

    @property
    def verdict(self) -> UnitVerdict:
        return self.cell.verdict

    @cached_property
    def words(self) -> str:
        return str(wording.UNIT_VERDICTS[self.verdict])

    @property
    def value(self) -> str:
        cell = self.cell
        limits = (cell.threshold, cell.floor)
        return shown(cell.value, self.places.value, least=limits) if cell.value else ""

    @cached_property
    def field(self) -> str:
        """The raw field a shortfall is expressed in."""
        return RATIOS[CODES.index(self.code)].field_in(self.stage)

    @property
    def shortfall(self) -> str:
        """What is missing to the threshold, in the unit of the raw figure: 2 人."""
        if not self.cell.is_short or not self.cell.shortfall:
            return ""
        return wording.amount(Decimal(self.cell.shortfall), SCHOOL_FIELD[self.field].unit)

    @property
    def division(self) -> str:
        """20 ÷ 480 × 100. Numerators of split facilities have six places at most."""
        factor = RATIOS[CODES.index(self.code)].factor
        numerator = write_decimal(Decimal(self.cell.numerator or 0))
        times = f" × {factor}" if factor != 1 else ""
        return f"{numerator} ÷ {self.cell.denominator}{times}"


class HasVerdict(Protocol):
    @property
    def verdict(self) -> Verdict | None: ...


class InWords:
    """Something with a verdict, which a page shows with its mark and its words."""

    @property
    def words(self: HasVerdict) -> str:
        return str(wording.VERDICTS[self.verdict]) if self.verdict else ""


@dataclass(frozen=True)
class UnitRow(InWords):
    """One unit with its figures; none when it is left out."""

    unit: UnitOutcome
    figures: tuple[Figure, ...]

    @property
    def verdict(self) -> Verdict | None:
        return self.unit.verdict

    @property
    def stage(self) -> str:
        return wording.stage_name(self.unit.stage)

    @property
    def reason(self) -> str:
        """Why the unit is not counted."""
        return _(REASONS[self.unit.reason]) if self.unit.reason else ""


@dataclass(frozen=True)
class StageTable:
    """The units of one stage; ``codes`` are indicator, name and threshold."""

    stage: str
    codes: tuple[tuple[str, str, str], ...]
    rows: tuple[UnitRow, ...]
    left_out: tuple[UnitRow, ...]

    @property
    def anchor(self) -> str:
        return f"units-{self.stage}"

    @property
    def name(self) -> str:
        return wording.stage_name(self.stage)

    @property
    def failing(self) -> list[UnitRow]:
        return [row for row in self.rows if row.verdict == "not_met"]


@dataclass(frozen=True)
class SpreadRow(InWords):
    """The 差异系数 of one indicator in one stage."""

    code: str
    name: str
    stage: str
    found: Coefficient
    places: Places = FORM

    @property
    def verdict(self) -> Verdict:
        return self.found.verdict

    @property
    def mean(self) -> str:
        return shown(self.found.mean, self.places.value) if self.found.mean else ""

    @property
    def sd(self) -> str:
        return shown(self.found.sd, self.places.value) if self.found.sd else ""

    @property
    def cv(self) -> str:
        return self._coefficient(self.found.cv)

    @property
    def unweighted_cv(self) -> str:
        return self._coefficient(self.found.unweighted_cv)

    def _coefficient(self, text: str | None) -> str:
        return shown(text, self.places.coefficient, most=self.found.limit) if text else ""

    @property
    def unweighted_words(self) -> str:
        """The verdict with every school alike, where it would be another one."""
        verdict = self.found.unweighted_verdict
        return str(wording.VERDICTS[verdict]) if self.found.unweighted_differs else ""

    @property
    def sentence(self) -> str:
        words = _("%(stage)s差异系数 %(cv)s，限值 %(limit)s，%(verdict)s")
        return words % {
            "stage": self.stage,
            "cv": self.cv or "—",
            "limit": self.found.limit,
            "verdict": inside(self.words),
        }


def unit_row(unit: UnitOutcome, places: Places = FORM) -> UnitRow:
    cells = unit.cells.items()
    return UnitRow(unit, tuple(Figure(code, unit.stage, cell, places) for code, cell in cells))
