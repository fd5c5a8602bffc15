"""What belongs to no room: the guide to the API, the sign of life, and what every page needs: the
other language's address and whether data is a demonstration."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.shown import until_changed
from charts.dumbbells import Dumbbell, dumbbells
from charts.svg import Markup
from districts.access import for_everybody
from districts.models import School
from districts.models.user import SCOPES
from figures.examples import examples_of
from figures.table import OFFERED_ITEMS, SCHOOL_FIELDS
from rest.guide import guide_of, shapes_of_answers
from schedule.models import Subject
from schedule.wording import STATES
from selfchecks.demo import RETURNED
from selfchecks.models import Notice
from selfchecks.models.self_check import State
from selfchecks.services.demo import years_until

from .checks import readiness

ENGLISH = "en"


@for_everybody
def guide_page(request: HttpRequest) -> HttpResponse:
    """What the API's document says and how to begin by hand; its language is in the address."""
    guide = guide_of(request)
    beginning: dict[str, Any] = {
        "scopes": SCOPES.items(),
        "calls_per_minute": settings.CALLS_PER_MINUTE,
        "reference": f"{RETURNED}-{years_until(timezone.localdate(), 1)[0]}",
        "account": f"officer_{RETURNED}",
        "fields": [
            (figure, *examples_of(figure)) for figure in (*SCHOOL_FIELDS, *OFFERED_ITEMS.values())
        ],
    }
    return render(request, "rest/guide.html", {**guide, **beginning})


@for_everybody
def shapes_page(request: HttpRequest) -> HttpResponse:
    """A page of its own: half of what is told about the API, for who looks one thing up."""
    return render(request, "rest/shapes.html", {"shapes": shapes_of_answers()})


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with words, for whoever draws a page; an installation does not show it."""
    if not settings.DEBUG:
        raise Http404
    shown = {
        "unit_states": STATES.items(),
        "states": State.choices,
        "day": timezone.localdate(),
        "two_years": _two_years(),
    }
    return render(request, "styleguide.html", shown)


def _two_years() -> Markup:
    """One that passes and fell, one that stands where it stood, one that fails, one unknown."""
    lines = (
        Dumbbell("A1", 0.31, 0.42, "0.310", "met", "A1 0.310"),
        Dumbbell("A2", 0.4, 0.4, "0.400", "met", "A2 0.400"),
        Dumbbell("A4", 0.62, 0.58, "0.620", "not_met", "A4 0.620"),
        Dumbbell("A7", None, 0.35, "–", "unknown", "A7 –"),
    )
    return dumbbells(
        lines,
        0.5,
        limit_label=_("限值 %s") % "0.50",
        years=(_("今年"), _("上年")),
        name="two-years",
        title=_("差异系数"),
        description=_("演示数据"),
    )


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers; asks nothing else, so that nobody restarts it in vain."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether it can serve: a line for each thing it needs, 503 when one of them has failed."""
    found = readiness()
    text = "".join(f"{name} {word}\n" for name, word in found.items())
    status = 503 if "failed" in found.values() else 200
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type="text/plain", headers=headers)


def has_demo_data() -> bool:
    return School.objects.filter(is_demo=True).exists()


def portal(request: HttpRequest) -> dict[str, Any]:
    is_english = get_language() == ENGLISH
    path = request.get_full_path()
    here = path.removeprefix(f"/{ENGLISH}") if is_english else path
    # One slash only: "//host/" would lead readers to another site.
    chinese = "/" + here.lstrip("/")
    addresses = {settings.LANGUAGE_CODE: chinese, ENGLISH: f"/{ENGLISH}{chinese}"}
    return {
        "is_english": is_english,
        "other_language": settings.LANGUAGE_CODE if is_english else ENGLISH,
        "other_language_url": addresses[settings.LANGUAGE_CODE if is_english else ENGLISH],
        # What follows is asked by templates, once a page and only where it stands.
        "language_addresses": lambda: [
            (code, request.build_absolute_uri(address)) for code, address in addresses.items()
        ],
        "has_demo_data": lambda: until_changed("demo", has_demo_data),
        "statements": Subject.choices,
        "unread_notices": cache(lambda: Notice.objects.visible_to(request.user).unread().count()),
    }
