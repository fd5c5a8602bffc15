"""Loads the national standard of 2017: numbers from the calculation, wordings from fixtures."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.services import record
from figures.table import JUNIOR, PRIMARY
from indicators.calculation.problems import write_decimal
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.models import Indicator, OpenPoint, SpecialCase, Standard, Threshold
from indicators.models.standard import Status

from .rules import SETTINGS

FOLDER: Path = settings.BASE_DIR / "fixtures"
CODE = STANDARD_2017.standard
ISSUED = date(2017, 4, 19)  # the day the ministry issued 教督〔2017〕6号


@transaction.atomic
def load_standard_2017() -> int:
    """Add the standard of 2017, published, unless it is there; returns how many rows were added."""
    if Standard.objects.filter(code=CODE).exists():
        return 0
    standard = _add_standard()
    indicators = {row["code"]: row for row in _rows("indicators")}
    stored = Indicator.objects.bulk_create(
        _indicator(standard, order, row) for order, row in enumerate(indicators.values(), start=1)
    )
    by_code = {indicator.code: indicator for indicator in stored}
    rows: list[Any] = list(stored)
    rows += Threshold.objects.bulk_create(_threshold(row, by_code) for row in _rows("thresholds"))
    rows += SpecialCase.objects.bulk_create(
        _special_case(standard, row, by_code) for row in _rows("special-cases")
    )
    rows += OpenPoint.objects.bulk_create(
        _open_point(standard, row) for row in _rows("open-points")
    )
    record(action="reference.load", by=None, on=standard, changes={"indicators": len(rows) + 1})
    return len(rows) + 1


def names_2017() -> dict[str, str]:
    """Names of the indicators of 2017 by code, without a database."""
    return {row["code"]: row["name"] for row in _rows("indicators")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"standard-2017-{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _add_standard() -> Standard:
    rules = STANDARD_2017
    stored = rules.to_dict()
    return Standard.objects.create(
        code=CODE,
        title="县域义务教育优质均衡发展督导评估办法",
        english_title="Measures for evaluating quality and balanced compulsory education",
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


def _threshold(row: dict[str, str], indicators: dict[str, Indicator]) -> Threshold:
    code = row.pop("indicator")
    rules = STANDARD_2017
    name = row["name"]
    value = rules.limits[f"{code}.{name}"] if name else rules.thresholds[code][row["stage"]]
    return Threshold(indicator=indicators[code], value=value, **row)


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


def _open_point(standard: Standard, row: dict[str, str]) -> OpenPoint:
    return OpenPoint(standard=standard, indicators=row.pop("indicators").split(), **row)
