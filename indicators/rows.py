"""The lines an outcome is shown in: units, figures, coefficients, requirements, in words."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from django.utils.translation import gettext as _

from figures.shown import COEFFICIENT, VALUE, percent, shown
from figures.table import SCHOOL_FIELD
from indicators import wording
from indicators.calculation.judged import Cell, Check, Coefficient, Failing, UnitOutcome
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import CODES, RATIOS, UnitVerdict, Verdict
from indicators.calculation.units import REASONS
from indicators.models import Indicator


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit."""

    code: str
    stage: str
    cell: Cell

    @property
    def verdict(self) -> UnitVerdict:
        return self.cell.verdict

    @cached_property
    def words(self) -> str:
        return str(wording.UNIT_VERDICTS[self.verdict])

    @property
    def value(self) -> str:
        return _shown(self.cell.value, VALUE)

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

    @property
    def verdict(self) -> Verdict:
        return self.found.verdict

    @property
    def mean(self) -> str:
        return _shown(self.found.mean, VALUE)

    @property
    def sd(self) -> str:
        return _shown(self.found.sd, VALUE)

    @property
    def cv(self) -> str:
        return _shown(self.found.cv, COEFFICIENT)

    @property
    def unweighted_cv(self) -> str:
        return _shown(self.found.unweighted_cv, COEFFICIENT)

    @property
    def unweighted_words(self) -> str:
        """The verdict with every school alike, where it would be another one."""
        verdict = self.found.unweighted_verdict
        return str(wording.VERDICTS[verdict]) if self.found.unweighted_differs else ""

    @property
    def sentence(self) -> str:
        words = _("%(stage)s差异系数 %(cv)s,限值 %(limit)s,%(verdict)s")
        return words % {
            "stage": self.stage,
            "cv": self.cv or "—",
            "limit": self.found.limit,
            "verdict": self.words,
        }


@dataclass(frozen=True)
class CheckRow(InWords):
    """One requirement outside part A: what was divided by what, and who falls short."""

    name: str
    working: str
    needed: str
    verdict: Verdict
    failing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        if not self.needed:
            return f"{self.name} {self.working} {self.words}"
        return _("%(name)s %(working)s,要求%(needed)s,%(verdict)s") % {
            "name": self.name,
            "working": self.working,
            "needed": self.needed,
            "verdict": self.words,
        }


@dataclass(frozen=True)
class IndicatorRow(InWords):
    """One indicator outside part A with its requirements."""

    code: str
    name: str
    verdict: Verdict
    checks: tuple[CheckRow, ...]


def unit_row(unit: UnitOutcome) -> UnitRow:
    return UnitRow(unit, tuple(Figure(code, unit.stage, c) for code, c in unit.cells.items()))


def check_row(check: Check, indicator: Indicator) -> CheckRow:
    """Named by the number it is held against, also where a stage was added to its name."""
    thresholds = indicator.thresholds.all() if indicator.pk else ()
    named = {f"{indicator.code}.{row.name}": row for row in thresholds}
    head, _underscore, stage = check.name.rpartition("_")
    threshold = named.get(check.name) or named.get(head)
    if threshold is None:
        name = _own_name(check.name, indicator)
    elif check.name in named:
        name = threshold.display_label
    else:
        name = f"{threshold.display_label} {wording.stage_name(stage)}"
    return CheckRow(
        name,
        _working(check),
        wording.requirement(threshold) if threshold else "",
        check.verdict,
        tuple(map(failing_words, check.failing)),
    )


def _own_name(name: str, indicator: Indicator) -> str:
    if name.endswith(".statement"):
        return _("区县自评")
    if name.startswith("C9."):
        return _(name.removeprefix("C9."))
    return _("全区县合计") if name.endswith(".rate") else indicator.display_name


def _working(check: Check) -> str:
    found = check.inputs
    if "numerator" in found:
        division = f"{_short(found['numerator'])} ÷ {_short(found['denominator'])}"
        return f"{division} = {found_and_needed(check)[0]}" if found["value"] else division
    if "level" in found:
        return _("等级 %(level)s,差异率 %(difference)s") % {
            "level": _short(found["level"]),
            "difference": _short(found["difference"]),
        }
    if "schools" in found:
        return _("%(schools)s 所学校,不符合 %(count)s 所") % {
            "schools": found["schools"],
            "count": len(check.failing),
        }
    return _short(found["value"]) if "value" in found else ""


def found_and_needed(check: Check) -> tuple[str, str]:
    """A division as a percentage, but pay as so many times another; a reported figure as it is."""
    value, needed = check.inputs["value"], Decimal(check.inputs["needed"])
    if "numerator" not in check.inputs:
        return _short(value), write_decimal(needed)
    if check.name == "B8.pay":
        return shown(value, COEFFICIENT), write_decimal(needed)
    return percent(value), f"{write_decimal(needed * 100)}%"


def _shown(text: str | None, places: int) -> str:
    return shown(text, places) if text else ""


def _short(text: str | None) -> str:
    return _("未填报") if text is None else write_decimal(Decimal(text))


def failing_words(item: Failing) -> str:
    """A school that falls short; a limit on several figures names each of them."""
    return _("%(school)s:%(field)s %(found)s,要求 %(needed)s") % {
        "school": _(item.school_name),
        "field": " + ".join(map(wording.label_of, item.field.split("+"))),
        "found": _short(item.found),
        "needed": _short(item.needed),
    }
