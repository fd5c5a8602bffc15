"""The documents a person may take now, in the order of a shelf: of units, years, the city."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import District, User
from districts.scope import CITY
from papers.kinds import OF_UNIT, Name
from schedule.services.reading import today, version_on
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.services.undoing import standing
from selfchecks.workflow import DECIDING, SUBMITTING


class Offer(NamedTuple):
    title: str
    about: str
    url: str


def offer(name: str, reference: str, about: str) -> Offer:
    return Offer(str(Name(name).label), about, reverse("paper", args=[name, reference]))


def of_unit(district: District, viewer: User) -> Iterator[Offer]:
    """What there is about a unit and its self-checks, the newest year first."""
    for name in OF_UNIT:
        yield offer(name, district.code, _("截至今天"))
    rows = SelfCheck.objects.visible_to(viewer).filter(district=district).order_by("-year")
    decided = set(
        standing(DECIDING).filter(self_check__in=rows).values_list("self_check", flat=True)
    )
    for self_check in rows.select_related("district"):
        year = _("%s 年度") % self_check.year
        if self_check.pk in decided:
            yield offer(Name.OPINION, self_check.reference, year)
        for entry in _handed_in(self_check):
            yield offer(Name.RECEIPT, entry.receipt, f"{year} {entry.receipt}")


def _handed_in(self_check: SelfCheck) -> Iterator[ReviewEntry]:
    rows = self_check.trail.filter(step__in=SUBMITTING, evaluation__isnull=False)
    for entry in rows.defer("comment"):
        entry.self_check = self_check
        yield entry


def of_city(viewer: User) -> Iterator[Offer]:
    """The city's own, for its people."""
    if viewer.reach == CITY:
        now = today()
        for year in range(now.year, version_on(now).published_on.year - 1, -1):
            yield offer(Name.BULLETIN, str(year), _("%s 年") % year)
