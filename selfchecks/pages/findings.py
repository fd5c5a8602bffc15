"""What a workbook's check found, laid out as the page tells it: only the rows with problems."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from selfchecks import files
from selfchecks.forms import REASON
from selfchecks.models import SelfCheck, Upload, UploadStatus
from selfchecks.services.checking import Preview, in_words, preview

MOST_SHOWN = 300  # the marked workbook has them all


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding in the reader's language, with the reason written so far."""

    words: dict[str, Any]
    reason: str
    input_name: str

    @property
    def is_error(self) -> bool:
        return bool(self.words["level"] == "error")


@dataclass(frozen=True, slots=True)
class FindingsPage:
    self_check: SelfCheck
    upload: Upload
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    looked: Preview | None
    changes: dict[str, Any]
    can_write: bool

    @property
    def problem_count(self) -> int:
        return self.upload.error_count + self.upload.warning_count

    @property
    def hidden(self) -> int:
        return max(0, self.problem_count - len(self.errors) - len(self.warnings))

    @property
    def is_held(self) -> bool:
        return self.upload.status == UploadStatus.HELD

    @property
    def is_refused(self) -> bool:
        return self.upload.status == UploadStatus.REFUSED

    @property
    def banner(self) -> str:
        if not self.problem_count:
            return _("%s 所学校,0 个问题") % self.upload.school_count
        return _("发现 %(all)s 个问题(%(errors)s 个必须修改,%(warnings)s 个需确认)") % {
            "all": self.problem_count,
            "errors": self.upload.error_count,
            "warnings": self.upload.warning_count,
        }


def build(upload: Upload, *, can_write: bool, typed: dict[str, str] | None = None) -> FindingsPage:
    """The page of one version. A held one is looked at again, exactly as confirming will."""
    self_check = upload.self_check
    looked = _look(upload) if upload.status == UploadStatus.HELD and can_write else None
    errors = _of_level(upload, "error", {})
    return FindingsPage(
        self_check=self_check,
        upload=upload,
        errors=errors[:MOST_SHOWN],
        warnings=_of_level(upload, "warning", typed or {})[: MOST_SHOWN - len(errors[:MOST_SHOWN])],
        notices=_of_level(upload, "notice", {})[:MOST_SHOWN],
        looked=looked,
        changes=looked.comparison.as_dict() if looked else dict(upload.changes or {}),
        can_write=can_write,
    )


def _look(upload: Upload) -> Preview:
    content = files.content_of(upload)
    return preview(self_check=upload.self_check, content=content, name=upload.display_name)


def _of_level(upload: Upload, level: str, typed: dict[str, str]) -> tuple[Problem, ...]:
    rows = [row for row in upload.findings if row["level"] == level][: MOST_SHOWN + 1]
    return tuple(problems(rows, upload.reasons, typed))


def problems(
    rows: Iterable[dict[str, Any]], reasons: dict[str, str], typed: dict[str, str]
) -> Iterable[Problem]:
    for row in rows:
        name = f"{REASON}{row['id']}"
        yield Problem(in_words(row), typed.get(name, reasons.get(str(row["id"]), "")), name)
