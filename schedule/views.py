"""Public pages: home, one unit, the roadmap."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from districts.models import District
from schedule.services import reading


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "schedule/home.html", {"position": reading.position_on(reading.today())})


@login_not_required
def unit(request: HttpRequest, code: str) -> HttpResponse:
    district = get_object_or_404(District, code=code)
    return render(request, "schedule/unit.html", {"district": district})


@login_not_required
def roadmap(request: HttpRequest) -> HttpResponse:
    position = reading.position_on(reading.today())
    return render(request, "schedule/roadmap.html", {"position": position})
