"""What of the ledger waits at the city: what it was told is late, and what it is to close."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from districts.models import District
from improvement.ledger.steps import STEP
from improvement.models import Problem
from improvement.models.ledger import AT_BUREAU, CITY, Kind


class Waiting(NamedTuple):
    """How many problems of a unit wait, and the day of the oldest: when it was due or proposed."""

    district: District
    problems: int
    day: date


def at_city(role: str) -> dict[str, list[Waiting]]:
    """``late``: still with their bureau after the city was told; ``closing``: proposed with
    evidence, which somebody of the role may close. The oldest unit first."""
    rows = Problem.objects.order_by()
    proposed = rows.filter(STEP["close"].open_rows(role), kind=Kind.EVIDENCE)
    return {
        "late": _by_unit(rows.filter(state__in=AT_BUREAU, escalated=CITY), "due_on"),
        "closing": _by_unit(proposed, "changed_at"),
    }


def _by_unit(rows: QuerySet[Problem], since: str) -> list[Waiting]:
    counted = rows.values_list("district").annotate(Count("pk"), oldest=Min(since))
    found = list(counted.order_by("oldest"))
    units = District.objects.in_bulk([key for key, _count, _day in found])
    return [Waiting(units[key], count, _day_of(oldest)) for key, count, oldest in found]


def _day_of(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
