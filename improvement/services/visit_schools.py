"""Keeps what is seen at a school: that somebody was there, what is wrong, and photos of it."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of_required
from audit.refusals import Conflict, Stale, Unusable
from audit.services import fingerprint, record, snapshot
from districts.models import User
from improvement.models import Finding, FindingKind, Photo, SchoolVisit, Visit
from improvement.models.visit import UNDER_WAY
from improvement.services.visits import lock, start, today
from indicators.choosing import names
from selfchecks import clock, files
from selfchecks.contents import MB, PICTURES, Sent, TooLarge, WrongKind, kind_of
from selfchecks.services.evidence import looked_at

FOLDER = "improvement/photos"
MOST_PHOTOS = 10
MOST_BYTES = 1000 * MB  # of all photos of a visit, those of findings taken back among them
SAID = ("visited_on", "words")


def tag_of(row: SchoolVisit | None) -> str:
    """What a person saw of a school's record; empty before there is one."""
    return fingerprint(row, *SAID) if row else ""


@transaction.atomic
def record_school(
    *,
    visit: Visit,
    school: str,
    by: User,
    visited_on: date | None = None,
    words: str = "",
    expected: str | None = None,
) -> SchoolVisit:
    """When somebody was there and what was looked at, or in ``words`` why nobody was.

    Raises NotAllowed, Http404 for a school that was not drawn, Conflict once the visit is over,
    Unusable, Stale when the record is no longer what ``expected`` is the tag of.
    """
    locked = _lock(visit, school, by)
    row = locked.schools.filter(school_code=school).first()
    if expected not in (None, tag_of(row)):
        raise Stale(_("您打开之后，这所学校的记录有了改动；请看过现在的内容再改。"))
    _refuse_day(locked, visited_on)
    if visited_on is None:
        wanted = _("没有到校的，请写明原因；到过的，请填日期。")
        Unusable.check({"words": fault_of_required(words, wanted)})
    return _keep(locked, school, by, visited_on, words.strip())


@transaction.atomic
def add_finding(
    *,
    visit: Visit,
    school: str,
    kind: str,
    words: str,
    by: User,
    indicator: str = "",
    reported: str = "",
    found: str = "",
    photos: Iterable[tuple[str, bytes]] = (),
) -> Finding:
    """Something wrong at a school; whoever finds it is there today, unless it says when.

    The same words a second time are the same finding: a line that dropped sends twice. Raises
    as ``record_school`` does, TooLarge and Unusable for pictures.
    """
    locked = _lock(visit, school, by)
    said: dict[str, Any] = {"kind": kind, "indicator": indicator, "words": words.strip()}
    said |= {"reported": reported.strip(), "found": found.strip()}
    _refuse_finding(said)
    pictures = [_looked_at(name, content) for name, content in photos]
    if len(pictures) > MOST_PHOTOS:
        raise TooLarge.at("photos", _("一个问题最多 %s 张照片。") % MOST_PHOTOS)
    row = locked.schools.filter(school_code=school).first()
    row = row or _keep(locked, school, by, today(), "")
    same = row.live.filter(**said).first()
    if same:
        return same
    last = row.findings.aggregate(last=Max("number"))["last"] or 0
    finding = Finding.objects.create(
        school=row, number=last + 1, added_by=by, added_at=clock.now(), **said
    )
    with ExitStack() as storing:
        kept = [_store(finding, by, storing, *each) for each in pictures]
        facts = {"school": school, "number": finding.number, **said}
        _record(locked, "finding.add", finding, by, **facts, photos=[each.sha256 for each in kept])
    return finding


@transaction.atomic
def add_photo(*, finding: Finding, content: bytes, name: str, by: User) -> Photo:
    """One more picture of what was found; the same one twice is kept once. Raises as
    ``add_finding`` does, Conflict for a finding that was taken back."""
    school = finding.school
    locked = _lock(school.visit, school.school_code, by)
    row = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if row.removed_at is not None:
        raise Conflict(_("这个问题已经撤回，不能再加照片。"))
    sent = _looked_at(name, content, "file")
    there = row.photos.filter(sha256=sent[2]).first()
    if there is None and row.photos.count() >= MOST_PHOTOS:
        raise TooLarge.at("file", _("一个问题最多 %s 张照片。") % MOST_PHOTOS)
    with ExitStack() as storing:
        photo = there or _store(row, by, storing, *sent)
        if there is None:
            facts = {"school": school.school_code, "number": row.number, "photo": photo.sha256}
            _record(locked, "finding.photo", row, by, **facts)
    return photo


@transaction.atomic
def remove_finding(*, finding: Finding, by: User) -> Finding:
    """Take a finding back while the visit lasts; it stays on record."""
    visit = finding.school.visit
    locked = _lock(visit, finding.school.school_code, by)
    row = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if row.removed_at is None:
        row.removed_by, row.removed_at = by, clock.now()
        row.save()
        facts = {"school": finding.school.school_code, "number": row.number}
        _record(locked, "finding.remove", row, by, **facts)
    return row


def _lock(visit: Visit, school: str, by: User) -> Visit:
    """The visit, begun by now. Raises Conflict once it is over, Http404 for another school."""
    locked = lock(visit, by)
    if locked.state not in UNDER_WAY:
        raise Conflict(_("这次实地查看已经结束，不能再改记录。"))
    if school not in locked.sample.schools:
        raise Http404
    start(locked, by)
    return locked


def _keep(visit: Visit, school: str, by: User, visited_on: date | None, words: str) -> SchoolVisit:
    names = {row["code"]: row["name"] for row in visit.sample.frame}
    said = {"visited_on": visited_on, "words": words}
    made = {"school_name": names[school], "recorded_by": by, "recorded_at": clock.now()}
    row, _is_new = SchoolVisit.objects.update_or_create(
        visit=visit, school_code=school, defaults=said | made
    )
    _record(visit, "visit.record", row, by, school=school, **snapshot(row, *SAID))
    return row


def _refuse_day(visit: Visit, day: date | None) -> None:
    if day is None:
        return
    first = timezone.localdate(visit.draws.earliest("number").drawn_at)
    fault = _("到校日期不能晚于今天。") if day > today() else None
    fault = _("到校日期不能早于抽样的日期。") if day < first else fault
    Unusable.check({"visited_on": fault})


def _refuse_finding(said: dict[str, str]) -> None:
    is_figure = said["kind"] == FindingKind.FIGURE
    blank = {name for name in ("reported", "found") if is_figure and not said[name]}
    unknown = said["indicator"] and said["indicator"] not in names()
    Unusable.check(
        {
            "kind": None if said["kind"] in FindingKind.values else _("请选择问题的种类。"),
            "indicator": _("没有代码为「%s」的指标。") % said["indicator"][:10]
            if unknown
            else None,
            "words": fault_of_required(said["words"], _("请写明发现的问题。")),
            "reported": _("请写明报送的数，带单位。") if "reported" in blank else None,
            "found": _("请写明现场看到的数，带单位。") if "found" in blank else None,
        }
    )


def _looked_at(name: str, content: bytes, place: str = "photos") -> tuple[Sent, str, str]:
    try:
        kind = kind_of(content, name)
        if kind not in PICTURES:
            raise WrongKind(_("照片只收 JPG、PNG。"))
        return looked_at(Sent(files.harmless_name(name), content), kind)
    except (TooLarge, WrongKind) as refusal:
        told = {"name": files.harmless_name(name), "why": str(refusal)}
        raise type(refusal).at(place, _("「%(name)s」：%(why)s") % told) from refusal


def _store(
    finding: Finding, by: User, storing: ExitStack, sent: Sent, kind: str, sha256: str
) -> Photo:
    """The same picture twice is kept once."""
    if there := finding.photos.filter(sha256=sha256).first():
        return there
    photos = Photo.objects.filter(finding__school__visit=finding.school.visit)
    used = photos.aggregate(total=Sum("size", default=0))["total"]
    sentence = _(
        "这次实地查看的照片共 %(used)s MB，加上这一张会超过上限 %(limit)s MB；请先缩小照片。"
    )
    sizes = {"used": used, "more": len(sent.content), "most": MOST_BYTES}
    TooLarge.check_together(sentence, at="photos", **sizes)
    return Photo.objects.create(
        finding=finding,
        file=storing.enter_context(files.stored(sent.content, FOLDER, f".{kind}")),
        display_name=sent.name,
        kind=kind,
        size=len(sent.content),
        sha256=sha256,
        added_by=by,
        added_at=clock.now(),
    )


def _record(visit: Visit, action: str, on: Any, by: User, **changes: Any) -> None:
    code = visit.district.code
    record(action=action, by=by, on=on, district_code=code, changes=changes)
