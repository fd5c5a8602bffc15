"""Which version of the standard a self-check is judged by.

While it is with its district: the one in force on the first day of filling in. Once submitted: the
one it was submitted under, whatever is published later.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict
from audit.services import record
from districts.models import User
from districts.roles import DISTRICT_ROLES
from districts.wording import day_text
from indicators.models import Standard
from selfchecks import clock
from selfchecks.models import SelfCheck
from selfchecks.models.self_check import AT_DISTRICT
from selfchecks.services.notices import people_of, post


def standard_for(day: date) -> Standard:
    """The published version of the standard in force on a day. Raises Conflict without one."""
    standard = Standard.objects.in_force_on(day)
    if standard is None:
        raise Conflict(_("%s没有已发布的标准；请先运行 load_reference 载入标准。") % day_text(day))
    return standard


def governing(self_check: SelfCheck) -> Standard:
    """The version that judges what its district hands in next."""
    return Standard.objects.in_force_on(self_check.fill_from) or self_check.standard


def follow(standard: Standard, by: User | None) -> None:
    """Take a version just published for what is not submitted yet; each district is told."""
    rows = SelfCheck.objects.filter(
        state__in=AT_DISTRICT, fill_from__gte=standard.effective_from
    ).exclude(standard=standard)
    for row in rows.select_for_update(of=("self",)).select_related("district", "standard"):
        if governing(row) == standard:
            _follow(row, standard, by)


def _follow(self_check: SelfCheck, standard: Standard, by: User | None) -> None:
    codes = [self_check.standard.code, standard.code]
    self_check.standard, self_check.changed_at = standard, clock.now()
    self_check.version += 1
    self_check.save(update_fields=["standard", "changed_at", "version"])
    record(
        action="self_check.follow",
        by=by,
        on=self_check,
        district_code=self_check.district.code,
        changes={"standard": codes},
    )
    post(
        kind="standard_changed",
        self_check=self_check,
        to=people_of(self_check, DISTRICT_ROLES),
        key=standard.code,
        by=by,
        old=codes[0],
        new=codes[1],
    )
