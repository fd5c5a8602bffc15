"""Public pages: all indicators, and one of them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.models import Indicator, Standard
from indicators.pages import listing, one


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    standard = Standard.objects.in_force_on(timezone.localdate())
    page = listing.build(standard) if standard else None
    return render(request, "indicators/index.html", {"page": page})


@login_not_required
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    standard = Standard.objects.in_force_on(timezone.localdate())
    rows = Indicator.objects.select_related("standard").filter(standard=standard, code=code)
    found = rows.first() if standard else None
    if found is None:
        raise Http404
    return render(request, "indicators/indicator.html", {"page": one.build(found)})
