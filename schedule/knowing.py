"""What was known on a day about plan, lists and certifications, whatever was corrected since."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from audit.models import Entry
from audit.past import Past
from districts.models import District
from schedule.models import (
    CertificationEvent,
    CertificationList,
    CertificationStep,
    Phase,
    PlannedCertification,
    PlanVersion,
    Recorded,
)
from schedule.standing import Event, Listing

CORRECTING = ("certification.correct", "list.correct")
# Why somebody corrected it stands in the record; the evidence is a unit's own.
TOLD = {"name", "year", "batch", "announced_on", "date_note", "units_in_city", "units_in_nation"}
TOLD |= {"sources", "list", "list_year", "date", "document_number", "source", "source_note", "note"}


def events_known(rows: Iterable[CertificationEvent], day: date) -> list[CertificationEvent]:
    past = Past(day, CertificationEvent, CertificationList, CertificationStep, District)
    return _dated(past.of(rows, "district", "step", "list"), day)


def lists_known(rows: Iterable[CertificationList], day: date) -> list[CertificationList]:
    """Each with the events that stood on it then."""
    events = events_known(CertificationEvent.objects.select_related("district", "step"), day)
    found = _dated(Past(day, CertificationList).of(rows), day)
    for one in found:
        on_it = [event for event in events if event.list_id == one.pk]
        one._prefetched_objects_cache = {"events": on_it}
    return found


def versions_known(rows: Iterable[PlanVersion], day: date) -> list[PlanVersion]:
    return Past(day, PlanVersion).of(rows, "based_on")


def newest_known(day: date) -> PlanVersion | None:
    found = versions_known(PlanVersion.objects.all(), day)
    return max(found, key=lambda version: version.number, default=None)


def entries_known(rows: Iterable[PlannedCertification], day: date) -> list[PlannedCertification]:
    past = Past(day, PlannedCertification, PlanVersion, District, Phase)
    past.settled(Phase)
    return past.of(rows, "version", "district")


def _dated(rows: list[Any], day: date) -> list[Any]:
    """When each was last corrected by somebody until then; else when it was recorded."""
    label = rows[0]._meta.label_lower if rows else ""
    told = Entry.objects.filter(object_type=label, action__in=CORRECTING, at__date__lte=day)
    corrected = dict(told.exclude(actor="").order_by("number").values_list("object_id", "at"))
    for row in rows:
        row.changed_at = corrected.get(str(row.pk), row.recorded_at)
    return rows


class Facts:
    """Lists and events of now, with what their columns said before they were corrected.

    Less than :class:`Past` and cheaper: only what somebody corrected in a public column is undone,
    for any number of days by one query.
    """

    def __init__(self, until: date) -> None:
        self.until = until

    @cached_property
    def lists(self) -> list[CertificationList]:
        return list(CertificationList.objects.all())

    @cached_property
    def events(self) -> list[CertificationEvent]:
        rows = CertificationEvent.objects.select_related("district", "step", "list")
        return list(rows.order_by("date", "step__order", "pk"))

    @property
    def rows(self) -> list[Any]:
        return [*self.lists, *self.events]

    @cached_property
    def corrections(self) -> list[Entry]:
        """The oldest first. What reference data completed is no news: it was as well known."""
        which = Q(action__in=CORRECTING, at__date__lte=self.until)
        found = list(Entry.objects.filter(which).exclude(actor="").order_by("number"))
        for entry in found:
            entry.changes = {name: pair for name, pair in entry.changes.items() if name in TOLD}
        return found

    @cached_property
    def _corrections_of(self) -> dict[tuple[str, str], list[Entry]]:
        found = defaultdict(list)
        for entry in self.corrections:
            found[entry.object_type, entry.object_id].append(entry)
        return found

    def was(self, row: Recorded, name: str, day: date | None = None) -> Any:
        """What a column said at the end of a day, or at first, as the trail keeps it."""
        for entry in self._corrections_of[place(row)]:
            if name in entry.changes and (day is None or localdate(entry.at) > day):
                return entry.changes[name][0]
        return getattr(row, name)

    def day_of(self, row: Recorded, day: date | None = None) -> date:
        name = "announced_on" if isinstance(row, CertificationList) else "date"
        found = self.was(row, name, day)
        return found if isinstance(found, date) else date.fromisoformat(found)

    def told_on(self, day: date) -> tuple[list[Event], list[Listing]]:
        """What the portal counted by at the end of a day."""
        lists = [
            Listing(one.name, self.day_of(one, day), self.was(one, "units_in_city", day))
            for one in self.lists
            if since(one) <= day
        ]
        events = [
            Event(row.district.code, self.day_of(row, day), row.result, "", self._on(row, day))
            for row in self.events
            if since(row) <= day
        ]
        return events, lists

    def _on(self, event: CertificationEvent, day: date) -> str:
        found = self.was(event, "list", day)
        return found["name"] if isinstance(found, dict) else getattr(found, "name", "")


def place(row: Recorded) -> tuple[str, str]:
    """As an entry names it."""
    return row._meta.label_lower, str(row.pk)


def since(fact: Recorded) -> date:
    """Nobody could read it here before it was recorded; reference data says when it was known."""
    return max(fact.known_on, localdate(fact.recorded_at)) if fact.recorded_by_id else fact.known_on
