"""Reads the entries of layout 1, whose values are Python's texts and database keys, as layout 2."""

import ast
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from .models import Entry
from .services import codes_in
from .words import names_of

LAYOUT = 1


def modern(entry: Entry, model: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entry's changes and names as they would be kept today; the entry stays as it is.

    Names frozen when the portal learned layout 2 come first; the rest are those of today.
    """
    names = {**names_of(codes_in(entry.changes)), **entry.names}
    fields = {field.name: field for field in model._meta.concrete_fields} if model else {}
    changes = {
        name: _value(fields[name], value, names) if name in fields else value
        for name, value in entry.changes.items()
    }
    return changes, names


def _value(field: Any, value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_value(field, item, names) for item in value]
    if not isinstance(value, str) or not value:
        return value
    if isinstance(field, models.BooleanField):
        return {"True": True, "False": False}.get(value, value)
    if isinstance(field, models.ForeignKey):
        frozen = names.get(f"{field.name} {value}")
        return {"code": value, "name": frozen or _name_today(field, value)}
    if isinstance(field, models.JSONField):
        try:
            return ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return value
    return value


def _name_today(field: Any, key: str) -> str:
    try:
        found = field.related_model._base_manager.filter(pk=key).first()
    except (ValueError, ValidationError):
        found = None
    return str(found) if found is not None else key
