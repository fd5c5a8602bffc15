"""What of look-backs and monitoring is due for an account, lent to its calendar of deadlines."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.deadlines import Due
from districts.models import User
from districts.roles import DISTRICT_ROLES, Role
from schedule.models import LookBack, MonitoringRound
from schedule.models.look_back import AT_DISTRICT
from schedule.services.monitoring import keys_of


def look_backs_due(user: User) -> Iterator[Due]:
    """Cases on which the next move is the district's."""
    if user.role == Role.DEPARTMENT:
        return
    rows = LookBack.objects.visible_to(user).filter(state__in=AT_DISTRICT, due_on__isnull=False)
    for case in rows.select_related("district"):
        facts = {"unit": case.district.display_name, "state": case.get_state_display()}
        words = _("%(unit)s回头看截止：%(state)s") % facts
        assert case.due_on
        yield Due(f"look-back-{case.pk}", case.due_on, words, reverse("look-back", args=[case.pk]))


def monitoring_due(user: User) -> Iterator[Due]:
    """Rounds for which the district has not entered every coefficient that is asked for."""
    if user.role not in DISTRICT_ROLES:
        return
    own = Count("figures", Q(figures__district=user.district_id))
    for one in MonitoringRound.objects.annotate(entered=own):
        if one.entered < len(keys_of(one)):
            words = _("%(year)s 年指标监测填报截止") % {"year": one.year}
            path = f"{reverse('monitoring')}?year={one.year}"
            yield Due(f"monitoring-{one.year}", one.due_on, words, path)
