"""典型经验 for everybody: a list to search, and one page each."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from audit.refusals import one_of, understood
from districts.access import for_everybody
from districts.models import District
from improvement.models import Practice
from improvement.services.effects import effect_of
from improvement.voices.practice_words import missing_words, rows_of
from indicators.choosing import names as names_of_indicators

ON_A_PAGE = 20
LONGEST = 40


@for_everybody
def practices(request: HttpRequest) -> HttpResponse:
    """What is published, newest first: by words, by unit, by indicator."""
    asked = {
        name: request.GET.get(name, "").strip()[:LONGEST] for name in ("q", "unit", "indicator")
    }
    names = names_of_indicators()
    known = {"unit": District.objects.values_list("code", flat=True), "indicator": names}
    (unit, code), problem = understood(
        lambda given: [one_of(given, name, there) for name, there in known.items()], asked, {}
    )
    rows = Practice.objects.published().select_related("district").saying(asked["q"])
    rows = rows.filter(district__code=unit) if unit else rows
    rows = rows.about(code) if code else rows
    page = Paginator(rows.order_by("-published_at", "-pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = {
        "asked": asked,
        "rows": page,
        "problem": problem,
        "units": _units(),
        "indicators": names.items(),
        "is_narrowed": any(asked.values()),
    }
    status = 400 if problem else 200
    return render(request, "improvement/practices/list.html", context, status=status)


@for_everybody
def practice(request: HttpRequest, number: int) -> HttpResponse:
    rows = Practice.objects.readable_by(request.user).select_related("district")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return render(request, "improvement/practices/one.html", shown(request, found))


def shown(request: HttpRequest, found: Practice) -> dict[str, Any]:
    """The practice with its effect, as far as this reader may know it."""
    effect = effect_of(found, request.user)
    names = names_of_indicators()
    return {
        "practice": found,
        "effect": effect,
        "rows": rows_of(effect),
        "missing": missing_words(effect, (found.year_before, found.year_after)),
        "indicators": [(code, names.get(code, code)) for code in found.codes],
    }


def _units() -> list[District]:
    """Those that have something published."""
    having = Practice.objects.published().values("district")
    return list(District.objects.filter(pk__in=having).order_by("order"))
