"""Loads the units and their successions from the project's own reference files."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from audit.services import record
from districts.models import District, Succession

FOLDER: Path = settings.BASE_DIR / "fixtures"


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a reference file ``fixtures/<name>.csv``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def number_or_none(text: str) -> int | None:
    return int(text) if text else None


@transaction.atomic
def load_districts() -> int:
    """Add the units and successions that are not there yet; returns how many were added.

    What exists is left alone: an edit made in the portal outlives the next start.
    """
    added = sum(_add_district(row) for row in rows_of("districts"))
    districts = {district.code: district for district in District.objects.all()}
    added += sum(_add_succession(row, districts) for row in rows_of("successions"))
    if added:
        record(action="reference.load", by=None, changes={"districts": added})
    return added


def _add_district(row: dict[str, str]) -> bool:
    numbers = {
        name: number_or_none(row.pop(name))
        for name in ("tile_column", "tile_row", "current_tile_column", "current_tile_row")
    }
    last_day = row.pop("valid_to")
    valid_to = date.fromisoformat(last_day) if last_day else None
    code = row.pop("code")
    _district, is_new = District.objects.get_or_create(
        code=code, defaults={**row, **numbers, "valid_to": valid_to}
    )
    return is_new


def _add_succession(row: dict[str, str], districts: dict[str, District]) -> bool:
    _succession, is_new = Succession.objects.get_or_create(
        predecessor=districts[row["predecessor"]],
        successor=districts[row["successor"]],
        date=date.fromisoformat(row["date"]),
        defaults={name: row[name] for name in ("kind", "description", "source")},
    )
    return is_new
