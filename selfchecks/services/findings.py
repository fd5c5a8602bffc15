"""What a check found, as it is stored and in the reader's language, and the reasons for warnings.

Reasons are written down with a version and carried over to the next one.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reasons import fault_of
from audit.refusals import Conflict, Unusable
from districts.models import User
from figures.table import OFFERED_ITEMS, SCHOOL_FIELDS
from selfchecks import clock
from selfchecks.models import Upload, UploadStatus
from selfchecks.services.blockers import lock_editable, record_preparation
from selfchecks.workbook.wording import KINDS
from workbooks.findings import Finding, Kind, Severity, shorten

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "notice"}
# What only the calculation notices; its own sentences fill the gaps.
CONTRADICTION = Kind("contradiction", Severity.ERROR, "{problem}。", "{expected}。", "")
_ALL_KINDS = {**KINDS, CONTRADICTION.code: CONTRADICTION}
_COLUMNS = {
    label: row.code
    for row in (*SCHOOL_FIELDS, *OFFERED_ITEMS.values())
    for label in (row.label, row.former)
    if label  # also what it was called when a stored finding was written
}

Answer = dict[str, Any]
MOST_SHOWN = 5  # reasons written elsewhere, in one sentence


def number_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings ready to store, each with a level and an id that survives the next upload."""
    seen: dict[str, int] = {}
    numbered = []
    for finding in findings:
        plain = finding.as_dict()
        key = "|".join(str(plain[name]) for name in ("code", "sheet", "cell", "field", "found"))
        seen[key] = seen.get(key, 0) + 1
        sealed = hashlib.sha256(f"{key}|{seen[key]}".encode()).hexdigest()[:16]
        numbered.append({"id": sealed, "level": LEVELS[finding.severity], **plain})
    return numbered


def revive(stored: Mapping[str, Any]) -> Finding:
    """A stored finding as it was, so that it can be shown in the reader's language."""
    return Finding.from_dict(stored, _ALL_KINDS)


def in_words(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored finding with its sentences in the reader's language."""
    finding = revive(stored)
    return {
        "id": stored["id"],
        "code": stored["code"],
        "level": stored["level"],
        "severity": gettext(str(finding.severity)),
        "sheet": stored["sheet"],
        "cell": stored["cell"],
        "row": stored["row"],
        "field": gettext(stored["field"]) if stored["field"] else "",
        "found": shorten(stored["found"]),
        "about": finding.about,
        "what": finding.what.render(gettext),
        "expected": finding.expected.render(gettext),
        "fix": finding.fix.render(gettext),
        "text": finding.render(gettext),
    }


def column_of(stored: Mapping[str, Any]) -> str:
    """The code of the figure a stored finding speaks of; empty when of none."""
    return _COLUMNS.get(stored["field"], "")


def described(findings: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Findings in words, each with the code of the field it speaks of."""
    return [{**in_words(each), "column": column_of(each)} for each in findings]


def answer_of_upload(upload: Upload, *, is_unchanged: bool = False) -> Answer:
    """What became of a workbook that was sent in."""
    return {
        "status": "unchanged" if is_unchanged else upload.status,
        "number": upload.number,
        "file": upload.display_name,
        "sha256": upload.sha256,
        "schools": upload.school_count,
        "counts": {
            "error": upload.error_count,
            "warning": upload.warning_count,
            "notice": upload.notice_count,
        },
        "unexplained": [finding["id"] for finding in upload.unexplained()],
        "reasons": {key: text for key, text in upload.reasons.items() if text},
        "findings": described(upload.findings),
        "changes": upload.changes or {},  # a refused one was compared with none
    }


class BadReasons(Unusable):
    """``fields`` are ids of findings."""

    code = "bad_reasons"


class OvertakenReasons(BadReasons):
    """Other reasons stand there than on the page that was sent."""

    status = 412
    code = "stale"


@transaction.atomic
def explain(
    *, upload: Upload, reasons: Mapping[str, str], by: User, expected_version: int | None = None
) -> Upload:
    """Write down reasons for warnings (finding id → text; empty takes one back).

    ``expected_version`` is the lock version the writer saw: an older view takes nothing back, and
    writes over no other reason (OvertakenReasons). Reasons that are there already change nothing.
    Raises BadReasons for ids that are not warnings
    of this version and for texts that say too little or too much.
    """
    locked = lock_editable(upload.self_check, by)
    fresh = locked.uploads.filter(pk=upload.pk).exclude(status=UploadStatus.REFUSED).first()
    if fresh is None:
        raise Conflict(_("这一版没有采用，不需要说明；请更正后重新上传。"))
    _refuse_bad_reasons(fresh, reasons)
    texts = {key: text.strip() for key, text in reasons.items()}
    if expected_version not in (None, locked.version):
        texts = {key: text for key, text in texts.items() if text}
        _refuse_overtaken(fresh, texts)
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


def _refuse_overtaken(upload: Upload, texts: Mapping[str, str]) -> None:
    """Two tabs: the second says what both wrote, and keeps neither over the other."""
    stored = {key: upload.reasons.get(key, "") for key in texts}
    others = {
        key: (stored[key], text) for key, text in texts.items() if stored[key] not in ("", text)
    }
    if not others:
        return
    said = gettext("现在是「%(now)s」，您写的是「%(mine)s」")
    fields = {key: said % {"now": now, "mine": mine} for key, (now, mine) in others.items()}
    sentence = gettext(
        "您打开这一页以后，有 %(count)s 个警告的原因在别处改过，没有保存：%(texts)s。"
        "仍要改的，请再保存一次。"
    )
    shown = ";".join(list(dict.fromkeys(fields.values()))[:MOST_SHOWN])
    raise OvertakenReasons(sentence % {"count": len(fields), "texts": shown}, fields=fields)


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
    return {key: written for key, written in found.items() if written[0]}


def carried_over(upload: Upload) -> dict[str, str]:
    """Reasons already written for the very same warnings need not be typed again."""
    before = {key: text for key, (text, _number) in reasons_before(upload).items()}
    asked = _asked(upload)
    merged = {**before, **upload.reasons}
    return {key: text for key, text in merged.items() if text and key in asked}
