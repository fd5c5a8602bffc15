"""What of the ledger waits at the city: what it was told is late, and what it is to close."""

from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Count, Min, Q
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
    late = Q(state__in=AT_BUREAU, escalated=CITY)
    closing = STEP["close"].open_rows(role) & Q(kind=Kind.EVIDENCE)
    rows = Problem.objects.filter(late | closing).order_by().values("district_id")
    found = rows.annotate(
        late=Count("pk", filter=late),
        due_on=Min("due_on", filter=late),
        closing=Count("pk", filter=closing),
        proposed_at=Min("changed_at", filter=closing),
    )
    units = District.objects.in_bulk([row["district_id"] for row in found])

    def waiting(problems: str, since: str) -> list[Waiting]:
        rows = sorted((row for row in found if row[problems]), key=itemgetter(since))
        return [Waiting(units[r["district_id"]], r[problems], _day_of(r[since])) for r in rows]

    return {"late": waiting("late", "due_on"), "closing": waiting("closing", "proposed_at")}


def _day_of(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
