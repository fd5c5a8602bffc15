"""Where a bureau begins: its years, the tasks of one year, and what it has been told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from districts.access import open_to
from districts.roles import DISTRICT_ROLES
from selfchecks.forms import UploadForm
from selfchecks.models import Notice, SelfCheck
from selfchecks.pages.notices import told
from selfchecks.pages.tasks import call_of, standing_of, tasks_of
from selfchecks.pages.threads import remarks_of
from selfchecks.services.blockers import MAY_UPLOAD
from selfchecks.services.notices import mark_read
from selfchecks.views.access import READERS, of_self_check

MOST_NOTICES = 100


@open_to(*READERS)
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    rows = SelfCheck.objects.visible_to(request.user).select_related("district")
    return render(request, "selfchecks/years.html", {"rows": rows.order_by("-year", "district")})


@open_to(*READERS)
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Where signing in leads: a district's newest year, for others the list."""
    if request.user.role in DISTRICT_ROLES:
        rows = SelfCheck.objects.visible_to(request.user).select_related("district")
        newest = rows.order_by("-year").first()
        if newest:
            return redirect("self-check", reference=newest.reference)
    return redirect("self-checks")


@of_self_check()
@require_safe
def tasks(request: HttpRequest, self_check: SelfCheck) -> HttpResponse:
    standing = standing_of(self_check, request.user)
    context = {
        "self_check": self_check,
        "tasks": tasks_of(standing),
        "call": call_of(standing),
        "can_upload": self_check.is_editable and request.user.role in MAY_UPLOAD,
        "form": UploadForm(),
        "last": self_check.trail.last(),
        "remarks": remarks_of(self_check),
    }
    return render(request, "selfchecks/tasks.html", context)


@open_to(*READERS)
def notices(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal()]
        mark_read(by=request.user, notices=chosen or None)
        return redirect("notices")
    rows = Notice.objects.visible_to(request.user).select_related("self_check__district")
    found = [told(notice) for notice in rows[:MOST_NOTICES]]
    unread = any(row.notice.read_at is None for row in found)
    return render(request, "selfchecks/notices.html", {"told": found, "has_unread": unread})
