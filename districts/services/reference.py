"""Loads the units and their successions from the project's own reference files."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from audit.services import record
from districts.models import District, Succession, Township
from districts.services import units

FOLDER: Path = settings.BASE_DIR / "fixtures"
NUMBERS = ("order", "tile_column", "tile_row", "current_tile_column", "current_tile_row")
SPLIT = "行政区两江新区(500157)与规划中的功能区(LJXQ)是两个单位"


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a reference file ``fixtures/<name>.csv``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def number_or_none(text: str) -> int | None:
    return int(text) if text else None


def day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def load_districts() -> int:
    """Add the units and successions that are not there yet; returns how many were added.

    What exists is left alone: an edit made in the portal outlives the next start.
    """
    rows = {row["code"]: row for row in rows_of("districts")}
    added = _split_liangjiang(rows)
    added += sum(_add_district(row) for row in rows.values())
    districts = {district.code: district for district in District.objects.all()}
    added += sum(_add_succession(row, districts) for row in rows_of("successions"))
    added += sum(_add_township(row, districts) for row in rows_of("townships"))
    if added:
        record(action="reference.load", by=None, changes={"districts": added})
    return added


def _split_liangjiang(rows: dict[str, dict[str, str]]) -> int:
    """Older databases have one row for two units: the functional area of the plan, and the
    district of that name set up in 2025. What happened before that day stays with the area."""
    was = District.objects.filter(code="LJXQ", valid_to=None).first()
    if was is None or District.objects.filter(code="500157").exists():
        return 0
    area = _values(rows["LJXQ"])
    ends = ("distinction", "valid_to", "current_tile_column", "current_tile_row")
    units.update_district(district=was, by=None, **{name: area[name] for name in ends})
    known = {row["code"]: int(row["order"]) for row in rows.values()}
    for district in District.objects.filter(code__in=known):
        units.update_district(district=district, by=None, order=known[district.code])
    new = units.create_district(by=None, **_values(rows["500157"]))
    for succession in was.inheritances.all():
        units.correct_succession(succession=succession, by=None, successor=new, reason=SPLIT)
    return 1


def _values(row: dict[str, str]) -> dict[str, Any]:
    """The cells as the fields of a unit."""
    values: dict[str, Any] = dict(row)
    values |= {name: number_or_none(row[name]) for name in NUMBERS}
    return values | {name: day_or_none(row[name]) for name in ("valid_from", "valid_to")}


def _add_district(row: dict[str, str]) -> bool:
    if District.objects.filter(code=row["code"]).exists():
        return False
    district = District(**_values(row))
    units.spell(district)
    district.save()
    return True


def _add_township(row: dict[str, str], districts: dict[str, District]) -> bool:
    key = {"name": row["name"], "valid_from": date.fromisoformat(row["valid_from"])}
    texts = {name: row[name] for name in ("source", "source_note")}
    return Township.objects.get_or_create(
        district=districts[row["district"]], **key, defaults=texts
    )[1]


def _add_succession(row: dict[str, str], districts: dict[str, District]) -> bool:
    _succession, is_new = Succession.objects.get_or_create(
        predecessor=districts[row["predecessor"]],
        successor=districts[row["successor"]],
        date=date.fromisoformat(row["date"]),
        defaults={
            **{name: row[name] for name in ("kind", "description", "source")},
            "known_on": date.fromisoformat(row["known_on"]),
            "takes_place": bool(row["takes_place"]),
        },
    )
    return is_new
