"""Writes many rows of one model in few statements, in the SQL that both databases share.

Django's ``bulk_create(update_conflicts=True)`` does the same and spends most of its time on
compiling values one by one; what comes out of a workbook is plain already.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from django.db import connections, models, router

Plain = Mapping[str, Any]  # field (foreign keys with _id) → number, text, truth, list or dict


def upsert(model: type[models.Model], rows: Sequence[Plain], key: Sequence[str]) -> None:
    """Insert every row, or update the one with the same ``key``, which a constraint makes unique.

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
    updates = (f"{column} = EXCLUDED.{column}" for column in columns if column not in unique)
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    tail = f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {', '.join(updates)}"
    line = f"({', '.join(['%s'] * len(columns))})"
    values = _values(rows, fields)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # in the same process, and short of parameters
            cursor.executemany(head + line + tail, values)
        else:
            lines = ", ".join([line] * len(rows))
            cursor.execute(head + lines + tail, list(chain.from_iterable(values)))


def _values(rows: Sequence[Plain], fields: Mapping[str, Any]) -> list[list[Any]]:
    """Row after row; lists and dicts as the JSON both databases take for them."""
    structured = {name for name, field in fields.items() if isinstance(field, models.JSONField)}
    return [
        [json.dumps(row[name]) if name in structured else row[name] for name in fields]
        for row in rows
    ]
