"""Rows as they stood at the end of a day, by undoing what the trail says was changed since.

Every entry seals the rows its transaction wrote, so it is certain which rows have changed; an
entry about one row says what was there before. Where it does not, the question is refused.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rest.problems import BadParameters

from .chain import KEYED
from .models import Entry
from .services import reference
from .words import action_name

NO_CHANGE = ("audit.seal",)  # wrote seals of what stood there


class Past:
    """The tables of ``models`` on one day; others are not looked at."""

    def __init__(self, day: date, *tables: type[models.Model]) -> None:
        self.day = day
        self.labels = [table._meta.label_lower for table in tables]
        self._refuse_before_seals()
        self.since: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._known: dict[tuple[str, str], models.Model | None] = {}
        self._earlier: dict[str, set[str]] = {}
        touching = reduce(or_, (Q(seals__has_key=label) for label in self.labels))
        later = Entry.objects.filter(touching, at__date__gt=day).exclude(action__in=NO_CHANGE)
        for entry in later.defer(None).order_by("-number"):
            for label in self.labels:
                for key, seal in entry.seals.get(label, {}).items():
                    if seal is None:
                        raise self.untold(entry)
                    self.since[label, key].append(entry)

    def of(self, rows: Iterable[Any], *related: str) -> list[Any]:
        """Those of the rows that were there, as they were; so is what ``related`` leads to."""
        found = [self._row(row, related) for row in rows]
        return [row for row in found if row is not None]

    def _row(self, row: Any, related: Iterable[str] = ()) -> Any:
        was = self._was(row)
        if was is None:
            return None
        for name in related:
            if other := getattr(was, name):
                setattr(was, name, self._was(other))
        return was

    def _was(self, row: models.Model) -> models.Model | None:
        place = (row._meta.label_lower, str(row.pk))
        if place not in self._known:
            self._known[place] = self._undone(row, place)
        return copy.copy(self._known[place])

    def _undone(self, row: models.Model, place: tuple[str, str]) -> models.Model | None:
        later = self.since.get(place, ())
        if later and not self.was_there(place):
            return None
        was = copy.copy(row)
        for entry in later:
            if not _is_undoable(entry, place):
                raise self.untold(entry)
            for name, (before, _after) in entry.changes.items():
                try:
                    setattr(was, name, _value(was, name, before))
                except LookupError as fault:
                    raise self.untold(entry) from fault
        return was

    def was_there(self, place: tuple[str, str]) -> bool:
        """Of a row that was written since: whether somebody had written it before."""
        label, key = place
        if label not in self._earlier:
            earlier = Entry.objects.filter(at__date__lte=self.day, seals__has_key=label)
            seals = earlier.values_list("seals", flat=True).iterator(chunk_size=100)
            self._earlier[label] = {key for each in seals for key in each[label]}
        return key in self._earlier[label]

    def settled(self, table: type[models.Model]) -> None:
        """Raises when a row of the table that was there has been written since."""
        for place, entries in self.since.items():
            if place[0] == table._meta.label_lower and self.was_there(place):
                raise self.untold(entries[0])

    def _refuse_before_seals(self) -> None:
        unsealed = Entry.objects.filter(layout__lt=KEYED).order_by("number").last()
        if unsealed and (last := localdate(unsealed.at)) >= self.day:
            sentence = _("%s 以前门户还没有封存每一次改动，说不出当天知道什么；请查以后的日期。")
            raise BadParameters({"known_on": sentence % last})

    def untold(self, entry: Entry) -> BadParameters:
        sentence = _(
            "%(date)s 以后有一次改动没有逐项留下以前的内容（审计记录 %(number)s，%(action)s），"
            "说不出当天的全部；请查这次改动以后的日期。"
        )
        words = {"date": self.day, "number": entry.number, "action": action_name(entry.action)}
        return BadParameters({"known_on": sentence % words})


def _is_undoable(entry: Entry, place: tuple[str, str]) -> bool:
    """Whether it is about this row alone, and says before and after of each column it changed."""
    is_of_it = (entry.object_type, entry.object_id) == place
    pairs = entry.changes.values()
    return (
        is_of_it
        and bool(pairs)
        and all(isinstance(pair, list) and len(pair) == 2 for pair in pairs)
    )


def _value(row: models.Model, name: str, before: Any) -> Any:
    """Raises LookupError for what is no column, or names a row that is not found any more."""
    field: Any = next((f for f in row._meta.concrete_fields if f.name == name), None)
    if field is None:
        raise LookupError(name)
    if not field.is_relation:
        return field.to_python(before)
    if before is None:
        return None
    rows = field.related_model._base_manager.all()
    for other in rows:
        if reference(other)["code"] == before["code"]:
            return other
    raise LookupError(name)
