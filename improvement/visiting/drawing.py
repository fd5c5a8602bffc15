"""Drawing the schools of a visit: the design is looked at first, the draw itself only once made."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from audit.refusals import Unusable
from districts.access import SignedInRequest, open_to
from improvement.services import visits
from improvement.visiting.access import shown
from improvement.visiting.forms import DrawForm
from improvement.visits import words as words
from improvement.visits.page import lines_of, strata_of
from improvement.visits.steps import MAY_VISIT

AT_ONCE = 20  # schools shown before the fold


@open_to(*MAY_VISIT)
def drawing(request: SignedInRequest) -> HttpResponse:
    """GET shows who could be drawn and how likely, POST draws; no seed is known before."""
    if request.method == "POST":
        form = DrawForm(request.POST)
        made = form.carry_out(visits.draw_schools, by=request.user)
        if made:
            return redirect("visit", made.reference)
    else:
        form = DrawForm(request.GET) if "district" in request.GET else DrawForm()
    return shown(request, "visit_draw", form=form, how=words.HOW, **_design(form))


def _design(form: DrawForm) -> dict[str, Any]:
    """What would be drawn from; a form that cannot say so shows why."""
    asked = form.cleaned_data if form.is_bound and (form.is_valid() or form.errors) else {}
    if not (asked.get("district") and asked.get("count")):
        return {}
    try:
        design = visits.design_for(asked["district"], asked["count"])
    except Unusable as refusal:
        if not form.errors:
            form.take(refusal)
        return {}
    lines = lines_of(design)
    return {
        "design": design,
        "asked": asked,
        "lines": lines[:AT_ONCE],
        "more": lines[AT_ONCE:],
        "strata": strata_of(design),
        "certain": sum(line.share == 1 for line in lines),
    }
