"""The page of one indicator: what it asks, how it is worked out, where its figures come from."""

from dataclasses import dataclass
from typing import Any

from indicators import wording
from indicators.calculation.figures import write_decimal
from indicators.examples import example
from indicators.models import Indicator, OpenPoint, SpecialCase, Threshold
from indicators.models.indicator import Group
from indicators.services.rules import rules_of

from .working import Working, working_of


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A number with what stands beside it; the last two are empty outside part A."""

    name: str
    requirement: str
    floor: str
    dispersion_limit: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    code: str
    label: str
    unit: str
    origin: str


@dataclass(frozen=True, slots=True)
class OpenLine:
    point: OpenPoint
    setting: str


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    indicator: Indicator
    formula: tuple[str, ...]
    thresholds: tuple[ThresholdLine, ...]
    fields: tuple[FieldLine, ...]
    special_cases: tuple[SpecialCase, ...]
    open_points: tuple[OpenLine, ...]
    working: Working
    previous: Indicator | None
    next: Indicator | None

    @property
    def is_of_part_a(self) -> bool:
        return self.indicator.group == Group.RESOURCES


def build(indicator: Indicator) -> IndicatorPage:
    outcome = example(rules_of(indicator.standard))
    thresholds = list(indicator.thresholds.select_related("indicator__standard"))
    return IndicatorPage(
        indicator=indicator,
        formula=tuple(map(str, wording.FORMULAS.get(indicator.formula, ()))),
        thresholds=tuple(_threshold(row) for row in thresholds),
        fields=tuple(_field(code) for code in indicator.raw_fields),
        special_cases=tuple(indicator.special_cases.all()),
        open_points=tuple(_open_points(indicator)),
        working=working_of(indicator, thresholds, outcome),
        **_neighbours(indicator),
    )


def _threshold(row: Threshold) -> ThresholdLine:
    floor, limit = row.floor, row.dispersion_limit
    return ThresholdLine(
        name=row.display_label,
        requirement=wording.requirement(row),
        floor="" if floor is None else wording.amount(floor, row.unit),
        dispersion_limit="" if limit is None else write_decimal(limit, 2),
    )


def _field(code: str) -> FieldLine:
    return FieldLine(code, wording.label_of(code), wording.unit_of(code), wording.origin_of(code))


def _open_points(indicator: Indicator) -> list[OpenLine]:
    points = indicator.standard.open_points.select_related("standard")
    return [
        OpenLine(point, wording.setting(point))
        for point in points
        if indicator.code in point.indicators
    ]


def _neighbours(indicator: Indicator) -> dict[str, Any]:
    others = Indicator.objects.filter(standard=indicator.standard)
    return {
        "previous": others.filter(order__lt=indicator.order).order_by("-order").first(),
        "next": others.filter(order__gt=indicator.order).order_by("order").first(),
    }
