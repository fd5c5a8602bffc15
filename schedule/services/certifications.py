"""Records what happened to a unit in the certification procedure, and corrects its references."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import differences, fingerprint, record, snapshot
from districts.models import District, User
from districts.roles import Role
from districts.wording import day_text
from schedule.models import CertificationEvent, CertificationStep, Result
from schedule.services.reading import today
from selfchecks.models import Evaluation, ReviewEntry

MAY_RECORD = (Role.INSPECTOR, Role.MANAGER)
CORRECTABLE = ("list_year", "document_number", "source", "note", "evidence")


def tag_of(event: CertificationEvent) -> str:
    """Changes whenever something about the event was corrected."""
    seen = (event.changed_at.isoformat(), event.district.name, event.step.name)
    return fingerprint(event, *CORRECTABLE, extra=seen)


@transaction.atomic
def record_event(
    *,
    district: District,
    step: CertificationStep,
    result: str,
    day: date,
    by: User | None,
    list_year: int | None = None,
    document_number: str = "",
    source: str = "",
    note: str = "",
    evidence: Evaluation | None = None,
) -> CertificationEvent:
    """Add a dated fact. ``by`` is None only when reference data is loaded.

    Raises Unusable for days to come, units that did not exist on the day, a certification
    without document number and source, one recorded outside the announcing step, or evidence
    that is not an approved result of the unit; Conflict when the same fact is recorded already,
    or a certification does not fit what went before.
    """
    _may_record(by)
    _check_day(district, day)
    _check_certification(step, result, document_number, source)
    _check_evidence(district, evidence)
    District.objects.select_for_update().get(pk=district.pk)
    _check_sequence(district, step, result, day)
    now = timezone.now()
    event = CertificationEvent.objects.create(
        district=district,
        step=step,
        result=result,
        date=day,
        list_year=list_year,
        document_number=document_number.strip(),
        source=source.strip(),
        note=note.strip(),
        evidence=evidence,
        recorded_at=now,
        recorded_by=by,
        changed_at=now,
    )
    _record_new(event, by)
    return event


def _record_new(event: CertificationEvent, by: User | None) -> None:
    record(
        action="certification.record",
        by=by,
        on=event,
        district_code=event.district.code,
        changes=snapshot(
            event, "result", "date", "list_year", "document_number", "source", "evidence"
        ),
    )


def _may_record(by: User | None) -> None:
    if by is not None and by.role not in MAY_RECORD:
        raise NotAllowed(_("认定事件由市级督学或市级管理员录入,您的账号不能做这一步。"))


def _refuse(field: str, sentence: Any) -> Unusable:
    return Unusable(sentence, fields={field: sentence})


def _check_day(district: District, day: date) -> None:
    if day > today():
        raise _refuse("date", _("公布日 %s 还没有到;请填写已经公布的日期。") % day_text(day))
    if not district.exists_on(day):
        raise _refuse(
            "district",
            _("%(name)s 在 %(day)s 时不存在或已撤并;请核对区县和日期。")
            % {"name": district.name, "day": day_text(day)},
        )


def _check_certification(
    step: CertificationStep, result: str, document_number: str, source: str
) -> None:
    if result not in Result.values:
        raise _refuse(
            "result",
            _("结果「%(found)s」不能用;可用的有 %(known)s。")
            % {"found": result, "known": ", ".join(Result.values)},
        )
    if source.strip() and urlsplit(source.strip()).scheme not in {"http", "https"}:
        raise _refuse("source", _("来源应是以 https:// 或 http:// 开头的网址。"))
    if result not in {Result.CERTIFIED, Result.REVOKED}:
        return
    if not step.is_announcement:
        raise _refuse("step", _("通过或撤销国家认定只能记在公布结果的环节;请改选环节。"))
    if not document_number.strip() or not source.strip():
        raise _refuse("source", _("通过或撤销国家认定必须写明文号和来源网址。"))


def _check_evidence(district: District, evidence: Evaluation | None) -> None:
    """Only what was approved, and only the unit's own."""
    if evidence is None:
        return
    approved = ReviewEntry.objects.filter(step="approve", evaluation=evidence)
    if not approved.filter(self_check__district=district).exists():
        raise _refuse("evidence", _("所依据的自查结果必须是该区县复核通过的结果;请改选。"))


def _check_sequence(district: District, step: CertificationStep, result: str, day: date) -> None:
    if district.events.filter(step=step, result=result, date=day).exists():
        raise Conflict(_("%s 的这条认定事件已经录入,没有重复记录。") % district.name)
    if result not in {Result.CERTIFIED, Result.REVOKED}:
        return
    last = (
        district.events.filter(result__in=[Result.CERTIFIED, Result.REVOKED], date__lte=day)
        .order_by("date", "pk")
        .last()
    )
    certified_on = last.date if last and last.result == Result.CERTIFIED else None
    if result == Result.CERTIFIED and certified_on:
        raise Conflict(
            _("%(name)s 已于 %(day)s 通过国家认定,不能再记一次。")
            % {"name": district.name, "day": day_text(certified_on)}
        )
    if result == Result.REVOKED and not certified_on:
        raise Conflict(_("%s 还没有通过国家认定,无从撤销。") % district.name)


@transaction.atomic
def correct_event(
    *,
    event: CertificationEvent,
    by: User,
    reason: str,
    expected: str | None = None,
    **corrections: Any,
) -> CertificationEvent:
    """Correct the references of an event (list year, document number, source, note, evidence).

    ``expected`` is the :func:`tag_of` the reader last saw: Stale when it has changed since.
    Unit, step, result and date are facts: what is wrong there is answered by a new event.
    """
    _may_record(by)
    if not reason.strip():
        raise _refuse("reason", _("请写明更正的原因。"))
    locked = CertificationEvent.objects.select_for_update().get(pk=event.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("这条认定事件刚被别人更正;请取回最新内容再改。"))
    before = snapshot(locked, *CORRECTABLE)
    for name in CORRECTABLE:
        if name in corrections:
            setattr(locked, name, corrections[name])
    _check_certification(locked.step, locked.result, locked.document_number, locked.source)
    _check_evidence(locked.district, locked.evidence)
    changes = differences(before, snapshot(locked, *CORRECTABLE))
    if changes:
        locked.changed_at = timezone.now()
        locked.save()
        record(
            action="certification.correct",
            by=by,
            on=locked,
            district_code=locked.district.code,
            changes=changes,
            reason=reason.strip(),
        )
    return locked
