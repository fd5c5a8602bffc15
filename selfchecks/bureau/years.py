"""Where a bureau begins: its years, and what it has to hand in first."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from districts.access import SignedInRequest, open_to
from districts.ended import ended
from districts.roles import DISTRICT_ROLES
from selfchecks.bureau.access import READERS
from selfchecks.models import SelfCheck
from selfchecks.models.self_check import AT_DISTRICT


@open_to(*READERS)
@require_safe
def years(request: SignedInRequest) -> HttpResponse:
    """The newest first; when each is due is worded once for all of one day."""
    found = SelfCheck.objects.visible_to(request.user).select_related("district")
    rows = list(found.order_by("-year", "district"))
    one_of_day = {(row.due_on, row.awaits_district): row for row in rows}
    due = {
        day: render_to_string("selfchecks/due.html", {"self_check": row})
        for day, row in one_of_day.items()
    }
    told = [(row, due[row.due_on, row.awaits_district]) for row in rows]
    context = {"rows": told, "ended": ended(request.user.district)}
    return render(request, "selfchecks/years.html", context)


@open_to(*READERS)
@require_safe
def now(request: SignedInRequest) -> HttpResponse:
    """Where signing in leads: what a district has to hand in first, else its newest year; for
    others the list."""
    if request.user.role in DISTRICT_ROLES:
        rows = SelfCheck.objects.visible_to(request.user).select_related("district")
        waiting = rows.filter(state__in=AT_DISTRICT).order_by("due_on", "year")
        found = waiting.first() or rows.order_by("-year").first()
        if found:
            return redirect("self-check", reference=found.reference)
    return redirect("self-checks")
