"""Writes a checked workbook into the rows of the self-check, in few queries, all or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import orjson
from django.db import connections, models, router
from django.db.models import Q

from districts.models import School
from selfchecks.models import (
    DistrictRecord,
    QualitativeAnswer,
    SchoolRecord,
    Upload,
    VetoItem,
)
from selfchecks.models.records import NUMBER_FIELDS, ItemState
from selfchecks.services.checking import Preview, uncollected
from selfchecks.services.reported import NO, NOWHERE, YES
from selfchecks.workbook.reading import DISTRICT, QUALITATIVE, SCHOOLS, VETO
from workbooks.values import NOT_APPLICABLE, Value

_NUMBERS = tuple(raw.code for raw in NUMBER_FIELDS)


Plain = Mapping[str, Any]  # field (foreign keys with _id) → number, text, truth, list or dict


@uncollected()
def write(upload: Upload, checked: Preview) -> None:
    """Replace every sheet the workbook has; what it does not have stays as it is.

    Runs inside the caller's transaction, with the self-check locked.
    """
    own = {"self_check_id": upload.self_check_id, "upload_id": upload.pk}
    for name, (model, key, rows_of) in _TABLES.items():
        if name in checked.reading.sheets:
            rows = [{**own, **row} for row in rows_of(upload, checked)]
            _replace(upload, model, rows, key)


def _replace(upload: Upload, model: type[models.Model], rows: Sequence[Plain], key: str) -> None:
    """One upsert for the rows there are; what this upload did not write is no longer there."""
    upsert(model, rows, ("self_check_id", key))
    records: Any = model._default_manager.filter(self_check=upload.self_check_id)
    records.exclude(upload=upload).delete()
    records.note()


def _schools(upload: Upload, checked: Preview) -> Iterator[dict[str, Any]]:
    here = upload.self_check.district_id  # now, or when the figures were first taken over
    register = School.objects.filter(Q(district=here) | Q(former_homes__district=here))
    keys = dict(register.values_list("code", "pk"))
    sheet = checked.reading.sheets[SCHOOLS.name]
    for code, figures in checked.reported.schools.items():
        # 不适用 is an empty column with its name on the list; where words are asked it is a word.
        absent = [name for name in _NUMBERS if figures[name] == NOT_APPLICABLE]
        cells = checked.reported.lines.get(code, NOWHERE).cells
        yield {
            "school_id": keys[code],
            "sheet": sheet,
            **figures,
            **dict.fromkeys(absent),
            "not_applicable": absent,
            "cells": {name: cells[name] for name in figures if name in cells},
        }


def _items(_upload: Upload, checked: Preview) -> Iterator[dict[str, Any]]:
    states: dict[Value, str] = {None: ItemState.MISSING, NOT_APPLICABLE: ItemState.NOT_APPLICABLE}
    for item, value in checked.reported.district.items():
        yield {
            "item": item,
            "value": None if value == NOT_APPLICABLE else value,
            "state": states.get(value, ItemState.REPORTED),
            **_place(checked, item, "value"),
        }


def _answers(_upload: Upload, checked: Preview) -> Iterator[dict[str, Any]]:
    for code, answers in checked.reported.qualitative.items():
        yield {"indicator": code, **answers, **_place(checked, code, "conclusion")}


def _veto(_upload: Upload, checked: Preview) -> Iterator[dict[str, Any]]:
    for code, answers in checked.reported.veto.items():
        is_raised = {YES: True, NO: False}.get(answers["answer"])
        place = _place(checked, code, "answer")
        yield {"item": code, "is_raised": is_raised, "note": answers["note"], **place}


def _place(checked: Preview, line: str, column: str) -> dict[str, str]:
    place = checked.reported.place(line, column)
    return {"sheet": place.sheet, "cell": place.cell}


_Rows = Callable[[Upload, Preview], Iterator[dict[str, Any]]]
_TABLES: dict[str, tuple[type[models.Model], str, _Rows]] = {
    SCHOOLS.name: (SchoolRecord, "school_code", _schools),
    DISTRICT.name: (DistrictRecord, "item", _items),
    QUALITATIVE.name: (QualitativeAnswer, "indicator", _answers),
    VETO.name: (VetoItem, "item", _veto),
}


def upsert(
    model: type[models.Model],
    rows: Sequence[Plain],
    key: Sequence[str] = (),
    only: Sequence[str] = (),
) -> None:
    """Insert every row, or update the one with the same ``key``, which a constraint makes unique;
    of that one all fields, or ``only`` some. Without a key every row is a new one.

    In the SQL that both databases share. Django's ``bulk_create(update_conflicts=True)`` does the
    same and spends most of its time on compiling values one by one; what comes out of a workbook
    is plain already.

    All rows name the same fields, and every one that may not be empty. The database's constraints
    hold; ``save()`` and validation are not asked. Runs in the caller's transaction.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    known = {field.attname: field for field in model._meta.concrete_fields}
    fields = {name: known[name] for name in rows[0]}
    quoted = {name: connection.ops.quote_name(str(f.column)) for name, f in fields.items()}
    table, columns = connection.ops.quote_name(model._meta.db_table), quoted.values()
    unique = [quoted[name] for name in key]
    changed = [quoted[name] for name in only] or [each for each in columns if each not in unique]
    updates = (f"{column} = EXCLUDED.{column}" for column in changed)
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    tail = f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {', '.join(updates)}" if key else ""
    line = f"({', '.join(['%s'] * len(columns))})"
    values = _values(rows, fields)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # in the same process, and short of parameters
            cursor.executemany(head + line + tail, values)
        else:
            lines = ", ".join([line] * len(rows))
            cursor.execute(head + lines + tail, list(chain.from_iterable(values)))


def update(model: type[models.Model], rows: Sequence[Plain]) -> None:
    """Give known rows what they say: each names its ``id`` first, then the same fields, which are
    plain. Each its own figures, which Django's ``bulk_update`` writes as one long CASE a field."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote, options = connection.ops.quote_name, model._meta
    known = {field.attname: quote(str(field.column)) for field in options.concrete_fields}
    key, *columns = (known[name] for name in rows[0])
    changes = ", ".join(f"{column} = %s" for column in columns)
    statement = f"UPDATE {quote(options.db_table)} SET {changes} WHERE {key} = %s"
    values = [[*list(row.values())[1:], row["id"]] for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(statement, values)
        else:  # one way to the server and back
            cursor.execute("; ".join([statement] * len(rows)), list(chain.from_iterable(values)))


def _values(rows: Sequence[Plain], fields: Mapping[str, Any]) -> list[list[Any]]:
    """Row after row; lists and dicts as the JSON both databases take for them."""
    structured = {name for name, field in fields.items() if isinstance(field, models.JSONField)}
    return [
        [orjson.dumps(row[name]).decode() if name in structured else row[name] for name in fields]
        for row in rows
    ]
