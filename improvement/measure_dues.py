"""Days on which measures are due, for the calendars of those who answer for them."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.urls import reverse

from districts.deadlines import Due
from districts.models import User
from districts.scope import DISTRICT
from improvement.models import Measure


def dues(user: User) -> Iterator[Due]:
    """Of approved plans, what is not done: a department's own, a bureau's all."""
    if user.reach != DISTRICT:
        return
    rows = Measure.objects.with_done().live().visible_to(user)
    rows = rows.filter(Q(done__isnull=True) | Q(done__lt=F("amount")))
    rows = rows.filter(school_plan__approved_at__isnull=False, due__isnull=False)
    for row in rows.select_related("school_plan__self_check__district"):
        yield Due(f"measure-{row.pk}", row.due, _words(row), _path(row, user))


def _words(row: Measure) -> str:
    return f"{row.school_plan.school_name} {row.name}"


def _path(row: Measure, user: User) -> str:
    if user.office:
        return reverse("own-measure", args=[row.pk])
    plan = row.school_plan
    return reverse("measure", args=[plan.self_check.reference, plan.school_code, row.number])
