"""Lends the plan's phases to the inspector's work list, which stands below the plan."""

from django.utils.translation import gettext

from audit.refusals import Refused
from schedule.models import Phase
from schedule.services import reading
from selfchecks.admin import work


def choices() -> list[tuple[str, str]]:
    return [(str(phase.start_year), gettext(phase.name)) for phase in Phase.objects.all()]


def units(start_year: str) -> list[str]:
    """Codes of the units that today's plan certifies in the phase; none for an unknown one."""
    known = start_year.isdecimal() and len(start_year) == 4
    phase = Phase.objects.filter(start_year=start_year).first() if known else None
    try:
        plan = reading.version_on(reading.today())
    except Refused:
        return []
    if phase is None:
        return []
    entries = plan.entries.filter(year__range=(phase.start_year, phase.end_year))
    return list(entries.values_list("district__code", flat=True))


work.Phases.choices, work.Phases.units = staticmethod(choices), staticmethod(units)
