"""The documents a person may take now, in the order of a shelf: of units, years, the city."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import District, User
from districts.scope import CITY
from improvement.models import SchoolPlan, Visit
from papers.kinds import OF_UNIT
from papers.names import Name
from schedule.services.reading import today, version_on
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.services.undoing import standing
from selfchecks.workflow import DECIDING, SUBMITTING


class Offer(NamedTuple):
    """A document to take away, or a page on which what one asks for is filled in."""

    title: str
    about: str
    url: str
    is_page: bool = False


def offer(name: str, reference: str, about: str) -> Offer:
    return Offer(str(Name(name).label), about, reverse("paper", args=[name, reference]))


def about(district: District, viewer: User) -> list[Offer]:
    """Everything there is about a unit."""
    return [*of_unit(district, viewer), *of_visits(district, viewer)]


def of_unit(district: District, viewer: User) -> Iterator[Offer]:
    """What there is about a unit and its self-checks, the newest year first."""
    for name in OF_UNIT:
        yield offer(name, district.code, _("截至今天"))
    rows = SelfCheck.objects.visible_to(viewer).filter(district=district).order_by("-year")
    decided = set(
        standing(DECIDING).filter(self_check__in=rows).values_list("self_check", flat=True)
    )
    approved = SchoolPlan.objects.filter(self_check__in=rows, approved_at__isnull=False)
    planned = set(approved.values_list("self_check", flat=True))
    for self_check in rows.select_related("district"):
        year = _("%s 年度") % self_check.year
        if self_check.evaluations.exists() or self_check.uploads.filter(is_current=True).exists():
            yield offer(Name.APPLICATION, self_check.reference, year)
            yield Offer(
                _("申报表补充数据"),
                year,
                reverse("form-answers", args=[self_check.reference]),
                is_page=True,
            )
        if self_check.pk in planned:
            yield offer(Name.PLANS, self_check.reference, year)
        if self_check.pk in decided:
            yield offer(Name.OPINION, self_check.reference, year)
        for entry in _handed_in(self_check):
            yield offer(Name.RECEIPT, entry.receipt, f"{year} {entry.receipt}")


def of_visits(district: District, viewer: User) -> Iterator[Offer]:
    """Draws a reader may know of."""
    for visit in Visit.objects.visible_to(viewer).filter(district=district):
        visit.district = district
        yield offer(Name.SAMPLING, visit.reference, _("第 %s 轮") % visit.number)


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
