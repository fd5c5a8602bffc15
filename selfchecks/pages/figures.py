"""Reported figures line by line, each with the cell it came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from figures.table import SCHOOL_FIELDS, STAGES_OF_TYPE, Figure, item_of
from selfchecks.models import SchoolRecord, SelfCheck
from selfchecks.models.records import ItemState
from selfchecks.services.corrections import IDENTIFYING
from workbooks.values import NOT_APPLICABLE, show


@dataclass(frozen=True, slots=True)
class Line:
    """One value; ``column`` is empty where it cannot be corrected by itself."""

    line: str
    column: str
    label: str
    unit: str
    value: str
    is_missing: bool
    sheet: str
    cell: str


def of_school(self_check: SelfCheck, record: SchoolRecord) -> tuple[Line, ...]:
    return tuple(_of_school(record))


def _of_school(record: SchoolRecord) -> Iterator[Line]:
    stages = STAGES_OF_TYPE.get(record.school_type, ())
    for raw in SCHOOL_FIELDS:
        if raw.stage and raw.stage not in stages:
            continue
        value = getattr(record, raw.code)
        shown = NOT_APPLICABLE if raw.code in record.not_applicable else value
        is_missing = shown is None or shown == ""
        yield Line(
            line=record.school_code,
            column="" if raw.code in IDENTIFYING else raw.code,
            label=_(raw.label),
            unit=_(raw.unit) if raw.unit else "",
            value=_("未填报") if is_missing else _written(raw, shown),
            is_missing=is_missing,
            sheet=record.sheet,
            cell=record.cells.get(raw.code, ""),
        )


def _written(raw: Figure, value: Any) -> str:
    """Words of a list in the reader's language, names as they were written."""
    if isinstance(value, str):
        return value if raw.kind == "text" else _(value)
    return show(value)


def of_district(self_check: SelfCheck) -> tuple[Line, ...]:
    """In the order of the workbook, which is the order they were written in."""
    rows = self_check.district_records.order_by("pk")
    return tuple(_item(row) for row in rows)


def _item(row: Any) -> Line:
    entry = item_of(row.item)
    words = {ItemState.MISSING: _("未填报"), ItemState.NOT_APPLICABLE: _("不适用")}
    return Line(
        line=row.item,
        column="value",
        label=_(entry.label) if entry else row.item,
        unit=_(entry.unit) if entry and entry.unit else "",
        value=words[row.state] if row.state in words else show(row.value),
        is_missing=row.state == ItemState.MISSING,
        sheet=row.sheet,
        cell=row.cell,
    )
