"""The page of the work behind the pages: who does it, how long it has taken, and once more."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from audit.models import JobRun, Worker
from audit.periodic import JOBS, Job
from audit.refusals import Refused
from districts.access import person_of

from .services.jobs import MAY_RETRY, jobs, retry

PERMISSION = "audit.view_jobrun"


class Choice(forms.Form):
    job = forms.UUIDField()


def jobs_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    person = person_of(request)
    if not person.has_perm(PERMISSION):
        raise PermissionDenied(_("这个页面不对您的角色开放。"))
    if request.method == "POST":
        _retry(request)
        return redirect("admin:jobs")
    facts = {
        "title": _("后台工作"),
        "jobs": jobs(),
        "workers": Worker.objects.all(),
        "periodic": [(job, run, run and job.told(run)) for job, run in _runs()],
        "may_retry": person.role in MAY_RETRY,
    }
    return TemplateResponse(request, "admin/jobs.html", {**context, **facts})


def _runs() -> Iterator[tuple[Job, JobRun | None]]:
    runs = JobRun.objects.in_bulk(list(JOBS), field_name="job")
    return ((job, runs.get(name)) for name, job in JOBS.items())


def _retry(request: HttpRequest) -> None:
    choice = Choice(request.POST)
    key = choice.cleaned_data["job"] if choice.is_valid() else UUID(int=0)
    try:
        job = retry(key=key, by=person_of(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%s：已重新排队。") % job.title)
