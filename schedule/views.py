"""Public pages: home, one unit, the roadmap."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from audit.refusals import understood
from districts.access import for_everybody
from districts.finding import find_units
from districts.sources import source_of
from schedule import totals
from schedule.pages import home as home_page
from schedule.pages import unit as unit_page
from schedule.pages.question import LONGEST, Question, ask
from schedule.pages.stairs import alone
from schedule.pages.units import Units, page_of

KEPT = 60  # seconds; what somebody records shows at once


@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    question = ask(request.GET.dict())
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = find_units(text, question.position.districts.values()) if text else []
    if len(found) == 1:
        return redirect(question.address(found[0]))
    page = SimpleLazyObject(lambda: home_page.content(question, text, found))
    # The same for everybody until something is recorded: what is personal stands in the frame.
    is_usual = question.is_today and not (text or question.problem)
    kept = (KEPT, home_page.stamp(question)) if is_usual else (0, "")
    return _show(request, "home", question, page, kept=kept)


@for_everybody
def unit(request: HttpRequest, code: str) -> HttpResponse:
    question = ask({"as_of": request.GET.get("as_of", "")})
    # Looked up among the units already read: an address nobody has is simply not found.
    district = question.position.districts.get(code)
    if district is None:
        raise Http404
    return _show(
        request, "unit", question, unit_page.content(question, district, request.user), code=code
    )


@for_everybody
def stairs(request: HttpRequest) -> HttpResponse:
    """The drawing of the home page as a file to keep."""
    question = ask(request.GET.dict())
    if question.problem:
        raise question.problem
    day = question.as_of.isoformat()
    name = f'attachment; filename="stairs-{question.basis}-{day}.svg"'
    return HttpResponse(alone(question), "image/svg+xml", headers={"Content-Disposition": name})


@for_everybody
def units(request: HttpRequest) -> HttpResponse:
    """All of them in one table, to sort, to take along and to cite."""
    found, problem = understood(Units, request.GET.dict(), {})
    problem = problem or found.question.problem
    if not problem and (file := found.file):
        return file
    page = page_of(found) | {
        "problem": problem,
        "bases": found.question.bases("units"),
        "headline": totals.headline(found.question.position.progress),
        "text": "",
    }
    status = 400 if problem else 200
    return _show(request, "units", found.question, page, status=status)


@for_everybody
def roadmap(request: HttpRequest) -> HttpResponse:
    """One row per year, every unit with its state, in any edition of the plan."""
    question = ask(request.GET.dict())
    lines, counted = question.lines.values(), question.position.progress
    by_year = question.by_year()
    rows = dict(by_year)
    content = {
        "bases": question.bases("roadmap"),
        "years": by_year,
        "key": home_page.key_of(counted, lines),
        "hollow": range(counted.certified_unnamed),
        "undated": rows.get(None),
        "sections": [
            (
                phase,
                totals.at_least(phase.cohort_certified, phase.cohort_certain),
                [(year, rows[year.year]) for year in counted.years if year.year in phase.years],
            )
            for phase in counted.phases
        ],
        "editions": [
            (version, request.path + question.tail(version=str(version.number)), source_of(version))
            for version in question.versions
        ],
        "moved": sum(line.is_moved for line in lines),
        "headline": totals.headline(counted),
    }
    return _show(request, "roadmap", question, content)


def _show(
    request: HttpRequest, name: str, question: Question, page: Any, **more: Any
) -> HttpResponse:
    """The page; when the question was wrong, today's page says so and answers 400."""
    progress = SimpleLazyObject(lambda: question.position.progress)
    picture = (
        reverse("home-picture") if name != "unit" else reverse("unit-picture", args=[more["code"]])
    )
    context = {
        "page": page,
        "question": question,
        "progress": progress,
        "picture": request.build_absolute_uri(picture),
        "origin": request.build_absolute_uri("/").removesuffix("/"),
        **more,
    }
    status = more.get("status") or (400 if question.problem else 200)
    return render(request, f"schedule/{name}.html", context, status=status)
