"""What a document is about, as its address names it, within the reader's scope."""

from datetime import date

from django.http import Http404

from districts.models import District
from districts.scope import CITY, Viewer, reaches
from improvement.models import Visit
from schedule.services.reading import parse_day, today, version_on
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.workflow import SUBMITTING


def unit(viewer: Viewer, reference: str) -> District:
    """``500106``; somebody else's unit is not found."""
    found = District.objects.filter(code=reference).first()
    if found is None or not reaches(viewer, found.pk):
        raise Http404
    return found


def city(viewer: Viewer, reference: str) -> date:
    """``2026`` → the last day of the year, or today while it lasts: for the city's people."""
    if not viewer.is_authenticated or viewer.reach != CITY or not reference.isdigit():
        raise Http404
    year = int(reference)
    if not version_on(today()).published_on.year <= year <= today().year or len(reference) != 4:
        raise Http404
    return parse_day(min(date(year, 12, 31), today()).isoformat())


def self_check(viewer: Viewer, reference: str) -> SelfCheck:
    """``500106-2026``."""
    code, _dash, year = reference.partition("-")
    if not (year.isdigit() and len(year) == 4):
        raise Http404
    rows = SelfCheck.objects.select_related("district", "standard", "inspector")
    found: SelfCheck = rows.get_visible(viewer, district__code=code, year=int(year))
    return found


def receipt(viewer: Viewer, reference: str) -> ReviewEntry:
    """``500106-2026-003``, the number of a receipt."""
    named = ReviewEntry.of_receipt(reference)
    if named is None:
        raise Http404
    rows = ReviewEntry.objects.select_related(
        "self_check__district", "upload", "evaluation__standard"
    )
    found: ReviewEntry = rows.get_visible(
        viewer, step__in=SUBMITTING, evaluation__isnull=False, **named
    )
    return found


def visit(viewer: Viewer, reference: str) -> Visit:
    """``500106-2026-1``."""
    code, _dash, rest = reference.partition("-")
    year, _dash, number = rest.partition("-")
    if not (year.isdigit() and number.isdigit()):
        raise Http404
    rows = Visit.objects.select_related("district")
    found: Visit = rows.get_visible(
        viewer, district__code=code, year=int(year[:4]), number=int(number[:9])
    )
    return found
