"""Records what happened to a unit in the procedure, and corrects the references of what was."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import fingerprint, record, revise, snapshot
from districts.models import District, User
from districts.models.sourced import CHECKED_TOO_EARLY
from districts.roles import Role
from districts.wording import day_text
from schedule.models import (
    CertificationEvent,
    CertificationList,
    CertificationStep,
    LookBack,
    Result,
)
from schedule.services.applying import weigh
from schedule.services.reading import today
from selfchecks.models import Evaluation
from selfchecks.services.undoing import hold_approval

MAY_RECORD = (Role.INSPECTOR, Role.MANAGER)
REFERENCES = ("list_year", "document_number", "source", "source_note", "checked_on", "note")
CORRECTABLE = ("list", *REFERENCES, "evidence")
DECISIONS = (Result.CERTIFIED, Result.REVOKED)


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
    known_on: date | None = None,
    unmet_reason: str = "",
    ending: LookBack | None = None,
    **references: Any,
) -> CertificationEvent:
    """Add a dated fact with its CORRECTABLE. ``by`` is None only when reference data is loaded.

    An application of a unit that may not apply needs a manager and ``unmet_reason``; what was not
    met stays with it. A certification announced on the day of a list stands on it. Raises Unusable
    for days to come, units that did not exist on the day, a certification without document number
    and source, one recorded outside the announcing step, one name more than its list has, or
    evidence that is not an approved result of the unit; Conflict when the same fact is recorded
    already, a certification does not fit what went before, or a revocation goes round the unit's
    open look-back, which asks for four eyes; ``ending`` is the one that ends by it.
    """
    may_record(by)
    now = timezone.now()
    event = CertificationEvent(
        district=district,
        step=step,
        result=result,
        date=day,
        known_on=known_on or today(),
        recorded_at=now,
        recorded_by=by,
        changed_at=now,
        **_trimmed(references),
    )
    _check_day(event)
    _check_references(event)
    if by and event.is_application:
        event.unmet, event.unmet_reason = weigh(event.district, by=by, reason=unmet_reason)
    # What fits depends on what went before: two people recording at once take turns.
    District.objects.select_for_update().get(pk=district.pk)
    _check_sequence(event)
    if by and event.result == Result.REVOKED and ending is None:
        _refuse_round_the_case(event.district)
    return _kept(event, by)


def _kept(event: CertificationEvent, by: User | None) -> CertificationEvent:
    event.save()
    record(
        action="certification.record",
        by=by,
        on=event,
        district_code=event.district.code,
        changes=snapshot(event, "result", "date", "known_on", *CORRECTABLE, "unmet"),
        reason=event.unmet_reason,
    )
    return event


def may_record(by: User | None) -> None:
    if by is not None and by.role not in MAY_RECORD:
        raise NotAllowed(_("认定事件由市级督学或市级管理员录入，您的账号不能做这一步。"))


def _refuse_round_the_case(district: District) -> None:
    if LookBack.objects.open().filter(district=district).exists():
        sentence = _("%s有进行中的回头看；撤销认定请在那次回头看里记录。")
        raise Conflict(sentence % district, code="look_back_open")


def _trimmed(references: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in references.items()
        if name in CORRECTABLE
    }


def _put_on_its_list(event: CertificationEvent) -> None:
    """What was announced together stands on one list, said or not; it gives year and number."""
    if event.list is None and event.result == Result.CERTIFIED:
        year = {"year": event.list_year} if event.list_year else {}
        event.list = CertificationList.objects.filter(announced_on=event.date, **year).first()
    if event.list:
        event.list_year = event.list.year
        event.document_number = event.document_number or event.list.document_number


def _check_day(event: CertificationEvent) -> None:
    day = day_text(event.date)
    if event.date > today():
        raise Unusable.at("date", _("公布日 %s还没有到；请填写已经公布的日期。") % day)
    if not event.district.exists_on(event.date):
        sentence = _("%(name)s在 %(day)s时不存在或已撤并；请核对区县和日期。")
        raise Unusable.at("district", sentence % {"name": str(event.district), "day": day})


def _check_references(event: CertificationEvent) -> None:
    _put_on_its_list(event)
    if event.is_checked_too_early:
        raise Unusable.at("checked_on", CHECKED_TOO_EARLY)
    if event.result not in Result.values:
        sentence = _("结果「%(found)s」不能用；可用的有 %(known)s。")
        facts = {"found": event.result, "known": ", ".join(Result.values)}
        raise Unusable.at("result", sentence % facts)
    if event.source and urlsplit(event.source).scheme not in {"http", "https"}:
        raise Unusable.at("source", _("来源应是以 https:// 或 http:// 开头的网址。"))
    if event.result in DECISIONS and not event.step.is_announcement:
        raise Unusable.at("step", _("通过或撤销国家认定只能记在公布结果的环节；请改选环节。"))
    if event.list:
        _check_list(event, event.list)
    elif event.result in DECISIONS and not (event.document_number and event.source):
        raise Unusable.at("source", _("通过或撤销国家认定必须写明文号和来源网址。"))
    if event.evidence and not _is_approved(event.evidence, event.district):
        sentence = _("所依据的自查结果必须是该区县复核通过的结果；请改选。")
        raise Unusable.at("evidence", sentence)


def _check_list(event: CertificationEvent, on: CertificationList) -> None:
    facts = {"list": on.name, "day": day_text(on.announced_on), "count": on.units_in_city}
    if event.result != Result.CERTIFIED:
        raise Unusable.at("list", _("名单上只有通过国家认定的单位；其他结果请不选名单。"))
    if event.date < on.announced_on:
        sentence = _("「%(list)s」名单 %(day)s才公布；请核对公布日和名单。")
        raise Unusable.at("list", sentence % facts)
    if not event.source:
        sentence = _("请写明点出这个单位的来源网址；「%(list)s」名单上是谁，没有来源不能记。")
        raise Unusable.at("source", sentence % facts)
    # Two people naming at once take turns.
    on = CertificationList.objects.select_for_update().get(pk=on.pk)
    others = on.events.filter(result=Result.CERTIFIED).exclude(district=event.district)
    if others.values("district").distinct().count() >= on.units_in_city:
        sentence = _("「%(list)s」名单本市只有 %(count)s 个单位，已全部列名，不能再加；请核对。")
        raise Unusable.at("list", sentence % facts, code="list_is_full")


def _is_approved(evidence: Evaluation, district: District) -> bool:
    """Only what was approved and not taken back, and only the unit's own."""
    return evidence.self_check.district_id == district.pk and hold_approval(evidence)


def _check_sequence(event: CertificationEvent) -> None:
    known, name = event.district.events, str(event.district)
    if known.filter(step=event.step, result=event.result, date=event.date).exists():
        raise Conflict(_("%s的这条认定事件已经录入，没有重复记录。") % name)
    decisions = known.filter(result__in=DECISIONS).order_by("date", "pk")
    last = decisions.filter(date__lte=event.date).last()
    following = decisions.filter(date__gt=event.date).first()
    if event.result == Result.REVOKED and (last is None or last.result == Result.REVOKED):
        raise Conflict(_("%s还没有通过国家认定，无从撤销。") % name)
    # What is recorded late has to fit what came after it, too.
    twin = next((each for each in (last, following) if each and each.result == event.result), None)
    if twin and event.result in DECISIONS:
        said = {
            Result.CERTIFIED: _("%(name)s已于 %(day)s通过国家认定，不能再记一次。"),
            Result.REVOKED: _("%(name)s已于 %(day)s撤销认定，不能再记一次。"),
        }[Result(event.result)]
        raise Conflict(said % {"name": name, "day": day_text(twin.date)})


@transaction.atomic
def correct_event(
    *,
    event: CertificationEvent,
    by: User | None,
    reason: str,
    expected: str | None = None,
    **corrections: Any,
) -> CertificationEvent:
    """Correct some of the CORRECTABLE of an event.

    ``expected`` is the :func:`tag_of` the reader last saw: Stale when it has changed since.
    Unit, step, result and date are facts: what is wrong there is answered by a new event.
    """
    may_record(by)
    if not reason.strip():
        raise Unusable.at("reason", _("请写明更正的原因。"))
    locked = CertificationEvent.objects.select_for_update().get(pk=event.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("这条认定事件刚被别人更正；请取回最新内容再改。"))
    values = _trimmed(corrections)
    changes = revise(locked, values, names=CORRECTABLE, check=_check_references)
    if changes:
        keep_correction(event=locked, changes=changes, by=by, reason=reason.strip())
    return locked


@transaction.atomic
def keep_correction(
    *, event: CertificationEvent, changes: dict[str, Any], by: User | None, reason: str
) -> None:
    # What reference data completes is no news: it was as well known before.
    event.changed_at = timezone.now() if by else event.changed_at
    event.save()
    record(
        action="certification.correct",
        by=by,
        on=event,
        district_code=event.district.code,
        changes=changes,
        reason=reason,
    )
