"""Records what follows for a unit: support, priority and accountability; urging and guidance."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import check, record, snapshot
from districts.models import District, User
from districts.wording import day_text
from schedule import progress
from schedule.models import (
    CaseState,
    Consequence,
    ConsequenceKind,
    Guidance,
    GuidanceEntry,
    GuidanceStep,
)
from schedule.services import grants, reading
from schedule.services.reading import fault_of_day, today
from schedule.services.voiding import MAY_GUIDE, refuse_stale

CONSEQUENCE_FIELDS = (
    *("district", "kind", "form", "day", "ground", "grant", "look_back"),
    *("document_number", "source", "source_note", "checked_on"),
)
GUIDANCE_FIELDS = ("district", "kind", "group", "reason", "begun_on")
ENTRY_FIELDS = ("guidance", "kind", "day", "words", "due_on")
FAILED_CHECK = (CaseState.LIMITED, CaseState.REPORTED_AGAIN, CaseState.REVOKED)


@transaction.atomic
def record_consequence(*, by: User, is_demo: bool = False, **fields: Any) -> Consequence:
    """Record what followed on a day; a manager's.

    Priority in transfer payments is for units certified in their planned year or before. Holding
    to account needs a form and a document; what it rests on, a grant that fell due or a failed
    look-back, must be the unit's own and stand so. Raises NotAllowed, Unusable, Conflict.
    """
    grants.may_record(by)
    row = Consequence(recorded_by=by, recorded_at=timezone.now(), is_demo=is_demo, **fields)
    Unusable.check(
        {
            "day": fault_of_day(row.day, today()),
            "document_number": None if row.document_number else _("请写明文号。"),
            "form": _fault_of_form(row),
            "ground": fault_of_required(row.ground, _("请写明事由。")),
            "grant": _fault_of_grant(row),
            "look_back": _fault_of_look_back(row),
        }
    )
    check(row)
    if row.kind == ConsequenceKind.PRIORITY and not _is_on_time(row.district, row.day):
        sentence = _("%s到那一天没有按规划年份通过国家认定，不能优先安排。")
        raise Conflict(sentence % row.district, code="not_on_time")
    row.save()
    record(
        action="consequence.record",
        by=by,
        on=row,
        district_code=row.district.code,
        changes=snapshot(row, *CONSEQUENCE_FIELDS),
        reason=row.ground,
    )
    return row


def _fault_of_form(row: Consequence) -> Any:
    if row.kind == ConsequenceKind.ACCOUNTABILITY:
        return None if row.form else _("问责要写明方式。")
    return _("只有问责才写方式。") if row.form else None


def _fault_of_grant(row: Consequence) -> Any:
    if row.grant is None:
        return None
    if row.grant.district_id != row.district_id:
        return _("这笔资金不是这个区县的。")
    state = grants.standing_of(row.grant, row.day).state
    is_due = state in (grants.DUE, grants.RECOVERED)
    return None if is_due else _("这笔资金到那一天还没有到期未完成，不能作为事由。")


def _fault_of_look_back(row: Consequence) -> Any:
    if row.look_back is None:
        return None
    if row.look_back.district_id != row.district_id:
        return _("这次回头看不是这个区县的。")
    failed = row.look_back.trail.filter(to_state__in=FAILED_CHECK).exists()
    return None if failed else _("这次回头看没有复查未通过的记录，不能作为事由。")


def _is_on_time(district: District, day: date) -> bool:
    standing = reading.position_on(day).standing_of(district.code)
    is_certified = standing.status == progress.CERTIFIED
    return is_certified and standing.timing in ("early", "on_time")


@transaction.atomic
def begin_guidance(*, by: User, is_demo: bool = False, **fields: Any) -> Guidance:
    """Begin to urge or guide a unit that is not certified.

    Raises NotAllowed, Unusable, Conflict.
    """
    _may_guide(by)
    row = Guidance(begun_by=by, is_demo=is_demo, **fields)
    check(row, unique_together=_("这个单位已有进行中的同类督促或指导。"))
    reason = fault_of_required(row.reason, _("请写明归入这一类的理由。"))
    Unusable.check({"begun_on": fault_of_day(row.begun_on, today()), "reason": reason})
    standing = reading.position_on(row.begun_on).standing_of(row.district.code)
    if standing.status == progress.CERTIFIED:
        sentence = _("%s已通过国家认定；退步的请看「回头看」。")
        raise Conflict(sentence % row.district, code="certified")
    row.save()
    record(
        action="guidance.begin",
        by=by,
        on=row,
        district_code=row.district.code,
        changes=snapshot(row, *GUIDANCE_FIELDS),
        reason=row.reason,
    )
    return row


@transaction.atomic
def note_guidance(
    *, guidance: Guidance, by: User, expected: str | None = None, **fields: Any
) -> GuidanceEntry:
    """Add a visit, an agreed step or the result, which ends it.

    Raises NotAllowed, Unusable, Conflict once it has ended or was voided, Stale when ``expected``
    is not its tag.
    """
    _may_guide(by)
    rows = Guidance.objects.select_for_update(of=("self",)).select_related("district")
    guidance = rows.get(pk=guidance.pk)
    refuse_stale(guidance, expected)
    if guidance.voided_at:
        raise Conflict(_("这条记录已经作废。"))
    if guidance.ended_on:
        raise Conflict(_("已于 %s结束，不能再记。") % day_text(guidance.ended_on))
    entry = GuidanceEntry(guidance=guidance, recorded_by=by, recorded_at=timezone.now(), **fields)
    check(entry)
    words = fault_of_required(entry.words, _("请写明内容。"))
    Unusable.check({"day": fault_of_day(entry.day, today()), "words": words})
    entry.save()
    if entry.kind == GuidanceStep.RESULT:
        guidance.ended_on = entry.day
        guidance.save()
    record(
        action="guidance.note",
        by=by,
        on=guidance,
        district_code=guidance.district.code,
        changes=snapshot(entry, *ENTRY_FIELDS),
    )
    return entry


def _may_guide(by: User) -> None:
    if by.role not in MAY_GUIDE:
        raise NotAllowed(_("督促和指导由市级督学或市级管理员记录，您的账号不能做这一步。"))
