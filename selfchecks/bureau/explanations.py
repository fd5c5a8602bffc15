"""What figures cannot say: reasons for warnings, and documents as evidence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.refusals import Refused, Unusable
from districts.access import SignedInRequest
from districts.wording import listed
from selfchecks import files
from selfchecks.bureau.access import may_write, of_self_check, shown
from selfchecks.bureau.warnings import REASON, save_reasons, warnings_of
from selfchecks.forms import Answering, EvidenceForm, FilesForm, kept_text
from selfchecks.models import EvidenceItem, SelfCheck, Upload
from selfchecks.services.documents import Documents, documents_of, subjects_of
from selfchecks.services.evidence import add_evidence, register, remove_evidence
from selfchecks.services.waiting import (
    DISCARD,
    AlreadyAssigned,
    Choice,
    assign_files,
    known_of,
    proposal_for,
    receive_files,
)

PAGE = "self-check-explanations"
# Start the names of a waiting file's two boxes; its id follows.
SUBJECT, SCHOOL = "subject_", "school_"


@of_self_check(REASON, "indicator", "note", SUBJECT, SCHOOL)
def explanations(
    request: SignedInRequest,
    self_check: SelfCheck,
    item: int | None = None,
    *,
    act: str = "",
) -> HttpResponse:
    """Reasons and documents stand in one form: whatever button is pressed, both are saved.

    ``act`` is what the pressed button is for: to attach one document, to receive many, to assign
    those, or to take ``item`` down. Buttons have addresses of their own, which lead back to the
    page when opened by themselves.
    """
    if request.method != "POST":
        typed = kept_text(request)
        if typed or not act:
            return _show(request, self_check, typed)
        return redirect(PAGE, self_check.reference)
    found = None if item is None else _item(request, self_check, item)
    act = _meant(request, act)
    try:
        saved = _save(request, self_check, is_asked=not act)
        if found:
            remove_evidence(item=found, by=request.user)
            messages.success(request, _("佐证材料已撤下；报送过的仍留存备查。"))
        elif act == "assign":
            _assign(request, self_check)
    except (Unusable, AlreadyAssigned) as refusal:
        return _show(request, self_check, request.POST.dict(), refusal=refusal)
    if act in FORMS:
        return _take_in(request, self_check, act)
    if saved and not act:
        messages.success(request, _("说明已保存。"))
    is_ready = saved and not act and not saved.unexplained()
    return redirect("self-check-check" if is_ready else PAGE, self_check.reference)


def _meant(request: SignedInRequest, act: str) -> str:
    """Whatever was pressed, files that were chosen are not lost."""
    if request.FILES.get("several"):
        return "receive"
    if request.FILES.get("file") or (request.POST.get("note") and not act):
        return "attach"
    return act


def _save(request: SignedInRequest, self_check: SelfCheck, *, is_asked: bool) -> Upload | None:
    """The reasons that were asked to be saved or travelled with another button of the page."""
    current = self_check.current
    travelled = any(name.startswith(REASON) for name in request.POST)
    return save_reasons(request, current) if current and (is_asked or travelled) else None


def _form(request: SignedInRequest, self_check: SelfCheck, act: str) -> Answering:
    if act == "receive":
        return FilesForm.sent(request)
    return EvidenceForm.sent(request, subjects=subjects_of(self_check))


def _take_in(request: SignedInRequest, self_check: SelfCheck, act: str) -> HttpResponse:
    form, service = _form(request, self_check, act), FORMS[act]
    done = form.carry_out(service, self_check=self_check, by=request.user)
    if done is None:
        return _show(request, self_check, request.POST.dict(), form)
    if act == "attach":
        messages.success(request, _("佐证材料已附上。"))
        return redirect(PAGE, self_check.reference)
    if done.items:
        count = len(done.items)
        sentence = ngettext("收到 %s 份材料", "收到 %s 份材料", count) % count
        messages.success(request, _("%s，请在下面核对归类。") % sentence)
    if done.repeated:
        names = listed(f"「{name}」" for name in done.repeated[:10])
        told = {"count": len(done.repeated), "names": names}
        messages.info(request, _("重复的 %(count)s 份没有再收：%(names)s。") % told)
    return redirect(f"{reverse(PAGE, args=[self_check.reference])}#waiting")


FORMS: dict[str, Callable[..., Any]] = {"attach": add_evidence, "receive": receive_files}


def _assign(request: SignedInRequest, self_check: SelfCheck) -> None:
    choices = _choices(request.POST.dict())
    count = len(assign_files(self_check=self_check, choices=choices, by=request.user))
    if count:
        sentence = ngettext("%s 份材料已附上。", "%s 份材料已附上。", count) % count
        messages.success(request, sentence)


def _choices(posted: dict[str, Any]) -> dict[int, Choice]:
    keys = [name.removeprefix(SUBJECT) for name in posted if name.startswith(SUBJECT)]
    return {
        int(key): Choice(posted[f"{SUBJECT}{key}"], posted.get(f"{SCHOOL}{key}", ""))
        for key in keys
        if key.isdecimal() and len(key) < 19
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file to be assigned with what its boxes hold: as proposed, or as typed before."""

    item: EvidenceItem
    subject: str
    school: str
    same_as: str
    error: str = ""

    @property
    def subject_name(self) -> str:
        return f"{SUBJECT}{self.item.pk}"

    @property
    def school_name(self) -> str:
        return f"{SCHOOL}{self.item.pk}"


def _waiting(
    self_check: SelfCheck, documents: Documents, typed: Mapping[str, str], refusal: Refused | None
) -> Iterator[Waiting]:
    known = known_of(self_check, documents)
    there = {item.sha256: item for line in documents.lines for item in line.items}
    for item in documents.waiting:
        subject, school = proposal_for(item, known)
        if school:
            school = f"{school} {known.schools[school]}"
        names = f"{SUBJECT}{item.pk}", f"{SCHOOL}{item.pk}"
        errors = (refusal.fields.get(name, "") for name in names) if refusal else ()
        yield Waiting(
            item,
            typed.get(names[0], subject),
            typed.get(names[1], school),
            str(there.get(item.sha256) or ""),
            "".join(map(str, errors)),
        )


def _show(
    request: SignedInRequest,
    self_check: SelfCheck,
    typed: Mapping[str, str],
    form: Answering | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    current, documents = self_check.current, documents_of(self_check)
    subjects = subjects_of(self_check)
    # With the indicator chosen that a remark spoke of.
    chosen = {"indicator": request.GET.get("indicator", ""), **typed}
    forms = {
        "one": EvidenceForm(subjects=subjects, initial=chosen),
        "many": FilesForm(),
    }
    if form:
        forms["many" if isinstance(form, FilesForm) else "one"] = form
    context: dict[str, Any] = {
        "current": current,
        "warnings": warnings_of(current, typed) if current else None,
        "unexplained": len(current.unexplained()) if current else 0,
        "documents": documents,
        "waiting": list(_waiting(self_check, documents, typed, refusal)),
        "subjects": subjects,
        "schools": register(self_check) if documents.waiting else {},
        "discard": DISCARD,
        "forms": forms,
        "form": form,
        "can_write": may_write(request, self_check),
        "refusal": refusal,
    }
    return shown(request, "explanations", self_check, **context)


def _item(request: SignedInRequest, self_check: SelfCheck, item: int) -> EvidenceItem:
    rows = EvidenceItem.objects.select_related("self_check__district")
    found: EvidenceItem = rows.get_visible(request.user, self_check=self_check, pk=item)
    return found


@of_self_check()
def evidence_file(request: SignedInRequest, self_check: SelfCheck, item: int) -> HttpResponse:
    found = _item(request, self_check, item)
    return files.offered(files.content_of(found), found.display_name)
