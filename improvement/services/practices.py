"""Writes down practices, takes them through their steps, publishes them and takes them down."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import NotAllowed, Stale, Unusable
from audit.services import check, fingerprint, record, revise, snapshot
from districts.models import District, User
from districts.roles import DISTRICT_ROLES
from improvement.edge import Edge, edge_in, edges_for, refuse_unless_open
from improvement.models import Practice, PracticeState
from improvement.practice_steps import STEPS, WRITERS
from indicators.models import Standard
from selfchecks import clock

FACTS = ("title", "problem", "measure", "indicators", "year_before", "year_after")
TEXTS = ("title", "problem", "measure")


@transaction.atomic
def write(*, district: District, by: User, is_demo: bool = False, **facts: Any) -> Practice:
    """A new draft with its FACTS. Raises NotAllowed, Unusable naming every input at fault."""
    _refuse_unless_writer(district, by)
    row = Practice(
        district=district, written_by=by, changed_at=clock.now(), is_demo=is_demo, **facts
    )
    _check(row)
    row.save()
    _record("practice.write", row, by, snapshot(row, *FACTS))
    return row


@transaction.atomic
def change(*, practice: Practice, by: User, expected: str | None = None, **facts: Any) -> Practice:
    """Other FACTS of a draft; what is not said stays.

    Raises as ``write`` does, Conflict once it is submitted, Stale when ``expected`` is not its tag.
    """
    row = _locked(practice, expected)
    _refuse_unless_writer(row.district, by)
    refuse_unless_open(edge_in(STEPS, "submit"), row.state, row.get_state_display(), by)
    changes = revise(row, facts, names=FACTS, check=_check)
    if changes:
        row.changed_at, row.written_by = clock.now(), by
        row.save()
        _record("practice.change", row, by, changes)
    return row


@transaction.atomic
def take_step(
    *, practice: Practice, step: str, by: User, reason: str = "", expected: str | None = None
) -> Practice:
    """One step of its table.

    Raises NotAllowed for other roles, other districts and for whoever wrote or submitted what is
    to be published; Conflict, Stale, Unusable without the reason the step asks for.
    """
    edge, row = edge_in(STEPS, step), _locked(practice, expected)
    _refuse(edge, row, by)
    if "reason" in edge.needs:
        fault = fault_of_required(reason, _("请写明原因。"))
        Unusable.check({"reason": fault}, code="required")
        row.reason = reason.strip()
    before, row.state, row.changed_at = row.state, edge.target, clock.now()
    if edge.target == PracticeState.SUBMITTED:
        row.submitted_by, row.reason = by, ""
    elif edge.target == PracticeState.PUBLISHED:
        row.published_by, row.published_at = by, row.changed_at
    row.save()
    _record(f"practice.{step}", row, by, {"state": [before, row.state]}, row.reason)
    return row


def open_steps(practice: Practice, viewer: User) -> tuple[Edge, ...]:
    """What the viewer may do with it now."""
    return tuple(
        edge
        for edge in edges_for(STEPS, practice.state, viewer)
        if not _is_barred(edge, practice, viewer)
    )


def tag_of(practice: Practice) -> str:
    """Another one whenever it says something else or stands elsewhere."""
    return fingerprint(practice, *FACTS, "state", "reason")


def may_write(district: District, by: User) -> bool:
    """Whether this person writes practices of the unit: its own people, and the city's."""
    is_own = by.role not in DISTRICT_ROLES or by.district_id == district.pk
    return by.role in WRITERS and is_own


def _refuse_unless_writer(district: District, by: User) -> None:
    if not may_write(district, by):
        raise NotAllowed(_("典型经验由本区县的人员或市级督学、市级管理员撰写。"))


def _refuse(edge: Edge, row: Practice, by: User) -> None:
    refuse_unless_open(edge, row.state, row.get_state_display(), by)
    _refuse_unless_writer(row.district, by)
    if _is_barred(edge, row, by):
        raise NotAllowed(_("撰写和提交它的人不能发布它；请由另一位市级人员发布。"))


def _is_barred(edge: Edge, row: Practice, by: User) -> bool:
    """Four eyes: what one wrote another publishes."""
    is_own = by.pk in (row.written_by_id, row.submitted_by_id)
    return edge.target == PracticeState.PUBLISHED and is_own


def _locked(practice: Practice, expected: str | None) -> Practice:
    rows = Practice.objects.select_for_update(of=("self",)).select_related("district")
    row: Practice = rows.get(pk=practice.pk)
    if expected not in (None, tag_of(row)):
        raise Stale(_("您打开之后，这条典型经验又有了变化；请看过现在的内容再办理。"))
    return row


def _check(row: Practice) -> None:
    for name in TEXTS:
        setattr(row, name, getattr(row, name).strip())
    row.indicators = " ".join(dict.fromkeys(row.indicators.upper().split()))
    Unusable.check({**_fault_of_years(row), **_fault_of_codes(row)})
    check(row)


def _fault_of_years(row: Practice) -> dict[str, Any]:
    if row.year_before >= row.year_after:
        return {"year_after": _("做之后的年度要晚于做之前的年度。")}
    this = timezone.localdate(clock.now()).year
    late = _("%s 年度还没有到；请填写已经有自查的年度。") % row.year_after
    return {"year_after": late} if row.year_after > this else {}


def _fault_of_codes(row: Practice) -> dict[str, Any]:
    standard = Standard.objects.in_force_on(timezone.localdate(clock.now()))
    known = set(standard.indicators.values_list("code", flat=True)) if standard else set()
    unknown = [code for code in row.codes if code not in known]
    if not unknown:
        return {}
    sentence = _("没有「%s」这个指标；请写标准里的指标代码，用空格隔开，如 A3 B5。")
    return {"indicators": sentence % unknown[0][:20]}


def _record(
    action: str, row: Practice, by: User, changes: dict[str, Any], reason: str = ""
) -> None:
    code = row.district.code
    record(action=action, by=by, on=row, district_code=code, changes=changes, reason=reason)
