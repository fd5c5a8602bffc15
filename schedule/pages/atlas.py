"""The atlas for everybody: what was approved, of units only, never of a school."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from audit.refusals import understood
from districts.access import for_everybody
from schedule import own_table_page as own
from schedule.alike_page import likenesses
from schedule.atlas import Atlas
from schedule.atlas_page import context, offered
from schedule.own_table import OwnTable


@for_everybody
def atlas(request: HttpRequest) -> HttpResponse:
    asked = request.GET.dict()
    found, problem = understood(Atlas, asked, {})
    if not problem and (file := offered(found, asked)):
        return file
    page = context(found) | {"problem": problem}
    return render(request, "schedule/atlas.html", page, status=400 if problem else 200)


@for_everybody
def own_table(request: HttpRequest) -> HttpResponse:
    """Units × indicators × years, as the address asks."""
    found, problem = understood(OwnTable, request.GET, QueryDict())
    if not problem and (file := own.offered(found, request.GET)):
        return file
    page = own.context(found) | {"problem": problem}
    return render(request, "schedule/own_table.html", page, status=400 if problem else 200)


@for_everybody
def alike(request: HttpRequest, code: str) -> HttpResponse:
    """A unit beside those that are most like it."""
    asked = {name: request.GET.get(name, "") for name in ("as_of", "year")}
    atlas, problem = understood(Atlas, asked, {})
    district = atlas.position.districts.get(code)
    if district is None:
        raise Http404
    page = likenesses(atlas, district) | {"problem": problem, "district": district}
    return render(request, "schedule/alike.html", page, status=400 if problem else 200)
