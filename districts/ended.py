"""A unit that is no more: since when, and who went on with what was its."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from districts.models import District, Succession
from districts.wording import listed


@dataclass(frozen=True, slots=True)
class Ended:
    """``day`` is the first without the unit."""

    unit: str
    day: date
    successors: str


def ended(unit: District | None) -> Ended | None:
    """None while the unit stands, and where there is none; only of one that ended it asks."""
    if unit is None or unit.valid_to is None or timezone.localdate() <= unit.valid_to:
        return None
    rows = Succession.objects.filter(predecessor=unit, withdrawn_on=None)
    into = (row.successor for row in rows.select_related("successor") if row.ends_predecessor)
    names = listed(dict.fromkeys(each.display_name for each in into))
    return Ended(unit.display_name, unit.valid_to + timedelta(days=1), names)
