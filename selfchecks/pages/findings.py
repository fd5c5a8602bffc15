"""What a workbook's check found, laid out as the page tells it: only the rows with problems."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from selfchecks import files
from selfchecks.models import SelfCheck, Upload, UploadStatus
from selfchecks.pages.changes import Changes, changes_of
from selfchecks.pages.reasons import (
    REASON,
    alike,
    fault_in,
    name_for_all,
    shared,
    warnings_in,
)
from selfchecks.services.checking import Preview, in_words, preview
from selfchecks.services.explaining import carried_over, reasons_before

MOST_SHOWN = 300  # the marked workbook has them all


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding in the reader's language, with the reason written so far.

    ``typed`` is what stands in its box: nothing where the box of its group speaks for it.
    ``taken_from`` is the number of the version its reason was written on, 0 for this one;
    ``error`` is what is wrong with what was typed.
    """

    words: dict[str, Any]
    reason: str = ""
    typed: str = ""
    input_name: str = ""
    taken_from: int = 0

    @property
    def error(self) -> str:
        return fault_in(self.typed)


@dataclass(frozen=True, slots=True)
class Group:
    """Warnings of one kind in one field; ``problems`` are those the page has room for."""

    problems: tuple[Problem, ...]
    count: int
    typed: str
    input_name: str
    taken_from: int

    @property
    def error(self) -> str:
        return fault_in(self.typed)

    @property
    def words(self) -> dict[str, Any]:
        return self.problems[0].words

    @property
    def is_open(self) -> bool:
        """Whether a single place has a word of its own."""
        return any(problem.typed for problem in self.problems)

    @property
    def reasons(self) -> dict[str, int]:
        """Each reason with the number of its places; empty for those without one."""
        counts: dict[str, int] = {}
        for problem in self.problems:
            counts[problem.reason] = counts.get(problem.reason, 0) + 1
        return counts


@dataclass(frozen=True, slots=True)
class Warnings:
    """The warnings of a version: those alike together, the others one by one."""

    groups: tuple[Group, ...]
    singles: tuple[Problem, ...]

    @property
    def all(self) -> tuple[Group, ...]:
        """To read only: a single one is a group of one."""
        alone = (Group((problem,), 1, "", problem.input_name, 0) for problem in self.singles)
        return (*self.groups, *alone)

    @property
    def shown(self) -> int:
        return sum(len(group.problems) for group in self.groups) + len(self.singles)

    def __bool__(self) -> bool:
        return bool(self.groups or self.singles)


@dataclass(frozen=True, slots=True)
class FindingsPage:
    self_check: SelfCheck
    upload: Upload
    current: Upload | None
    errors: tuple[Problem, ...]
    warnings: Warnings
    notices: tuple[Problem, ...]
    looked: Preview | None
    changes: Changes | None
    can_write: bool

    @property
    def problem_count(self) -> int:
        return self.upload.error_count + self.upload.warning_count

    @property
    def hidden(self) -> int:
        return max(0, self.problem_count - len(self.errors) - self.warnings.shown)

    @property
    def is_held(self) -> bool:
        return self.upload.status == UploadStatus.HELD

    @property
    def is_refused(self) -> bool:
        return self.upload.status == UploadStatus.REFUSED

    @property
    def is_older(self) -> bool:
        """Whether taking it over would bring older figures back."""
        return bool(self.is_held and self.current and self.upload.number < self.current.number)

    @property
    def banner(self) -> str:
        if not self.problem_count:
            return _("%s 所学校,0 个问题") % self.upload.school_count
        return _("发现 %(all)s 个问题(%(errors)s 个必须修改,%(warnings)s 个需确认)") % {
            "all": self.problem_count,
            "errors": self.upload.error_count,
            "warnings": self.upload.warning_count,
        }


def build(upload: Upload, *, can_write: bool, typed: Mapping[str, str]) -> FindingsPage:
    """The page of one version. A held one is looked at again, exactly as confirming will."""
    self_check = upload.self_check
    looked = _look(upload) if upload.status == UploadStatus.HELD and can_write else None
    errors = _of_level(upload, "error")
    current = self_check.uploads.filter(is_current=True).select_related("uploaded_by").first()
    return FindingsPage(
        self_check=self_check,
        upload=upload,
        current=current,
        errors=errors,
        warnings=warnings_of(upload, typed, most=MOST_SHOWN - len(errors)),
        notices=_of_level(upload, "notice"),
        looked=looked,
        changes=_changes(upload, looked),
        can_write=can_write,
    )


def _look(upload: Upload) -> Preview:
    content = files.content_of(upload)
    return preview(self_check=upload.self_check, content=content, name=upload.display_name)


def _changes(upload: Upload, looked: Preview | None) -> Changes | None:
    found = looked.comparison.as_dict() if looked else dict(upload.changes or {})
    return changes_of(upload.self_check, found) if found else None


def _of_level(upload: Upload, level: str) -> tuple[Problem, ...]:
    rows = [row for row in upload.findings if row["level"] == level][:MOST_SHOWN]
    return tuple(Problem(in_words(row)) for row in rows)


def shown_reasons(upload: Upload) -> dict[str, str]:
    """The reasons in the boxes: written on this version, or to be taken over by it."""
    return carried_over(upload) if upload.status == UploadStatus.HELD else upload.reasons


def warnings_of(upload: Upload, typed: Mapping[str, str], *, most: int | None = None) -> Warnings:
    """``typed`` is what stood in the boxes when the page was sent; ``most`` limits the places."""
    reasons = shown_reasons(upload)
    is_held = upload.status == UploadStatus.HELD
    before = reasons_before(upload) if is_held else {}
    taken = {key: number for key, (_t, number) in before.items() if key not in upload.reasons}
    groups: list[Group] = []
    singles: list[Problem] = []
    left = len(upload.findings) if most is None else most
    for rows in sorted(alike(warnings_in(upload.findings)), key=len, reverse=True):
        common = shared(rows, reasons) if len(rows) > 1 else ""
        problems = tuple(_problems(rows[:left], reasons, common, typed, taken))
        left -= len(problems)
        if len(rows) == 1:
            singles += problems
        elif problems:
            groups.append(_group(rows, problems, common, typed))
    return Warnings(tuple(groups), tuple(singles))


def _group(
    rows: Sequence[Mapping[str, Any]],
    problems: tuple[Problem, ...],
    common: str,
    typed: Mapping[str, str],
) -> Group:
    name = name_for_all(rows)
    sources = {problem.taken_from for problem in problems if problem.reason == common}
    return Group(
        problems=problems,
        count=len(rows),
        typed=typed.get(name, common),
        input_name=name,
        taken_from=max(sources) if common and 0 not in sources else 0,
    )


def _problems(
    rows: Iterable[Mapping[str, Any]],
    reasons: Mapping[str, str],
    common: str,
    typed: Mapping[str, str],
    taken: Mapping[str, int],
) -> Iterator[Problem]:
    for row in rows:
        key, reason = row["id"], reasons.get(row["id"], "")
        name = f"{REASON}{key}"
        own = "" if reason == common else reason
        yield Problem(
            in_words(row), reason, typed.get(name, own), name, taken.get(key, 0) if reason else 0
        )
