"""Public pages: all indicators with what each asks, and one of them, worked through."""

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.access import for_everybody
from districts.sources import source_of
from districts.wording import inside
from figures.shown import Places
from figures.table import VETO_NAMES
from indicators import wording
from indicators.calculation.problems import write_decimal
from indicators.calculation.scheme import STAGES
from indicators.calculation.school_outcomes import unused_limits
from indicators.examples import example
from indicators.models import Indicator, Standard, Threshold
from indicators.models.indicator import Group
from indicators.presenting import Presented
from indicators.rows import Figure, SpreadRow
from indicators.services.rules import rules_of


@for_everybody
def index(request: HttpRequest) -> HttpResponse:
    standard = Standard.objects.in_force_on(timezone.localdate())
    page = _every_indicator(standard) if standard else None
    return render(request, "indicators/index.html", {"page": page})


def _every_indicator(standard: Standard) -> dict[str, Any]:
    """Four parts with what each indicator asks, and the rules around them."""
    rows = list(standard.indicators.select_related("standard").prefetch_related("thresholds"))
    return {
        "standard": standard,
        "source": source_of(standard),
        "count": len(rows),
        "parts": [
            (code, Group(code).label, [(row, list(map(_asked, _numbers(row)))) for row in members])
            for code, members in groupby(rows, key=lambda row: row.group)
        ],
        "floor_percent": f"{write_decimal(standard.floor_ratio * 100)}%",
        "veto": [VETO_NAMES[item] for item in rules_of(standard).veto_items],
        "amendments": standard.amendments.all(),
    }


def _numbers(indicator: Indicator) -> list[Threshold]:
    """Empty for indicators judged by evidence."""
    return [row for row in _deciding(indicator) if row.operator != "="]


def _deciding(indicator: Indicator) -> list[Threshold]:
    """Its numbers without those that only the reading not taken asks."""
    unused = unused_limits(indicator.standard.nearby_intake_by)
    rows = indicator.thresholds.all()
    return [row for row in rows if f"{indicator.code}.{row.name}" not in unused]


def _asked(row: Threshold) -> str:
    """Numbers of part A go by stage, the others by their own label."""
    head = "" if row.name else wording.stage_name(row.stage)
    return f"{head or row.display_label} {wording.requirement(row)}"


@for_everybody
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    standard = Standard.objects.in_force_on(timezone.localdate())
    rows = Indicator.objects.select_related("standard").filter(standard=standard, code=code)
    found = rows.first() if standard else None
    if found is None:
        raise Http404
    return render(request, "indicators/indicator.html", {"page": _one_indicator(found)})


def _one_indicator(indicator: Indicator) -> dict[str, Any]:
    """What it asks, how it is worked out, where its figures come from."""
    others = Indicator.objects.filter(standard=indicator.standard)
    points = indicator.standard.open_points.select_related("standard")
    rules = rules_of(indicator.standard)
    page = Presented(example(rules), [indicator], Places.of(rules))
    return {
        "indicator": indicator,
        "source": source_of(indicator.standard),
        "formula": wording.formula_of(indicator),
        "thresholds": [
            (row, wording.requirement(row), _floor(row)) for row in _deciding(indicator)
        ],
        "fields": [
            (code, wording.label_of(code), wording.unit_of(code), wording.origin_of(code))
            for code in indicator.raw_fields
        ],
        "special_cases": indicator.special_cases.all(),
        "open_points": [
            (point, wording.setting(point))
            for point in points
            if indicator.code in point.indicators
        ],
        "amendments": [
            each
            for each in indicator.standard.amendments.all()
            if indicator.code in each.indicators
        ],
        "working": _resource(page, indicator.code)
        if indicator.group == Group.RESOURCES
        else page.row_of(indicator),
        "previous": others.filter(order__lt=indicator.order).order_by("-order").first(),
        "next": others.filter(order__gt=indicator.order).order_by("order").first(),
    }


def _floor(row: Threshold) -> str:
    return "" if row.floor is None else wording.amount(row.floor, row.unit)


def _resource(page: Presented, code: str) -> dict[str, Any]:
    """The example's units, and from S and mean to the verdict on its primary schools."""
    outcome, primary = page.outcome, wording.stage_name(STAGES[0])
    found = outcome.dispersion[STAGES[0]].coefficients[code]
    spread = SpreadRow(code, "", primary, found, page.places)
    figures = {name: getattr(spread, name) for name in ("mean", "sd", "cv")}
    sentence = _(
        "小学 %(units)s 个单元共 %(pupils)s 名学生，按学生数加权：平均 %(mean)s，标准差 %(sd)s，"
        "差异系数是两者未修约时的商 %(cv)s，限值 %(limit)s，%(verdict)s。"
    ) % {**vars(found), **figures, "verdict": inside(spread.words)}
    return {
        "units": [
            (
                _(unit.school_name),
                wording.stage_name(unit.stage),
                Figure(code, unit.stage, cell, page.places),
            )
            for unit in outcome.units
            if (cell := unit.cells.get(code))
        ],
        "sentence": sentence,
        "unweighted": _("未加权（仅供参考）%s。") % spread.unweighted_cv,
        "left_out": [_(row.school_name) for row in outcome.units if row.reason == "small_point"],
    }
