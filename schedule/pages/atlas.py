"""The atlas for everybody: what was approved, of units only, never of a school."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.refusals import Unusable
from schedule.atlas import Atlas
from schedule.atlas_page import context, offered


@login_not_required
@require_safe
def atlas(request: HttpRequest) -> HttpResponse:
    asked = request.GET.dict()
    try:
        found, problem = Atlas(asked), None
    except Unusable as refusal:
        found, problem = Atlas({}), refusal
    if not problem and (file := offered(found, asked.get("format", ""))):
        return file
    page = context(found) | {"problem": problem}
    return render(request, "schedule/atlas.html", page, status=400 if problem else 200)
