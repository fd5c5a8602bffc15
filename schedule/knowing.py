"""What was known on a day about plan, lists and certifications, whatever was corrected since."""

from collections.abc import Iterable
from datetime import date
from typing import Any

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
)

CORRECTING = ("certification.correct", "list.correct")


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
