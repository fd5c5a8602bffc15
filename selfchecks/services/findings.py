"""Findings as they are stored with an upload, and what they say in the reader's language."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from figures.table import OFFERED_ITEMS, SCHOOL_FIELDS
from selfchecks.models import Upload
from selfchecks.workbook.wording import KINDS
from workbooks.findings import Finding, Kind, Severity, shorten

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "notice"}
# What only the calculation notices; its own sentences fill the gaps.
CONTRADICTION = Kind("contradiction", Severity.ERROR, "{problem}。", "{expected}。", "")
_ALL_KINDS = {**KINDS, CONTRADICTION.code: CONTRADICTION}
_COLUMNS = {row.label: row.code for row in (*SCHOOL_FIELDS, *OFFERED_ITEMS.values())}

Answer = dict[str, Any]


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


def described(findings: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Findings in words, each with the code of the field it speaks of."""
    return [{**in_words(each), "column": _COLUMNS.get(each["field"], "")} for each in findings]


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
        "changes": upload.changes,
    }
