"""The table of all measures: out as a workbook, back in after a preview, marked where wrong."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused, one_of
from districts.access import SignedInRequest
from districts.holding import OwnStorage
from improvement.bureau.access import page_of
from improvement.models import Measure
from improvement.school_plans.table import measure_book
from improvement.services import measure_import
from improvement.services.measure_import import Looked
from improvement.services.school_plans import may_prepare
from selfchecks.bureau.access import of_self_check
from selfchecks.files import offered_book
from selfchecks.forms import Answering, UploadForm
from selfchecks.models import SelfCheck

MOST_SHOWN = 200
NAME = "school-plans.xlsx"  # a held file is read again under it


class ConfirmForm(Answering):
    """What the reader saw of which held file; a reason once something was approved."""

    held = forms.RegexField(r"^[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("改动的原因"),
        required=False,
        max_length=300,
        help_text=_("有已批准的一校一策要改时必填。"),
    )


@of_self_check("reason")
def table(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    """GET with a format offers the file; POST looks at one, or keeps the one that was looked at."""
    if one_of(request.GET, "format", ["xlsx"]):
        rows = Measure.objects.live().visible_to(request.user)
        rows = rows.filter(school_plan__self_check=self_check).select_related("school_plan")
        book = measure_book(rows.order_by("school_plan__school_code", "number"))
        name = f"{self_check.reference}-{NAME}"
        return offered_book(book, name)
    if not may_prepare(self_check, request.user):
        raise Http404
    if "marked" in request.GET:
        return _marked(request, self_check)
    if "held" in request.POST:
        return _confirmed(request, self_check)
    return _looked(request, self_check)


def _looked(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    form = UploadForm.sent(request)
    if request.method != "POST":
        return page_of(request, "measure_table", self_check, form=form)
    sent: dict[str, Any] = {}

    def look(content: bytes, name: str) -> Looked:
        sent.update(content=content)
        return measure_import.look(self_check, content, name)

    found = form.carry_out(look)
    if found is None:
        return page_of(request, "measure_table", self_check, form=form)
    storage = OwnStorage(request.user)
    storage.save(sent["content"])
    return _preview(request, self_check, found, storage.name)


def _preview(
    request: SignedInRequest,
    self_check: SelfCheck,
    found: Looked,
    held: str,
    confirm: ConfirmForm | None = None,
) -> HttpResponse:
    about: dict[str, Any] = {
        "found": found,
        "held": held,
        "changes": found.changes[:MOST_SHOWN],
        "errors": found.errors,
        "told": [(each, each.render(gettext)) for each in found.errors[:MOST_SHOWN]],
        "confirm": confirm or ConfirmForm(initial={"held": held, "seen": found.tag}),
        "again": UploadForm(),
        "form": confirm,
    }
    answer = page_of(request, "measure_table", self_check, **about)
    if found.errors:
        answer.status_code = 422
    return answer


def _confirmed(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    confirm = ConfirmForm.sent(request)
    storage, content = _held(request, request.POST.get("held", ""))

    def keep(held: str, seen: str, reason: str) -> list[Measure]:
        return measure_import.keep(
            self_check=self_check,
            content=content,
            name=NAME,
            by=request.user,
            seen=seen,
            reason=reason,
        )

    done = confirm.carry_out(keep)
    if done is None:
        found = measure_import.look(self_check, content, NAME)
        return _preview(request, self_check, found, storage.name, confirm)
    storage.remove()
    messages.success(request, _("已导入：%s 项措施有改动。") % len(done))
    return redirect("school-plans", self_check.reference)


def _marked(request: SignedInRequest, self_check: SelfCheck) -> HttpResponse:
    _storage, content = _held(request, request.GET["marked"])
    try:
        found = measure_import.look(self_check, content, NAME)
    except Refused as refusal:
        raise Http404 from refusal
    name = f"{self_check.reference}-{NAME}"
    return offered_book(measure_import.marked(content, found), name)


def _held(request: SignedInRequest, name: str) -> tuple[OwnStorage, bytes]:
    """This person's file between preview and confirmation; Http404 when it is gone."""
    if not (len(name) == 32 and name.isalnum()):
        raise Http404
    storage = OwnStorage(request.user, name)
    try:
        return storage, storage.read()
    except FileNotFoundError as gone:
        raise Http404 from gone
