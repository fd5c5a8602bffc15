"""Records the lists of certified units that the ministry announces, corrects them, names units."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Stale, Unusable
from audit.services import check, fingerprint, record, revise, settable, snapshot
from districts.models import District, User
from districts.wording import day_text
from schedule.models import (
    CertificationEvent,
    CertificationList,
    CertificationStep,
    Recorded,
    Result,
)
from schedule.progress import BASES
from schedule.services.certifications import (
    correct_event,
    keep_correction,
    may_record,
    record_event,
)
from schedule.services.reading import position_on, today

FACTS = settable(CertificationList, but=[field.name for field in Recorded._meta.fields])
MOST_SOURCES = 10
# In the source language, whoever records: readers get it in theirs.
PUT_ON_LIST = "归入同日公布的名单"
MOVED = "名单公布日更正"


def tag_of(listed: CertificationList) -> str:
    """Changes whenever the list says something else, or somebody else is named on it."""
    return fingerprint(listed, *FACTS, extra=listed.named)


@transaction.atomic
def record_list(
    *, by: User | None, known_on: date | None = None, **facts: Any
) -> CertificationList:
    """Add a list with its FACTS. Certifications recorded for its day are put on it.

    Raises NotAllowed for other roles, Unusable for a day to come, no source, or fewer units than
    are recorded by name already.
    """
    may_record(by)
    now = timezone.now()
    listed = CertificationList(
        known_on=known_on or today(), recorded_at=now, recorded_by=by, changed_at=now, **facts
    )
    _check(listed)
    listed.save()
    record(action="list.record", by=by, on=listed, changes=snapshot(listed, "known_on", *FACTS))
    _take_up(listed, by)
    if by:
        _check_total()
    return listed


def _take_up(listed: CertificationList, by: User | None) -> None:
    """Certifications of its day that stand on no list would count a second time beside it."""
    same_day = CertificationEvent.objects.filter(result=Result.CERTIFIED, date=listed.announced_on)
    of_year = Q(list_year=None) | Q(list_year=listed.year)
    for event in same_day.filter(of_year, list=None):
        correct_event(event=event, by=by, reason=PUT_ON_LIST, list=listed)


@transaction.atomic
def correct_list(
    *,
    listed: CertificationList,
    by: User,
    reason: str,
    expected: str | None = None,
    **corrections: Any,
) -> CertificationList:
    """Correct FACTS of a list; units named on it move to its corrected day.

    ``expected`` is the :func:`tag_of` the reader last saw: Stale when it has changed since.
    """
    may_record(by)
    Unusable.check({"reason": fault_of_required(reason, _("请写明更正的原因。"))}, code="required")
    locked = CertificationList.objects.select_for_update().get(pk=listed.pk)
    if expected is not None and expected != tag_of(locked):
        raise Stale(_("这个名单刚被别人更正；请取回最新内容再改。"))
    before = locked.announced_on
    changes = revise(locked, corrections, names=FACTS, check=_check)
    if changes:
        locked.changed_at = timezone.now()
        locked.save()
        record(action="list.correct", by=by, on=locked, changes=changes, reason=reason.strip())
    for event in locked.events.filter(date=before).exclude(date=locked.announced_on):
        event.date = locked.announced_on
        moved = {"date": [before.isoformat(), event.date.isoformat()]}
        keep_correction(event=event, changes=moved, by=by, reason=f"{MOVED}:{reason.strip()}")
    _take_up(locked, by)
    _check_total()
    return locked


def _check_total() -> None:
    """More certified units than there are means that a number was mistyped; called once saved."""
    for basis in BASES:
        found = position_on(today(), basis).progress
        if found.certified > found.units:
            sentence = _(
                "照这个数，%(units)s 个单位中会有 %(count)s 个通过国家认定；请核对本市单位数。"
            )
            facts = {"units": found.units, "count": found.certified}
            raise Unusable.at("units_in_city", sentence % facts)


def name_unit(
    *, on: CertificationList, district: District, by: User | None, source: str, **references: Any
) -> CertificationEvent:
    """Record that a unit stands on the list, as a source says; the refusals are record_event's."""
    step = announcing_step(on=on)
    if step is None:
        raise Unusable.at("list", _("没有公布结果的环节；请先登记认定环节。"))
    return record_event(
        district=district,
        step=step,
        result=Result.CERTIFIED,
        day=on.announced_on,
        by=by,
        list=on,
        source=source,
        **references,
    )


def announcing_step(*, on: CertificationList) -> CertificationStep | None:
    """The step at which the results of the list's year were announced."""
    return CertificationStep.objects.of_year(on.year).filter(is_announcement=True).last()


def _check(listed: CertificationList) -> None:
    listed.sources = "\n".join(filter(None, map(str.strip, listed.sources.splitlines())))
    check(listed, unique=_("这个名单已经登记。"))
    for name in ("announced_on", "checked_on"):
        day = getattr(listed, name)
        if day and day > today():
            sentence = _("%s还没有到；请填写已经过去的日期。")
            raise Unusable.at(name, sentence % day_text(day))
    if listed.announced_on.year < listed.year:
        raise Unusable.at("year", _("名单不会在它的年份之前公布；请核对年份和公布日。"))
    is_web = [urlsplit(address).scheme in {"http", "https"} for address, _words in listed.links]
    if not all(is_web) or len(is_web) > MOST_SOURCES:
        sentence = _("来源一行一个，以 https:// 或 http:// 开头，空格后写说明；最多 %(most)s 行。")
        raise Unusable.at("sources", sentence % {"most": MOST_SOURCES})
    if listed.units_in_nation is not None and listed.units_in_city > listed.units_in_nation:
        raise Unusable.at("units_in_city", _("本市单位数不能多于全国单位数；请核对。"))
    named = len(listed.named) if listed.pk else 0
    if listed.units_in_city < named:
        sentence = _("名单上已列名 %(named)s 个单位，本市单位数不能少于它；现在是 %(count)s。")
        facts = {"named": named, "count": listed.units_in_city}
        raise Unusable.at("units_in_city", sentence % facts)
