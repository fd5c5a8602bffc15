"""What of self-checks is due for an account, lent to its calendar of deadlines."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.deadlines import Due
from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.models.self_check import AT_DISTRICT


def self_checks_due(user: User) -> Iterator[Due]:
    """A district's own one by one; for the city each day with how many units it holds for."""
    rows = SelfCheck.objects.visible_to(user).filter(state__in=AT_DISTRICT)
    rows = rows.select_related("district").order_by("due_on", "district__order")
    if user.district_id is None:
        days = Counter((row.year, row.due_on) for row in rows)
        for (year, day), count in days.items():
            facts = {"year": year, "count": count}
            words = ngettext(
                "%(year)s 年度自查截止：%(count)s 个区县还没有报送",
                "%(year)s 年度自查截止：%(count)s 个区县还没有报送",
                count,
            )
            path = reverse("admin:selfchecks_selfcheck_board") + f"?year={year}"
            yield Due(f"self-checks-{year}-{day}", day, words % facts, path)
        return
    for row in rows:
        words = _("%(unit)s %(year)s 年度自查截止") % {
            "unit": row.district.display_name,
            "year": row.year,
        }
        path = reverse("self-check", args=[row.reference])
        yield Due(f"self-check-{row.reference}", row.due_on, words, path)
