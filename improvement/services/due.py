"""What of ledger and school plans is due for an account, lent to its calendar of deadlines."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from districts.deadlines import Due
from districts.models import User
from districts.roles import Role
from improvement.models import Measure, Problem
from improvement.models.ledger import AT_BUREAU


def problems_due(user: User) -> Iterator[Due]:
    """Each day with how many problems are due on it; there may be thousands."""
    if user.role == Role.DEPARTMENT:
        return
    rows = Problem.objects.visible_to(user).filter(state__in=AT_BUREAU, due_on__isnull=False)
    for day, count in rows.order_by("due_on").values_list("due_on").annotate(count=Count("pk")):
        words = ngettext(
            "问题整改截止：%(count)s 个问题还没有整改完",
            "问题整改截止：%(count)s 个问题还没有整改完",
            count,
        )
        yield Due(f"problems-{day}", day, words % {"count": count}, reverse("ledger"))


def measures_due(user: User) -> Iterator[Due]:
    """Each day with how many measures of approved school plans of a self-check are due on it."""
    rows = Measure.objects.visible_to(user).unfinished()
    rows = rows.select_related("school_plan__self_check__district").order_by("due")
    found = Counter((row.due, row.school_plan.self_check) for row in rows)
    is_department = user.role == Role.DEPARTMENT
    for (day, self_check), count in found.items():
        words = ngettext(
            "%(unit)s一校一策截止：%(count)s 项措施还没有完成",
            "%(unit)s一校一策截止：%(count)s 项措施还没有完成",
            count,
        )
        facts = {"unit": self_check.district.display_name, "count": count}
        page = ("own-measures", ()) if is_department else ("school-plans", (self_check.reference,))
        path = reverse(page[0], args=page[1])
        yield Due(f"measures-{self_check.reference}-{day}", day, words % facts, path)
