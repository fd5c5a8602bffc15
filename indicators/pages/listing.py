"""The page of all indicators: four parts, what each indicator asks, and the rules around them."""

from dataclasses import dataclass
from itertools import groupby

from figures.table import VETO_ITEMS
from indicators import wording
from indicators.calculation.figures import write_decimal
from indicators.models import Indicator, Standard
from indicators.models.indicator import Group


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with its requirements in words; empty for those judged by evidence."""

    indicator: Indicator
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ListingPage:
    standard: Standard
    parts: tuple[Part, ...]
    floor_percent: str
    limits: tuple[str, str]
    veto: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(len(part.lines) for part in self.parts)


def build(standard: Standard) -> ListingPage:
    indicators = standard.indicators.prefetch_related("thresholds")
    groups = groupby(indicators, key=lambda indicator: indicator.group)
    return ListingPage(
        standard=standard,
        parts=tuple(
            Part(code, str(Group(code).label), tuple(_line(row) for row in rows))
            for code, rows in groups
        ),
        floor_percent=f"{write_decimal(standard.floor_ratio * 100)}%",
        limits=(
            write_decimal(standard.dispersion_limit_primary, 2),
            write_decimal(standard.dispersion_limit_junior, 2),
        ),
        veto=tuple(VETO_ITEMS.values()),
    )


def _line(indicator: Indicator) -> Line:
    rows = [row for row in indicator.thresholds.all() if row.operator != "="]
    return Line(indicator, tuple(_words(indicator, row) for row in rows))


def _words(indicator: Indicator, row: wording.Threshold) -> str:
    """Numbers of part A go by stage, the others by their own label."""
    head = wording.stage_name(row.stage) if indicator.group == Group.RESOURCES else ""
    return f"{head or row.display_label} {wording.requirement(row)}"
