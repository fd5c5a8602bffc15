"""Writes a checked workbook into the rows of the self-check, in few queries, all or nothing."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from districts.models import School
from indicators.raw_fields import SCHOOL_FIELDS
from selfchecks.models import (
    DistrictRecord,
    QualitativeAnswer,
    SchoolRecord,
    SelfCheck,
    Upload,
    VetoItem,
)
from selfchecks.models.records import ItemState
from selfchecks.services.checking import Preview
from selfchecks.services.reported import NO, YES
from selfchecks.workbook.layout import DISTRICT, QUALITATIVE, SCHOOLS, VETO
from selfchecks.workbook.values import NOT_APPLICABLE, Value

_FIGURES = tuple(raw.code for raw in SCHOOL_FIELDS)
_TEXTS = frozenset(raw.code for raw in SCHOOL_FIELDS if raw.kind in {"text", "choice"})


def write(self_check: SelfCheck, upload: Upload, checked: Preview) -> None:
    """Replace every sheet the workbook has; what it does not have stays as it is.

    Runs inside the caller's transaction, with the self-check locked.
    """
    sheets = checked.reading.sheets
    writers = {
        SCHOOLS.name: _write_schools,
        DISTRICT.name: _write_district,
        QUALITATIVE.name: _write_qualitative,
        VETO.name: _write_veto,
    }
    for name, writer in writers.items():
        if name in sheets:
            writer(self_check, upload, checked)


def _write_schools(self_check: SelfCheck, upload: Upload, checked: Preview) -> None:
    register = School.objects.filter(district=self_check.district_id)
    keys = dict(register.values_list("code", "pk"))
    sheet = checked.reading.sheets[SCHOOLS.name]
    rows = [
        SchoolRecord(
            self_check=self_check,
            upload=upload,
            school_id=keys[code],
            sheet=sheet,
            not_applicable=[name for name in _FIGURES if figures[name] == NOT_APPLICABLE],
            cells=_cells(checked, code),
            **{name: _column(name, figures[name]) for name in _FIGURES},
        )
        for code, figures in checked.reported.schools.items()
    ]
    _replace(self_check, SchoolRecord, rows, "school_code")


def _cells(checked: Preview, code: str) -> dict[str, str]:
    cells = checked.reported.lines[code].cells
    return {name: cells[name] for name in _FIGURES if name in cells}


def _column(name: str, value: Value) -> Value:
    return value if name in _TEXTS or value != NOT_APPLICABLE else None


def _write_district(self_check: SelfCheck, upload: Upload, checked: Preview) -> None:
    rows = [
        DistrictRecord(
            item=item,
            value=None if value == NOT_APPLICABLE else value,
            state=_state(value),
            **_origin(self_check, upload, checked, item, "value"),
        )
        for item, value in checked.reported.district.items()
    ]
    _replace(self_check, DistrictRecord, rows, "item")


def _state(value: Value) -> str:
    if value is None:
        return ItemState.MISSING
    return ItemState.NOT_APPLICABLE if value == NOT_APPLICABLE else ItemState.REPORTED


def _write_qualitative(self_check: SelfCheck, upload: Upload, checked: Preview) -> None:
    rows = [
        QualitativeAnswer(
            indicator=code,
            **answers,
            **_origin(self_check, upload, checked, code, "conclusion"),
        )
        for code, answers in checked.reported.qualitative.items()
    ]
    _replace(self_check, QualitativeAnswer, rows, "indicator")


def _write_veto(self_check: SelfCheck, upload: Upload, checked: Preview) -> None:
    rows = [
        VetoItem(
            item=code,
            is_raised={YES: True, NO: False}.get(answers["answer"]),
            note=answers["note"],
            **_origin(self_check, upload, checked, code, "answer"),
        )
        for code, answers in checked.reported.veto.items()
    ]
    _replace(self_check, VetoItem, rows, "item")


def _origin(
    self_check: SelfCheck, upload: Upload, checked: Preview, line: str, column: str
) -> dict[str, Any]:
    place = checked.reported.place(line, column)
    return {
        "self_check": self_check,
        "upload": upload,
        "sheet": place.sheet,
        "cell": place.cell,
    }


def _replace(self_check: SelfCheck, model: type[models.Model], rows: list[Any], key: str) -> None:
    """One upsert for the rows there are, one delete for those no longer there."""
    model._default_manager.filter(self_check=self_check).exclude(
        **{f"{key}__in": [getattr(row, key) for row in rows]}
    ).delete()
    model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["self_check", key],
        update_fields=list(_updated(model, key)),
    )


def _updated(model: type[models.Model], key: str) -> Iterator[str]:
    for column in model._meta.concrete_fields:
        if not column.primary_key and column.name not in {"self_check", key}:
            yield column.name
