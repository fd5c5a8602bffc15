"""Loads the national standard of 2017, and drafts and publishes its correction of 2026."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from figures.table import JUNIOR, PRIMARY
from indicators.calculation.problems import write_decimal
from indicators.calculation.rules import LATER_SETTINGS
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from indicators.models import Amendment, Indicator, OpenPoint, SpecialCase, Standard, Threshold
from indicators.models.standard import Status

from .drafts import add, change, settle
from .fixtures import open_point, rows_of, threshold
from .rules import SETTINGS
from .standards import draft_from, publish

CODE = STANDARD_2017.standard
ISSUED = date(2017, 4, 19)  # the day the ministry issued 教督〔2017〕6号
CORRECTED = date(2026, 1, 1)  # self-checks of 2026 are the first ones judged by the correction
PROCEDURE = "教督厅函〔2024〕10号"
WHY = "按 2026 年核对到的公开材料更正:就近入学按学段要求,显示位数与申报表一致,特殊情形有适用期。"


@transaction.atomic
def load_standard_2017() -> int:
    """Add the standard of 2017, published, unless it is there; returns how many rows were added."""
    if Standard.objects.filter(code=CODE).exists():
        return 0
    standard = _add_standard()
    indicators = {row["code"]: row for row in rows_of(CODE, "indicators")}
    stored = Indicator.objects.bulk_create(
        _indicator(standard, order, row) for order, row in enumerate(indicators.values(), start=1)
    )
    by_code = {indicator.code: indicator for indicator in stored}
    rows: list[Any] = list(stored)
    rows += Threshold.objects.bulk_create(
        threshold(row, by_code, STANDARD_2017) for row in rows_of(CODE, "thresholds")
    )
    rows += SpecialCase.objects.bulk_create(
        _special_case(standard, row, by_code) for row in rows_of(CODE, "special-cases")
    )
    rows += OpenPoint.objects.bulk_create(
        open_point(standard, row) for row in rows_of(CODE, "open-points")
    )
    record(action="reference.load", by=None, on=standard, changes={"indicators": len(rows) + 1})
    return len(rows) + 1


def names_2017() -> dict[str, str]:
    """Names of the indicators of 2017 by code, without a database."""
    return {row["code"]: row["name"] for row in rows_of(CODE, "indicators")}


def _add_standard() -> Standard:
    rules = STANDARD_2017
    stored = rules.to_dict()
    return Standard.objects.create(
        code=CODE,
        title="县域义务教育优质均衡发展督导评估办法",
        english_title=(
            "Measures for the supervision and evaluation of high-quality and balanced development"
            " of county-level compulsory education"
        ),
        document_number="教督〔2017〕6号",
        effective_from=ISSUED,
        status=Status.PUBLISHED,
        published_at=timezone.make_aware(datetime.combine(ISSUED, time())),
        dispersion_limit_primary=rules.dispersion_limits[PRIMARY],
        dispersion_limit_junior=rules.dispersion_limits[JUNIOR],
        **{name: stored[name] for name in SETTINGS if name in stored},
    )


def _indicator(standard: Standard, order: int, row: dict[str, str]) -> Indicator:
    fields, per = row.pop("raw_fields").split(), row.pop("per")
    return Indicator(
        standard=standard,
        group=row["code"][0],
        order=order,
        raw_fields=fields,
        per=int(per) if per else None,
        **row,
    )


def _special_case(
    standard: Standard, row: dict[str, str], indicators: dict[str, Indicator]
) -> SpecialCase:
    code = row.pop("indicator")
    limits = STANDARD_2017.limits
    names = row.pop("parameters").split()
    return SpecialCase(
        standard=standard,
        indicator=indicators[code],
        parameters={name: write_decimal(limits[f"{code}.{name}"]) for name in names},
        is_enabled=row["code"] in STANDARD_2017.special_cases,
        needs_end_year=row.pop("needs_end_year") == "1",
        **row,
    )


@transaction.atomic
def load_standard_2017_1() -> int:
    """Draft, correct and publish the version of 2026 unless it is there; counts what is new."""
    rules = STANDARD_2017_1
    if Standard.objects.filter(code=rules.standard).exists():
        return 0
    base = Standard.objects.get(code=CODE)
    draft = draft_from(standard=base, code=rules.standard, reason=WHY, by=None)
    written = rules.to_dict()
    settings = {name: written[name] for name in LATER_SETTINGS[rules.engine] if name != "engine"}
    change(row=draft, by=None, effective_from=CORRECTED, procedure=PROCEDURE, **settings)
    settle(point=draft.open_points.get(key="point_comparison"), by=None)
    for row, fields in _changes(draft):
        change(row=row, by=None, **fields)
    added: list[Any] = [open_point(draft, row) for row in rows_of(draft.code, "open-points")]
    added += [_amendment(draft, row) for row in rows_of(draft.code, "amendments")]
    for one in added:
        add(row=one, by=None)
    publish(standard=draft, reason=WHY, by=None)
    return len(added) + 1


def _changes(draft: Standard) -> Iterator[tuple[Any, dict[str, str]]]:
    """Rows of the draft with what they say from now on."""
    for name, group in groupby(rows_of(draft.code, "changes"), key=itemgetter("row")):
        kind, _space, key = name.rpartition(" ")
        rows = {"case": draft.special_cases, "point": draft.open_points, "": draft.indicators}
        named = {"key" if kind == "point" else "code": key}
        yield rows[kind].get(**named), {row["field"]: row["value"] for row in group}


def _amendment(draft: Standard, row: dict[str, str]) -> Amendment:
    days = {name: row.pop(name) or None for name in ("since", "checked_on")}
    return Amendment(standard=draft, indicators=row.pop("indicators").split(), **days, **row)
