"""One drawn school on a phone: that somebody was there, what is wrong, with photos."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import Refused
from districts.access import SignedInRequest, open_to
from improvement.models import Finding, Photo, SchoolVisit, Visit
from improvement.services import visit_schools
from improvement.visiting.access import READERS, find, shown
from improvement.visiting.forms import FindingForm, RecordForm
from improvement.visits.page import SchoolLine, VisitPage
from improvement.visits.steps import MAY_VISIT
from selfchecks import clock, files
from selfchecks.forms import Answering
from selfchecks.models import SchoolRecord

RECORD, FINDING, REMOVE = "record", "finding", "remove"


@open_to(*MAY_VISIT, keeps=("words", "reported", "found", "indicator", "kind"))
def school(request: SignedInRequest, visit: str, school: str) -> HttpResponse:
    """Each of its forms is saved by itself; ``saved`` tells the page which one just was."""
    found = find(request.user, visit)
    page = VisitPage(found)
    line = page.line_of(school)
    if line is None:
        raise Http404
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, act, line.record)
    refusal = None
    if request.method == "POST":
        about = {"visit": found, "by": request.user}
        try:
            saved = _save(request, act, forms, school=school, **about)
        except Refused as refused:
            saved, refusal = False, refused
        if saved:
            address = reverse("visit-school", args=[found.reference, school])
            return redirect(f"{address}?saved={act}#{act}")
    tried = forms.get(act)
    return shown(
        request,
        "visit_school",
        form=tried,
        refusal=refusal,
        visit=found,
        page=page,
        line=line,
        forms=forms,
        reported=_reported(found, school),
        following=_following(page, line),
    )


@open_to(*READERS)
def photo(request: SignedInRequest, visit: str, item: int) -> HttpResponse:
    """A photo to save, never shown by the browser itself."""
    found = find(request.user, visit)
    row = Photo.objects.get_visible(request.user, finding__school__visit=found, pk=item)
    return files.offered(files.content_of(row), row.display_name)


def _forms(request: SignedInRequest, act: str, record: SchoolVisit | None) -> dict[str, Answering]:
    """Both forms of the page, the one that was sent as it came."""
    today = timezone.localtime(clock.now()).date()
    kept = {"visited_on": record.visited_on, "words": record.words} if record else {}
    initial = {"visited_on": today, **kept, "expected": visit_schools.tag_of(record)}
    return {
        RECORD: RecordForm.sent(request) if act == RECORD else RecordForm(initial=initial),
        FINDING: FindingForm.sent(request) if act == FINDING else FindingForm(),
    }


def _save(
    request: SignedInRequest, act: str, forms: dict[str, Answering], *, school: str, **about: Any
) -> bool:
    """Whether it was saved. Raises Refused for what no form can show."""
    if act == REMOVE:
        rows = Finding.objects.filter(school__visit=about["visit"], school__school_code=school)
        row = rows.get_visible(request.user, number=_number(request))
        visit_schools.remove_finding(finding=row, by=request.user)
        messages.success(request, _("已撤回这个问题；记录仍保留。"))
        return True
    services: dict[str, Any] = {
        RECORD: visit_schools.record_school,
        FINDING: visit_schools.add_finding,
    }
    if act not in services:
        raise Http404
    if forms[act].carry_out(services[act], school=school, **about) is None:
        return False
    messages.success(request, _("已保存。"))
    return True


def _number(request: SignedInRequest) -> int:
    text = request.POST.get("number", "")
    return int(text[:9]) if text.isdecimal() else 0


def _reported(visit: Visit, school: str) -> str:
    """Where the figures stand that its district reported last; empty without any."""
    rows = SchoolRecord.objects.filter(school_code=school, self_check__district=visit.district_id)
    newest = rows.select_related("self_check__district").order_by("-self_check__year").first()
    return (
        reverse("self-check-school", args=[newest.self_check.reference, school]) if newest else ""
    )


def _following(page: VisitPage, line: SchoolLine) -> SchoolLine | None:
    """Another school that still has no record."""
    left = [each for each in page.left if each.candidate.code != line.candidate.code]
    return left[0] if left else None
