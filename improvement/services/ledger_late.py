"""Tells who must know of problems that are late: the bureau at once, its chief after 15 working
days, the city after 30; each of a problem once for the day it is due."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from audit.services import record
from districts.models import User
from districts.roles import Role
from districts.services.calendar import working_days
from improvement.models import Problem
from improvement.models.ledger import AT_BUREAU
from selfchecks import clock
from selfchecks.services.notices import people_in, post

# Working days after the due day, what is told, and whom.
LEVELS: tuple[tuple[int, str, tuple[Role, ...]], ...] = (
    (0, "ledger.late", (Role.OFFICER,)),
    (15, "ledger.late_chief", (Role.SIGNATORY,)),
    (30, "ledger.late_city", (Role.INSPECTOR, Role.MANAGER)),
)
CHUNK = 1000  # rows of one statement


@transaction.atomic
def escalate(*, day: date | None = None, by: User | None = None) -> int:
    """Tell of what is late on the day; returns of how many problems. Nothing on a day of rest."""
    day, days = day or timezone.localdate(clock.now()), working_days()
    if not days.is_working(day):
        return 0
    return sum(
        _tell(level, _late(level, days.back(day, after)), kind, roles, day, by)
        for level, (after, kind, roles) in enumerate(LEVELS, 1)
    )


def _late(level: int, before: date) -> list[Problem]:
    rows = Problem.objects.filter(state__in=AT_BUREAU, due_on__lt=before, escalated__lt=level)
    found = rows.select_related("district").order_by("district_id", "due_on")
    return list(found.select_for_update(of=("self",)))


def _tell(
    level: int,
    rows: Iterable[Problem],
    kind: str,
    roles: tuple[Role, ...],
    day: date,
    by: User | None,
) -> int:
    told = 0
    for district, each in groupby(rows, key=lambda row: row.district):
        own = list(each)
        post(
            kind=kind,
            to=people_in(district.pk, roles),
            key=f"{district.pk}:{day.isoformat()}",
            by=by,
            district=district,
            count=len(own),
            due_on=str(own[0].due_on),
            page=("ledger", ""),
        )
        _note(own, level)
        changes = {"escalated": level, "count": len(own)}
        record(action="problem.escalate", by=by, district_code=district.code, changes=changes)
        told += len(own)
    return told


def _note(rows: list[Problem], level: int) -> None:
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), CHUNK):
        Problem.objects.filter(pk__in=keys[start : start + CHUNK]).update(escalated=level)
