"""Reported figures line by line, each with its cell, and the threads tied to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from indicators.raw_fields import SCHOOL_FIELDS, STAGES_OF_TYPE
from selfchecks.models import ReviewComment, SchoolRecord, SelfCheck
from selfchecks.models.records import ItemState
from selfchecks.services.corrections import IDENTIFYING, Cell
from selfchecks.workbook.layout import district_entry
from selfchecks.workbook.values import NOT_APPLICABLE, show


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
            value=_("未填报") if is_missing else _written(shown),
            is_missing=is_missing,
            sheet=record.sheet,
            cell=record.cells.get(raw.code, ""),
        )


def _written(value: Any) -> str:
    return value if isinstance(value, str) else show(value)


def of_district(self_check: SelfCheck) -> tuple[Line, ...]:
    """In the order of the workbook, which is the order they were written in."""
    rows = self_check.district_records.order_by("pk")
    return tuple(_item(row) for row in rows)


def _item(row: Any) -> Line:
    entry = district_entry(row.item)
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


def tied_to(cell: Cell) -> dict[str, str]:
    """How the threads of one value are found; the cell may move from version to version."""
    return {"school_code": cell.target.school_code, "field": cell.target.field}


def threads(self_check: SelfCheck, **of: Any) -> list[ReviewComment]:
    """Remarks with their answers, open ones first; ``of`` narrows to a school or a value."""
    answers = ReviewComment.objects.select_related("written_by").order_by("pk")
    rows = self_check.comments.filter(parent=None, **of).select_related("written_by", "settled_by")
    rows = rows.prefetch_related(Prefetch("answers", queryset=answers))
    return sorted(rows, key=lambda row: (row.settled_at is not None, -row.pk))
