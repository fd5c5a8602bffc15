"""Tells people of school plans: what was decided, what is theirs to do, what is late."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import User
from districts.roles import DEPARTMENTS, Role
from districts.services.calendar import working_days
from improvement.models import Measure, SchoolPlan, Stage
from improvement.school_plans.workflow import STEPS
from selfchecks.models import Notice, SelfCheck
from selfchecks.services import notices
from selfchecks.step import Edge

PREFIX = "school_plan."
ASSIGNED, LATE = f"{PREFIX}assigned", f"{PREFIX}late"
OWN = ("own-measures", "")  # the page of a department
TEXTS: dict[str, Any] = {
    **{PREFIX + step.name: step.notice for step in STEPS},
    ASSIGNED: _("%(unit)s批准了一校一策，其中 %(count)s 项措施由贵部门负责。"),
    LATE: _("%(unit)s一校一策有 %(count)s 项措施已逾期，最长 %(days)s 个工作日。"),
}
# From so many working days late on, these are told as well.
LATE_FROM = {1: (Role.OFFICER, Role.DEPARTMENT), 15: (Role.SIGNATORY,), 30: (Role.INSPECTOR,)}


def tell_of_step(*, plans: Sequence[SchoolPlan], step: Edge, by: User, comment: str = "") -> None:
    """Whom the step concerns, and on approval the departments of the measures."""
    self_check = plans[0].self_check
    key = f"{plans[0].pk}.{plans[0].version}"
    page = ("school-plans", self_check.reference)
    told: dict[str, Any] = {
        "page": page,
        "key": key,
        "by": by,
        "actor": by.display_name,
        "comment": comment,
    }
    to = notices.people_of(self_check, step.tells)
    notices.post(kind=PREFIX + step.name, self_check=self_check, to=to, count=len(plans), **told)
    if step.target == Stage.APPROVED:
        for office, count in _by_office(plans).items():
            people = departments_of(self_check, office)
            notices.post(
                kind=ASSIGNED,
                self_check=self_check,
                to=people,
                key=key,
                by=by,
                count=count,
                page=OWN,
            )


def departments_of(self_check: SelfCheck, office: str) -> list[User]:
    people = notices.people_of(self_check, (Role.DEPARTMENT,))
    return [person for person in people if person.office == office]


def _by_office(plans: Sequence[SchoolPlan]) -> Counter[str]:
    rows = Measure.objects.live().filter(school_plan__in=plans, office__in=DEPARTMENTS)
    return Counter(rows.values_list("office", flat=True))


@transaction.atomic
def tell_of_late(*, day: date | None = None) -> list[Notice]:
    """One notice a district and step of patience, on the working day that its measures reach it.

    Running again adds nothing; on a day of rest nobody is told.
    """
    day, calendar = day or timezone.localdate(), working_days()
    if not calendar.is_working(day):
        return []
    found: dict[SelfCheck, list[tuple[int, Measure]]] = {}
    rows = Measure.objects.late(day).select_related("school_plan__self_check__district")
    for measure in rows:
        days = calendar.between(measure.due, day)
        found.setdefault(measure.school_plan.self_check, []).append((days, measure))
    return [
        notice
        for self_check, late in found.items()
        for from_days, roles in LATE_FROM.items()
        if any(days == from_days for days, _measure in late)
        for notice in _tell(self_check, late, from_days, roles, day)
    ]


def _tell(
    self_check: SelfCheck,
    late: list[tuple[int, Measure]],
    from_days: int,
    roles: tuple[Role, ...],
    day: date,
) -> list[Notice]:
    posted = []
    for person in notices.people_of(self_check, roles):
        own = [
            days
            for days, each in late
            if days >= from_days and (not person.office or each.office == person.office)
        ]
        if own:
            posted += notices.post(
                kind=LATE,
                self_check=self_check,
                to=[person],
                key=f"{day.isoformat()}.{from_days}",
                by=None,
                page=OWN if person.office else ("school-plans", self_check.reference),
                count=len(own),
                days=max(own),
            )
    return posted


def tell() -> int:
    """For the daily job: how many were told."""
    return len(tell_of_late())
