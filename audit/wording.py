"""An entry in the reader's words: what was changed, field by field, from what to what."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from . import legacy, words
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
        shown = {"name": self.name, "value": self.after}
        if self.before is not None:
            shown["value"] = f"{self.before or _('空')} → {self.after or _('空')}"
        return str(_("%(name)s：%(value)s") % shown)


def changes_of(entry: Entry) -> list[Change]:
    """What an entry says was changed, at most MOST_ROWS of it."""
    reading = _Reading(entry)
    found: list[Change] = []
    for path, value in reading.leaves(reading.changes):
        if len(found) == MOST_ROWS:
            found.append(Change(str(_("其余")), None, str(_("没有列出，导出的表里有全部内容。"))))
            break
        if value not in (None, "", [], {}):
            found.append(reading.change(path, value))
    return found


class _Reading:
    """Knows the model an entry is about, and the names of its day."""

    def __init__(self, entry: Entry) -> None:
        self.is_new = entry.action.endswith((".create", ".record"))
        self.model = _model_of(entry)
        self.changes, self.names = entry.changes, entry.names
        if entry.layout == legacy.LAYOUT:
            self.changes, self.names = legacy.modern(entry, self.model)
        self.names = {code: words.told(name, code) for code, name in self.names.items()}

    def leaves(
        self, changes: Mapping[str, Any], path: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[str, ...], Any]]:
        for name, value in changes.items():
            is_group = isinstance(value, dict) and value and not _is_reference(value)
            if is_group and self._field(name) is None:
                yield from self.leaves(value, (*path, name))
            else:
                yield (*path, name), value

    def change(self, path: tuple[str, ...], value: Any) -> Change:
        is_pair = self._is_pair(path[-1], value)
        if path[-1] == "schools" and isinstance(value, list):  # their codes, not how many
            path = (*path[:-1], "school")
        name = words.SEPARATOR.join(self.name(part) for part in path)
        if is_pair:
            return Change(name, self.text(path[-1], value[0]), self.text(path[-1], value[1]))
        return Change(name, None, self.text(path[-1], value))

    def _is_pair(self, name: str, value: Any) -> bool:
        """Before and after; what a list was from the beginning is none, however long."""
        is_two = isinstance(value, list) and len(value) == 2
        if not is_two or self.is_new or name in words.LISTS:
            return False
        holds_list = getattr(self._field(name), "default", None) is list
        return not holds_list or all(isinstance(each, list) for each in value)

    def name(self, code: str) -> str:
        """A field of the object, a thing the room has a word for, a unit, a school, a figure."""
        field = self._field(code)
        if field is not None:
            return str(field.verbose_name)
        school, _dot, figure = code.partition(".")
        if school in self.names and figure:
            return f"{self.names[school]}{words.SEPARATOR}{self.name(figure)}"
        known = words.NAMES.get(code) or words.figure_names().get(code)
        return str(known or self.names.get(code) or code)

    def text(self, name: str, value: Any) -> str:
        """A value of the field ``name``: a choice by its label, a structure as a sentence."""
        if isinstance(value, list):
            return _listed(self.text(name, item) for item in value)
        if name == "school" and isinstance(value, str) and value in self.names:
            return f"{self.names[value]} ({value})"
        if isinstance(value, str) and value:
            value = dict(getattr(self._field(name), "flatchoices", ())).get(value, value)
        return self._sentence(value)

    def _sentence(self, value: Any) -> str:
        """九年一贯制 (小学 0.6、初中 0.4)."""
        if _is_reference(value):
            return words.told(str(value["name"]), str(value["code"]))
        if isinstance(value, dict):
            return _listed(self._member(name, inner) for name, inner in value.items())
        if isinstance(value, list):
            return _listed(map(self._sentence, value))
        if isinstance(value, bool):
            return str(yesno(value))
        return "" if value is None else _plain(str(value))

    def _member(self, name: str, value: Any) -> str:
        inner = self._sentence(value)
        return f"{self.name(name)} " + (f"({inner})" if isinstance(value, dict) else inner)

    def _field(self, name: str) -> Any:
        """A column of the object; what merely points to it from elsewhere is none."""
        try:
            field = self.model._meta.get_field(name) if self.model else None
        except FieldDoesNotExist:
            return None
        return field if getattr(field, "concrete", False) else None


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"code", "name"}


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
    return str(capfirst(model._meta.verbose_name)) if model else entry.object_type


def object_name(entry: Entry) -> str:
    """What it was done to; where only an address was kept, what stands there."""
    path = entry.changes.get("path") if isinstance(entry.changes, dict) else ""
    return words.told(entry.object_label) or str(capfirst(words.page_at(path or "", entry.names)))


def reason_of(entry: Entry) -> str:
    """As it was given; what the portal itself gave as a reason is told in the reader's language."""
    return gettext(entry.reason) if entry.reason else ""


def unit_name(entry: Entry) -> str:
    """The unit as it was called on the day of the entry."""
    code = entry.district_code
    return words.told(str(entry.names.get(code, code)), code)


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
