"""Writes down practices, takes them through their steps, publishes them and takes them down."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import NotAllowed, Refused, Unusable
from audit.services import check, fingerprint, revise, snapshot
from districts.models import District, User
from districts.roles import DISTRICT_ROLES
from improvement.models import Practice, PracticeState
from improvement.services.flow import Flow, Said, edge_in
from improvement.voices.practice_steps import STEPS, WRITERS
from indicators.models import Standard
from indicators.services.rules import indicator_names
from selfchecks import clock
from selfchecks.step import Edge

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
    FLOW.record(rows=[row], name="write", by=by, changes=snapshot(row, *FACTS))
    return row


@transaction.atomic
def change(*, practice: Practice, by: User, expected: str | None = None, **facts: Any) -> Practice:
    """Other FACTS of a draft; what is not said stays.

    Raises as ``write`` does, Conflict once it is submitted, Stale when ``expected`` is not its tag.
    """
    row = FLOW.lock(practice, by, expected)
    if refusal := FLOW.blocker_of(row, edge_in(STEPS, "submit"), by):
        raise refusal
    changes = revise(row, facts, names=FACTS, check=_check)
    if changes:
        row.changed_at, row.written_by = clock.now(), by
        row.save()
        FLOW.record(rows=[row], name="change", by=by, changes=changes)
    return row


def take_step(
    *, practice: Practice, step: str, by: User, reason: str = "", expected: str | None = None
) -> Practice:
    """One step of its table.

    Raises NotAllowed for other roles, other districts and for whoever wrote or submitted what is
    to be published; Conflict, Stale, Unusable without the reason the step asks for.
    """
    return FLOW.take(practice, step, by, expected, reason=reason)


def open_steps(practice: Practice, viewer: User) -> tuple[Edge, ...]:
    """What the viewer may do with it now."""
    return FLOW.open_edges(practice, viewer)


def tag_of(practice: Practice) -> str:
    """Another one whenever it says something else or stands elsewhere."""
    return fingerprint(practice, *FACTS, "state", "reason")


def may_write(district: District, by: User) -> bool:
    """Whether this person writes practices of the unit: its own people, and the city's."""
    is_own = by.role not in DISTRICT_ROLES or by.district_id == district.pk
    return by.role in WRITERS and is_own


def _refuse_unless_writer(district: District, by: User) -> None:
    if fault := _fault_of_writer(district, by):
        raise fault


def _fault_of_writer(district: District, by: User) -> Refused | None:
    if may_write(district, by):
        return None
    return NotAllowed(_("典型经验由本区县的人员或市级督学、市级管理员撰写。"))


class _Flow(Flow[Practice]):
    model, subject, steps, comment = Practice, "practice", STEPS, "reason"
    changed = _("您打开之后，这条典型经验又有了变化；请看过现在的内容再办理。")
    tag_of = staticmethod(tag_of)

    def found(self, rows: Any, row: Practice, by: User) -> Any:
        return rows.get(pk=row.pk)

    def not_theirs(self, row: Practice, edge: Edge, by: User) -> Refused | None:
        return super().not_theirs(row, edge, by) or _fault_of_writer(row.district, by)

    def same_hand(self, row: Practice, edge: Edge, by: User) -> Refused | None:
        """Four eyes: what one wrote another publishes."""
        if by.pk not in (row.written_by_id, row.submitted_by_id):
            return None
        return NotAllowed(_("撰写和提交它的人不能发布它；请由另一位市级人员发布。"))

    def change(self, row: Practice, edge: Edge, by: User, said: Said) -> None:
        row.changed_at = clock.now()
        if edge.needs_comment:
            row.reason = said["reason"]
        if edge.target == PracticeState.SUBMITTED:
            row.submitted_by, row.reason = by, ""
        elif edge.target == PracticeState.PUBLISHED:
            row.published_by, row.published_at = by, row.changed_at


FLOW = _Flow()


def _check(row: Practice) -> None:
    for name in TEXTS:
        setattr(row, name, getattr(row, name).strip())
    row.indicators = " ".join(dict.fromkeys(row.indicators.upper().split()))
    Unusable.check({**_fault_of_years(row), **_fault_of_codes(row)})
    check(row)


def _fault_of_years(row: Practice) -> dict[str, Any]:
    odd = [name for name in ("year_before", "year_after") if not 2000 <= getattr(row, name) <= 2100]
    if odd:
        return dict.fromkeys(odd, _("请填年度，例如 2025。"))
    if row.year_before >= row.year_after:
        return {"year_after": _("做之后的年度要晚于做之前的年度。")}
    this = timezone.localdate(clock.now()).year
    late = _("%s 年度还没有到；请填写已经有自查的年度。") % row.year_after
    return {"year_after": late} if row.year_after > this else {}


def _fault_of_codes(row: Practice) -> dict[str, Any]:
    standard = Standard.objects.in_force_on(timezone.localdate(clock.now()))
    known = indicator_names(standard)
    unknown = [code for code in row.codes if code not in known]
    if not unknown:
        return {}
    sentence = _("没有「%s」这个指标；请写标准里的指标代码，用空格隔开，如 A3 B5。")
    return {"indicators": sentence % unknown[0][:20]}
