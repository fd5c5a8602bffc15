"""Takes workbooks in: look first, then keep, on one path; a file enters whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Refused, Stale, Unusable
from districts.models import User
from districts.roles import Role
from selfchecks import clock, files
from selfchecks.models import SelfCheck, Upload, UploadStatus
from selfchecks.services.blockers import (
    MAY_CORRECT,
    MAY_UPLOAD,
    lock_editable,
    record_preparation,
    refuse_unless_editable,
)
from selfchecks.services.checking import Preview, preview
from selfchecks.services.differences import Comparison, compare
from selfchecks.services.findings import LEVELS, carried_over
from selfchecks.services.reported import from_records, keep_absent_sheets
from selfchecks.services.writing import write

MOST_UPLOADS = 200  # per self-check: far above honest use, well below filling a disk


class QuotaReached(Refused):
    """Too many files for one self-check."""

    status = 429
    code = "quota"


class HasErrors(Unusable):
    """The workbook was read, but errors keep it out; ``upload`` holds them and the file."""

    code = "has_errors"

    def __init__(self, upload: Upload) -> None:
        super().__init__(
            _("工作簿有 %s 个错误，没有采用；请按标注的单元格更正后重新上传。") % upload.error_count
        )
        self.upload = upload


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a workbook; ``is_unchanged`` when it is the very file already kept."""

    upload: Upload
    is_unchanged: bool


def receive(*, self_check: SelfCheck, content: bytes, name: str, by: User) -> Received:
    """Check a workbook and hold it for confirmation, or on record as refused when it has errors.

    The figures do not change. The file already kept comes back as unchanged, and one received
    before is checked again in its place. Raises FileRefused, NotAllowed, Conflict, QuotaReached.
    """
    refuse_unless_editable(self_check, by)
    return _receive(self_check, content, name, by)[0]


def confirm(*, upload: Upload, by: User, counts: int | None = None) -> Received:
    """Check a held workbook once more, exactly as before, and take its figures over.

    ``counts`` is the number of the version that counted on the page the person decided on, 0 for
    none. Confirming twice changes nothing. Raises Conflict when it cannot be taken over, Stale
    when another version counts by now or the check no longer says what it said.
    """
    refuse_unless_editable(upload.self_check, by)
    if upload.is_current:
        return Received(upload, is_unchanged=True)
    checked = preview(
        self_check=upload.self_check,
        content=files.content_of(upload),
        name=upload.display_name,
    )
    return _take_over(upload, checked, by, counts)


def keep(
    *,
    self_check: SelfCheck,
    content: bytes,
    name: str,
    by: User,
    roles: Sequence[Role] = MAY_UPLOAD,
    checked: Preview | None = None,
) -> Received:
    """Receive and confirm in one go, checking once. Raises HasErrors when there are any.

    ``roles`` are wider for corrections; ``checked`` is what was found in this very content.
    """
    refuse_unless_editable(self_check, by, roles)
    kept, checked = _receive(self_check, content, name, by, checked)
    if kept.upload.status == UploadStatus.REFUSED:
        raise HasErrors(kept.upload)
    return kept if kept.is_unchanged or not checked else _take_over(kept.upload, checked, by)


def _receive(
    self_check: SelfCheck, content: bytes, name: str, by: User, checked: Preview | None = None
) -> tuple[Received, Preview | None]:
    """The version as it is held now, and what the check said unless it is there already."""
    same = _same_as_current(self_check, content)
    if same:
        return Received(same, is_unchanged=True), None
    checked = checked or preview(self_check=self_check, content=content, name=name)
    upload = _hold(self_check, checked, content, by)
    return Received(upload, is_unchanged=upload.is_current), checked


def _same_as_current(self_check: SelfCheck, content: bytes) -> Upload | None:
    return self_check.uploads.filter(is_current=True, sha256=files.fingerprint(content)).first()


@transaction.atomic
def _hold(self_check: SelfCheck, checked: Preview, content: bytes, by: User) -> Upload:
    locked = lock_editable(self_check, by, MAY_CORRECT)
    same = _same_as_current(locked, content)
    if same:  # the same file sent twice at once: the other one was faster
        return same
    earlier = locked.uploads.filter(sha256=checked.sha256).exclude(status=UploadStatus.KEPT)
    upload = earlier.first()
    if upload:
        _describe(upload, checked, by)
        upload.save()
    else:
        upload = _add(locked, checked, content, by)
    record_preparation(
        self_check=locked,
        action="upload.receive",
        on=upload,
        by=by,
        changes={
            "number": upload.number,
            "sha256": upload.sha256,
            "status": upload.status,
            "errors": upload.error_count,
            "warnings": upload.warning_count,
        },
    )
    return upload


def _add(self_check: SelfCheck, checked: Preview, content: bytes, by: User) -> Upload:
    last = self_check.uploads.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_UPLOADS:
        raise QuotaReached(
            _("这份自查已上传 %(used)s 个文件，达到上限 %(limit)s 个；请联系市级管理员。")
            % {"used": last, "limit": MOST_UPLOADS}
        )
    upload = Upload(self_check=self_check, number=last + 1)
    _describe(upload, checked, by)
    suffix = ".csv" if checked.display_name.lower().endswith(".csv") else ".xlsx"
    with files.stored(content, files.UPLOADS, suffix) as name:
        upload.file = name
        upload.save(force_insert=True)
    return upload


def _describe(upload: Upload, checked: Preview, by: User) -> None:
    upload.status = UploadStatus.HELD if checked.is_usable else UploadStatus.REFUSED
    upload.display_name, upload.sha256 = checked.display_name, checked.sha256
    upload.size = checked.size
    upload.uploaded_by, upload.uploaded_at = by, clock.now()
    upload.findings = checked.findings
    for level in LEVELS.values():
        setattr(upload, f"{level}_count", checked.count(level))
    upload.school_count = len(checked.reported.schools)


@transaction.atomic
def _take_over(upload: Upload, checked: Preview, by: User, counts: int | None = None) -> Received:
    locked = lock_editable(upload.self_check, by, MAY_CORRECT)
    fresh = Upload.objects.get(pk=upload.pk)
    fresh.self_check = locked
    if fresh.is_current:
        return Received(fresh, is_unchanged=True)
    _refuse_unless_as_shown(fresh, checked)
    before = locked.uploads.filter(is_current=True).select_related("uploaded_by").first()
    _refuse_unless_counting(fresh, before, counts)
    reasons = carried_over(fresh)
    if before:
        before.is_current = False
        before.save(update_fields=["is_current"])
    fresh.status, fresh.is_current, fresh.kept_at = UploadStatus.KEPT, True, clock.now()
    comparison = _compare_now(locked, checked)
    fresh.changes = comparison.as_dict()
    fresh.reasons = reasons
    fresh.save()
    write(fresh, checked)
    locked.version += 1
    locked.changed_at = fresh.kept_at
    locked.save(update_fields=["version", "changed_at"])
    record_preparation(
        self_check=locked,
        action="upload.keep",
        on=fresh,
        by=by,
        changes={
            "number": fresh.number,
            "sha256": fresh.sha256,
            "schools": fresh.school_count,
            "changed": len(comparison.items),
        },
    )
    return Received(fresh, is_unchanged=False)


def _refuse_unless_as_shown(upload: Upload, checked: Preview) -> None:
    if upload.status == UploadStatus.KEPT:
        raise Conflict(
            _("第 %s 版已被更新的版本取代；要恢复它，请重新上传这个文件。") % upload.number
        )
    if upload.status == UploadStatus.REFUSED:
        raise HasErrors(upload)
    shown = [finding["id"] for finding in upload.findings]
    if checked.sha256 != upload.sha256 or shown != [row["id"] for row in checked.findings]:
        raise Stale(_("名册或上年数据有变化，检查结果与您看到的不同；请重新上传后核对。"))


def _refuse_unless_counting(upload: Upload, now: Upload | None, seen: int | None) -> None:
    """An old page must not bring old figures back over newer ones unseen."""
    if seen is None or seen == (now.number if now else 0):
        return
    if now is None:
        raise Stale(_("现行版本有变化，第 %s 版没有采用；请看过最新内容再决定。") % upload.number)
    raise Stale(
        _(
            "您打开这一页以后，%(who)s上传的第 %(now)s 版已被采用，现行的已是第 %(now)s 版；"
            "第 %(held)s 版没有采用。请看过下面的差别再决定。"
        )
        % {"who": now.uploaded_by.display_name, "now": now.number, "held": upload.number}
    )


def _compare_now(self_check: SelfCheck, checked: Preview) -> Comparison:
    """Against the version that counts under the lock, which may be newer than the one shown."""
    before = from_records(self_check)
    return compare(before, keep_absent_sheets(checked.reported, checked.reading, before))
