"""What a check or an upload answers to machines: one shape for the command and the API."""

from collections.abc import Iterable, Mapping
from typing import Any

from figures.table import DISTRICT_ITEMS, SCHOOL_FIELDS
from selfchecks.models import Upload
from selfchecks.services.checking import Preview, in_words

Answer = dict[str, Any]
_COLUMNS = {field.label: field.code for field in SCHOOL_FIELDS}
_COLUMNS |= {item.label: item.code for item in DISTRICT_ITEMS}


def _found(findings: Iterable[Mapping[str, Any]]) -> list[Answer]:
    """Findings in words, and by its code the field they speak of."""
    return [{**in_words(each), "column": _COLUMNS.get(each["field"], "")} for each in findings]


def answer_of_preview(checked: Preview) -> Answer:
    """The outcome of looking at a workbook, nothing stored."""
    return {
        "status": "usable" if checked.is_usable else "refused",
        "number": None,
        "file": checked.display_name,
        "sha256": checked.sha256,
        "schools": len(checked.reported.schools),
        "counts": {level: checked.count(level) for level in ("error", "warning", "notice")},
        "findings": _found(checked.findings),
        "changes": checked.comparison.as_dict(),
        "verdict": checked.outcome.verdict if checked.outcome else None,
        "digest": checked.digest or None,
    }


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
        "findings": _found(upload.findings),
        "changes": upload.changes,
    }
