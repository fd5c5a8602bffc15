"""Takes evidence in: few kinds of file, told by their bytes, kept inert for download only."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from districts.models import School, User
from selfchecks import clock, files
from selfchecks.contents import MB, Sent, TooLarge, as_kept, kind_of
from selfchecks.files import scanner
from selfchecks.models import EvidenceItem, SelfCheck
from selfchecks.services.blockers import lock_editable, record_preparation
from selfchecks.services.documents import subjects_of
from workbooks.names import same_name

DOING = _("增减佐证材料")
MOST_BYTES_TOGETHER = 300 * MB
MOST_BYTES_EVER = 3 * MOST_BYTES_TOGETHER  # with what was taken back: it stays on record


class New(NamedTuple):
    """A document to be kept, its kind known and its bytes found clean."""

    sent: Sent
    kind: str
    sha256: str
    indicator: str = ""
    school_code: str = ""
    note: str = ""


@transaction.atomic
def add_evidence(
    *,
    self_check: SelfCheck,
    indicator: str,
    content: bytes,
    name: str,
    by: User,
    note: str = "",
    school: str = "",
) -> EvidenceItem:
    """Attach a file to an indicator or veto item. The same file twice on one is kept once.

    Raises NotAllowed, Conflict outside draft and returned, Unusable for other kinds of file,
    TooLarge beyond the limits.
    """
    locked = lock_editable(self_check, by, doing=DOING)
    refuse_unknown(locked, indicator)
    school_code = school_of(register(locked), school, "school")
    new = New(
        *looked_at(Sent(files.harmless_name(name), content), kind_of(content, name)),
        *(indicator, school_code, note.strip()[:300]),
    )
    live = locked.evidence_items.filter(removed_at__isnull=True)
    same = live.filter(indicator=indicator, sha256=new.sha256).first()
    if same:
        return same
    with keep(self_check=locked, news=[new], by=by) as (item,):
        _record(item, "evidence.add", by)
    return item


@transaction.atomic
def attach_documents(
    *, self_check: SelfCheck, documents: Mapping[str, Sent], by: User, note: str = ""
) -> list[EvidenceItem]:
    """One document for each subject that has none yet, in one go."""
    locked = lock_editable(self_check, by, doing=DOING)
    for subject in documents:
        refuse_unknown(locked, subject)
    there = set(locked.evidence.values_list("indicator", flat=True))
    news = [
        New(*looked_at(sent, kind_of(sent.content, sent.name)), subject, "", note)
        for subject, sent in documents.items()
        if subject not in there
    ]
    with keep(self_check=locked, news=news, by=by) as items:
        record_all(self_check=locked, action="evidence.receive", items=items, by=by)
    return items


@transaction.atomic
def remove_evidence(*, item: EvidenceItem, by: User) -> EvidenceItem:
    """Take a file back before submission; the row and the file stay on record."""
    locked = lock_editable(item.self_check, by, doing=DOING)
    fresh = locked.evidence_items.select_for_update().get(pk=item.pk)
    if fresh.removed_at is None:
        fresh.removed_by, fresh.removed_at = by, clock.now()
        fresh.save(update_fields=["removed_by", "removed_at"])
        _record(fresh, "evidence.remove", by)
    return fresh


def register(self_check: SelfCheck) -> dict[str, str]:
    schools = School.objects.at(self_check.district, self_check.fill_from)
    return dict(schools.order_by("code").values_list("code", "name"))


def school_of(schools: Mapping[str, str], typed: str, field: str) -> str:
    """The code of the school that was typed, by code or name; empty for none."""
    text = typed.strip()
    if not text or text[:10] in schools:
        return text[:10]
    found = [code for code, name in schools.items() if same_name(name, text)]
    if len(found) != 1:
        sentence = _("名册里没有学校「%s」；请填学校标识码或全名，或者留空。") % text[:40]
        raise Unusable.at(field, sentence)
    return found[0]


def looked_at(sent: Sent, kind: str) -> tuple[Sent, str, str]:
    """As it is kept, with its kind and SHA-256. Raises WrongKind, Unusable for a virus."""
    kept = replace(sent, content=as_kept(sent.content, kind))
    _refuse_virus(kept.content)
    return kept, kind, files.fingerprint(kept.content)


@contextmanager
def keep(*, self_check: SelfCheck, news: Sequence[New], by: User) -> Iterator[list[EvidenceItem]]:
    """Their bytes first, then their rows; when the block fails nothing of them stays."""
    _refuse_beyond_quota(self_check, sum(len(new.sent.content) for new in news))
    with ExitStack() as storing:
        yield list(
            EvidenceItem.objects.bulk_create(
                EvidenceItem(
                    self_check=self_check,
                    indicator=new.indicator,
                    school_code=new.school_code,
                    file=storing.enter_context(
                        files.stored(new.sent.content, files.EVIDENCE, f".{new.kind}")
                    ),
                    display_name=new.sent.name,
                    kind=new.kind,
                    size=len(new.sent.content),
                    sha256=new.sha256,
                    note=new.note,
                    came_from=new.sent.path,
                    added_by=by,
                    added_at=clock.now(),
                )
                for new in news
            )
        )


def _record(item: EvidenceItem, action: str, by: User) -> None:
    record_preparation(
        self_check=item.self_check,
        action=action,
        on=item,
        by=by,
        changes={"indicator": item.indicator, "sha256": item.sha256, "size": item.size},
    )


def record_all(
    *, self_check: SelfCheck, action: str, items: Sequence[EvidenceItem], by: User, **more: Any
) -> None:
    """One audit entry of what happened to many documents."""
    kept = [[item.indicator, item.display_name, item.sha256] for item in items]
    record_preparation(
        self_check=self_check, action=action, on=self_check, by=by, changes={"files": kept, **more}
    )


def refuse_unknown(self_check: SelfCheck, subject: str, field: str = "indicator") -> None:
    if subject not in subjects_of(self_check):
        raise Unusable.at(field, _("没有代码为「%s」的指标。") % subject[:10])


def _refuse_virus(content: bytes) -> None:
    scan = scanner()
    found = scan(content) if scan else None
    if found:
        raise Unusable(
            _("安全检查发现可疑内容（%s），文件没有收下；请先在本机查杀病毒。") % found[:60],
            code="virus",
        )


def _refuse_beyond_quota(self_check: SelfCheck, more: int) -> None:
    size = Sum("size", default=0)
    live = Sum("size", default=0, filter=Q(removed_at__isnull=True))
    used = self_check.evidence_items.aggregate(live=live, ever=size)
    sentence = _("这份自查的佐证材料共 %(used)s MB，加上这个文件会超过上限 %(limit)s MB。")
    TooLarge.check_together(sentence, used=used["live"], more=more, most=MOST_BYTES_TOGETHER)
    sentence = _(
        "这份自查的佐证材料连同撤下的共 %(used)s MB，加上这个文件会超过上限 %(limit)s MB；"
        "撤下的也留存，请减小文件后再传。"
    )
    TooLarge.check_together(sentence, used=used["ever"], more=more, most=MOST_BYTES_EVER)
