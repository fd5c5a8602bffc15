"""The rows of the standard as they come with the portal: wordings from CSV, numbers from rules."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017_1
from indicators.models import Indicator, OpenPoint, Standard, Threshold

FOLDER: Path = settings.BASE_DIR / "fixtures"


def rows_of(standard: str, name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"standard-{standard}-{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def threshold(row: dict[str, str], indicators: dict[str, Indicator], rules: Rules) -> Threshold:
    code, name = row.pop("indicator"), row["name"]
    value = rules.limits[f"{code}.{name}"] if name else rules.thresholds[code][row["stage"]]
    return Threshold(indicator=indicators[code], value=value, **row)


def open_point(standard: Standard, row: dict[str, str]) -> OpenPoint:
    return OpenPoint(standard=standard, indicators=row.pop("indicators").split(), **row)


def numbers_of_later_engines(
    numbers: Iterable[Threshold], indicators: Iterable[Indicator]
) -> list[Threshold]:
    """What the newest engine reads and a version of an earlier one does not have yet."""
    there = {(row.indicator.code, row.name) for row in numbers}
    by_code = {indicator.code: indicator for indicator in indicators}
    return [
        threshold(row, by_code, STANDARD_2017_1)
        for row in rows_of(STANDARD_2017_1.standard, "thresholds")
        if (row["indicator"], row["name"]) not in there
    ]
