"""What the calendar does about 回头看: tests what was recorded late, opens what was promised and
not kept, and tells people before and after a deadline."""

from datetime import date

from django.db import transaction

from districts.roles import DISTRICT_ROLES, Role
from districts.services.calendar import working_days
from districts.working_days import WorkingDays
from schedule.models import LookBack
from schedule.services import commitments, grants, look_backs
from schedule.services.reading import today

BEFORE = (10, 5, 1)  # working days before the deadline on which the unit is told
AFTER = (1, 15, 30)  # and after it, the inspectors with it


def daily() -> dict[str, int]:
    """The day's work, in figures."""
    return {
        "tested": look_backs.examine_everyone(by=None),
        "opened": commitments.open_overdue(by=None),
        "told": tell_of_days(by=None) + grants.warn(by=None),
    }


@transaction.atomic
def tell_of_days(*, by: None, day: date | None = None) -> int:
    """Tell whose turn it is, on working days only; returns of how many cases."""
    day, calendar = day or today(), working_days()
    if not calendar.is_working(day):
        return 0
    rows = LookBack.objects.open().filter(due_on__isnull=False).select_related("district")
    return sum(_tell(case, calendar, day) for case in rows)


def _tell(case: LookBack, calendar: WorkingDays, day: date) -> bool:
    assert case.due_on
    left, late = calendar.between(day, case.due_on), calendar.between(case.due_on, day)
    if left in BEFORE and not late:
        look_backs.tell(case, "due_soon", DISTRICT_ROLES, by=None, days=left)
    elif late in AFTER:
        roles = (*DISTRICT_ROLES, Role.INSPECTOR)
        look_backs.tell(case, "overdue", roles, by=None, days=late)
    else:
        return False
    return True
