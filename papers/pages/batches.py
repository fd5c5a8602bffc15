"""Many documents at once: asked for, watched, taken away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.refusals import Conflict, Refused
from districts.access import SignedInRequest, open_to
from districts.roles import MUNICIPAL_ROLES
from papers.models import Batch, BatchState
from papers.names import Name
from papers.services import batches as service
from schedule.services.reading import today
from selfchecks.files import fingerprint, offered
from selfchecks.forms import Answering

PATIENCE = 2  # seconds until a page of a batch in the making looks again
MOST_SHOWN = 30


class BatchForm(Answering):
    kind = forms.ChoiceField(
        label=_("公文"), choices=[(name, Name(name).label) for name in service.MANY]
    )
    year = forms.IntegerField(
        label=_("自查年度"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("单位的公文不用填；自查的公文要填。"),
    )


@open_to(*MUNICIPAL_ROLES)
def batches(request: SignedInRequest) -> HttpResponse:
    """Those of late; POST asks for another."""
    form = BatchForm.sent(request, {"year": today().year})
    if request.method == "POST":
        batch = form.carry_out(service.ask, by=request.user)
        if batch is not None:
            return redirect("paper-batch", batch.pk)
    rows = Batch.objects.visible_to(request.user).select_related("asked_by").defer("content")
    context = {
        "form": form,
        "rows": rows[:MOST_SHOWN],
        "most": service.MOST,
        "may_ask": request.user.role in service.MAY_ASK,
    }
    return render(request, "papers/batches.html", context, status=form.status)


@open_to(*MUNICIPAL_ROLES)
def batch(request: SignedInRequest, number: int) -> HttpResponse:
    """How far it has come; POST lets it go on when nobody works on it any more."""
    found, refusal = _find(request, number), None
    if request.method == "POST":
        try:
            service.restart(batch=found, by=request.user)
            messages.success(request, _("接着生成。"))
            return redirect("paper-batch", number)
        except Refused as refused:
            refusal = refused
    context = {"batch": found, "refusal": refusal, "may_ask": request.user.role in service.MAY_ASK}
    answer = render(
        request, "papers/batch.html", context, status=refusal.status if refusal else 200
    )
    if found.state == BatchState.WAITING:
        answer["Refresh"] = str(PATIENCE)
    return answer


@open_to(*MUNICIPAL_ROLES)
@require_safe
def taken(request: SignedInRequest, number: int) -> HttpResponse:
    """The zip."""
    found = _find(request, number)
    if found.state != BatchState.DONE:
        raise Http404
    content = bytes(found.content)
    if fingerprint(content) != found.sha256:
        raise Conflict(_("这批公文的文件与生成时不同，没有提供；请重新生成一批。"))
    return offered(content, f"{found.get_kind_display()}-{found.day}.zip", "application/zip")


def _find(request: SignedInRequest, number: int) -> Any:
    return Batch.objects.select_related("asked_by").get_visible(request.user, pk=number)
