"""Reasons for warnings: written down, and carried over to the next version of the workbook."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of
from audit.refusals import Conflict, Unusable
from districts.models import User
from selfchecks import clock
from selfchecks.models import Upload, UploadStatus
from selfchecks.services.blockers import lock_editable, record_preparation


class BadReasons(Unusable):
    """``fields`` are ids of findings."""

    code = "bad_reasons"


@transaction.atomic
def explain(
    *, upload: Upload, reasons: Mapping[str, str], by: User, seen: int | None = None
) -> Upload:
    """Write down reasons for warnings (finding id → text; empty takes one back).

    ``seen`` is the version of the self-check the writer saw: an older view takes nothing back.
    Reasons that are there already change nothing. Raises BadReasons for ids that are not warnings
    of this version and for texts that say too little or too much.
    """
    locked = lock_editable(upload.self_check, by)
    fresh = locked.uploads.filter(pk=upload.pk).exclude(status=UploadStatus.REFUSED).first()
    if fresh is None:
        raise Conflict(_("这一版没有采用,不需要说明;请更正后重新上传。"))
    _refuse_bad_reasons(fresh, reasons)
    texts = {key: text.strip() for key, text in reasons.items()}
    if seen not in (None, locked.version):
        texts = {key: text for key, text in texts.items() if text}
    wanted = _written({**fresh.reasons, **texts}, fresh)
    if wanted == fresh.reasons:
        return fresh
    fresh.reasons = wanted
    fresh.save(update_fields=["reasons"])
    locked.version += 1
    locked.changed_at = clock.now()
    locked.save(update_fields=["version", "changed_at"])
    record_preparation(
        self_check=locked,
        action="upload.explain",
        on=fresh,
        by=by,
        changes={"reasons": dict(reasons)},
    )
    return fresh


def _written(reasons: Mapping[str, str], upload: Upload) -> dict[str, str]:
    """Without blanks, save those that keep a reason from being carried over."""
    before = reasons_before(upload) if upload.status == UploadStatus.HELD else {}
    return {key: text for key, text in reasons.items() if text or key in before}


def _refuse_bad_reasons(upload: Upload, reasons: Mapping[str, Any]) -> None:
    asked = _asked(upload)
    unknown = _("这一版没有编号为 %s 的警告。")
    faults = {key: unknown % key[:20] for key in reasons if key not in asked}
    known = {key: text for key, text in reasons.items() if key in asked and text.strip()}
    BadReasons.check(faults | {key: fault_of(text) for key, text in known.items()})


def _asked(upload: Upload) -> set[str]:
    return {finding["id"] for finding in upload.findings if finding["level"] == "warning"}


def reasons_before(upload: Upload) -> dict[str, tuple[str, int]]:
    """Warning id → reason and number of the version it was written on: the one that counts and
    those held since."""
    rows = Upload.objects.filter(self_check=upload.self_check_id)
    current = rows.filter(is_current=True).exclude(pk=upload.pk).first()
    since = rows.filter(
        status=UploadStatus.HELD,
        number__gt=current.number if current else 0,
        number__lt=upload.number,
    )
    asked = _asked(upload)
    found: dict[str, tuple[str, int]] = {}
    for row in (*([current] if current else []), *since.order_by("number")):
        found |= {key: (text, row.number) for key, text in row.reasons.items() if key in asked}
    return {key: said for key, said in found.items() if said[0]}


def carried_over(upload: Upload) -> dict[str, str]:
    """Reasons already written for the very same warnings need not be typed again."""
    before = {key: text for key, (text, _number) in reasons_before(upload).items()}
    asked = _asked(upload)
    merged = {**before, **upload.reasons}
    return {key: text for key, text in merged.items() if text and key in asked}
