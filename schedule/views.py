"""Public pages: home, one unit, the roadmap."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from schedule.pages import home as home_page
from schedule.pages import roadmap as roadmap_page
from schedule.pages import unit as unit_page
from schedule.pages import units
from schedule.pages.question import Question, ask
from schedule.pages.search import search


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    question = ask(request.GET.dict())
    position = question.answer()
    wanted = search(request.GET.get("q", ""), position.districts.values())
    if wanted.only:
        return redirect(units.address(wanted.only, question))
    return _show(request, "schedule/home.html", home_page.build(question, position, wanted))


@login_not_required
@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    question = ask({"as_of": request.GET.get("as_of", "")})
    position = question.answer()
    # Looked up among the units already read: an address nobody has is simply not found.
    if code not in position.districts:
        raise Http404
    page = unit_page.build(question, position, position.districts[code])
    return _show(request, "schedule/unit.html", page)


@login_not_required
@require_safe
def roadmap(request: HttpRequest) -> HttpResponse:
    question = ask(request.GET.dict())
    return _show(request, "schedule/roadmap.html", roadmap_page.build(question, question.answer()))


def _show(request: HttpRequest, template: str, page: Any) -> HttpResponse:
    """The page; when the question was wrong, today's page says so and answers 400."""
    question: Question = page.question
    status = 400 if question.problem else 200
    return render(request, template, {"page": page, "question": question}, status=status)
