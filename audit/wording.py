"""An entry in the reader's words: what was changed, field by field, from what to what."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from . import words
from .models import Entry

MOST_ROWS = 300
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DIGEST = re.compile(r"(sha256:)?[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Change:
    """One changed thing; ``before`` is None where nothing is compared."""

    name: str
    before: str | None
    after: str

    def __str__(self) -> str:
        told = {"name": self.name, "value": self.after}
        if self.before is not None:
            told["value"] = f"{self.before or _('空')} → {self.after or _('空')}"
        return str(_("%(name)s:%(value)s") % told)


def changes_of(entry: Entry) -> list[Change]:
    """What an entry says was changed, at most MOST_ROWS of it."""
    telling = _Telling(entry)
    found = []
    for path, value in _leaves(entry.changes):
        if len(found) == MOST_ROWS:
            found.append(Change(str(_("其余")), None, str(_("没有列出,导出的表里有全部内容。"))))
            break
        if value not in (None, "", [], {}):
            found.append(telling.change(path, value))
    return found


def _leaves(changes: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    for name, value in changes.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


class _Telling:
    """Knows the model an entry is about; looks names up once, and only those that occur."""

    def __init__(self, entry: Entry) -> None:
        self.is_new = entry.action.endswith((".create", ".record"))
        self.model = _model_of(entry)
        self.schools = words.school_names(_school_codes(entry.changes))
        self.related: dict[tuple[Any, str], str] = {}

    @cached_property
    def units(self) -> words.Names:
        return words.unit_names()

    def change(self, path: tuple[str, ...], value: Any) -> Change:
        name = " · ".join(self.name(part) for part in path)
        is_pair = isinstance(value, list) and len(value) == 2 and path[-1] not in words.LISTS
        if is_pair and not self.is_new:
            return Change(name, self.text(path[-1], value[0]), self.text(path[-1], value[1]))
        return Change(name, None, self.text(path[-1], value))

    def name(self, code: str) -> str:
        """A field of the object, a thing the room has a word for, a unit, a school, a figure."""
        field = self._field(code)
        if field is not None:
            return str(getattr(field, "verbose_name", code))
        school, _dot, figure = code.partition(".")
        if school in self.schools and figure:
            return f"{self.schools[school]} · {self.name(figure)}"
        known = words.NAMES.get(code) or words.figure_names().get(code)
        return str(known or self.units.get(code) or self.schools.get(code) or code)

    def text(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, list):
            return _listed(self.text(name, item) for item in value)
        field = self._field(name)
        told = None if field is None else self._of_field(field, str(value))
        return _plain(str(value)) if told is None else told

    def _field(self, name: str) -> Any:
        try:
            return self.model._meta.get_field(name) if self.model else None
        except FieldDoesNotExist:
            return None

    def _of_field(self, field: Any, value: str) -> str | None:
        """A choice by its label, yes or no, another object by its name; None for what is plain."""
        if isinstance(field, models.BooleanField):
            return str(yesno(value == "True"))
        if isinstance(field, models.ForeignKey):
            return self._related(field, value)
        if isinstance(field, models.JSONField):
            return self._of_json(value)
        choice = dict(getattr(field, "flatchoices", ())).get(value)
        return None if choice is None else str(choice)

    def _of_json(self, value: str) -> str:
        """Structures were kept as Python writes them."""
        try:
            return self.said(ast.literal_eval(value))
        except (ValueError, SyntaxError):
            return value

    def said(self, value: Any) -> str:
        """A structure as a sentence: 九年一贯制 (小学 0.6、初中 0.4)."""
        if isinstance(value, dict):
            return _listed(self._member(name, inner) for name, inner in value.items())
        return _listed(map(self.said, value)) if isinstance(value, list) else _plain(str(value))

    def _member(self, name: str, value: Any) -> str:
        told = self.said(value)
        return (
            f"{self.name(name)} ({told})"
            if isinstance(value, dict)
            else f"{self.name(name)} {told}"
        )

    def _related(self, field: Any, key: str) -> str:
        if (field, key) not in self.related:
            try:
                found = field.related_model._base_manager.filter(pk=key).first()
            except (ValueError, ValidationError):
                found = None
            self.related[field, key] = str(found) if found is not None else key
        return self.related[field, key]


def _listed(texts: Iterable[str]) -> str:
    return pgettext("between two names", "、").join(texts)


def _model_of(entry: Entry) -> Any:
    try:
        return apps.get_model(entry.object_type) if entry.object_type else None
    except (LookupError, ValueError):
        return None


def object_kind(entry: Entry) -> str:
    """What kind of thing the entry is about; empty when it is about none."""
    model = _model_of(entry)
    return str(model._meta.verbose_name) if model else entry.object_type


def _school_codes(changes: dict[str, Any]) -> set[str]:
    names = (name.partition(".")[0] for path, _value in _leaves(changes) for name in path)
    return {name for name in names if re.fullmatch(r"[0-9]{10}", name)}


def _plain(text: str) -> str:
    """Days and moments as they are written elsewhere, digests by their beginning."""
    if _DIGEST.fullmatch(text):
        return text.removeprefix("sha256:")[:12]
    try:
        if _DAY.fullmatch(text):
            return date_format(date.fromisoformat(text), "DATE_FORMAT")
        if _DAY.match(text) and timezone.is_aware(moment := datetime.fromisoformat(text)):
            return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    except ValueError:
        pass
    return text
