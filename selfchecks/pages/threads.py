"""Remarks with their answers, each with the place it speaks of: in words, and where it leads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from districts.roles import MUNICIPAL_ROLES
from indicators import wording
from selfchecks.models import ReviewComment, SelfCheck, State
from selfchecks.services.corrections import Cell


@dataclass(frozen=True, slots=True)
class Thread:
    """``url`` is where the district sees to it: the value, the school, or the evidence."""

    comment: ReviewComment
    place: str
    url: str


def threads(self_check: SelfCheck, **of: Any) -> list[Thread]:
    """Remarks with their answers, open ones first; ``of`` narrows to a school or a value."""
    answers = ReviewComment.objects.select_related("written_by").order_by("pk")
    rows = self_check.comments.filter(parent=None, **of).select_related("written_by", "settled_by")
    rows = rows.prefetch_related(Prefetch("answers", queryset=answers))
    in_order = sorted(rows, key=lambda row: (row.settled_at is not None, -row.pk))
    codes = {row.school_code for row in in_order if row.school_code}
    named = self_check.school_records.filter(school_code__in=codes)
    names = dict(named.values_list("school_code", "school_name"))
    return [_thread(self_check, row, names) for row in in_order]


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the city asked: still waiting for the district, or answered and not yet settled."""

    waiting: tuple[Thread, ...]
    answered: tuple[Thread, ...]


def remarks_of(self_check: SelfCheck) -> Remarks:
    """Nothing once the self-check is approved."""
    if self_check.state == State.APPROVED:
        return Remarks((), ())
    found = threads(self_check, settled_at=None, written_by__role__in=MUNICIPAL_ROLES)
    answered = [thread for thread in found if _is_answered(thread.comment)]
    return Remarks(tuple(it for it in found if it not in answered), tuple(answered))


def _is_answered(comment: ReviewComment) -> bool:
    """Whether the district spoke last, in the thread or by correcting the very value."""
    answers = list(comment.answers.all())
    if answers and answers[-1].written_by.role not in MUNICIPAL_ROLES:
        return True
    last = answers[-1] if answers else comment
    if not comment.field:
        return False
    same = ReviewComment.objects.filter(
        self_check=comment.self_check_id,
        parent=None,
        school_code=comment.school_code,
        field=comment.field,
        pk__gt=last.pk,
    )
    return same.exclude(written_by__role__in=MUNICIPAL_ROLES).exists()


def tied_to(cell: Cell) -> dict[str, str]:
    """How the threads of one value are found; the cell may move from version to version."""
    return {"school_code": cell.target.school_code, "field": cell.target.field}


def _thread(self_check: SelfCheck, comment: ReviewComment, names: dict[str, str]) -> Thread:
    place = " · ".join(_words(comment, names))
    line = comment.school_code
    return Thread(
        comment, place, address(self_check, line, comment.field, indicator=comment.indicator)
    )


def _words(comment: ReviewComment, names: dict[str, str]) -> Iterator[str]:
    school = names.get(comment.school_code, comment.school_code)
    yield from filter(None, (comment.indicator, school))
    if comment.field:
        yield wording.label_of(comment.field)
    if comment.cell:
        yield f"{comment.sheet}!{comment.cell}"


def address(self_check: SelfCheck, school_code: str, field: str, *, indicator: str) -> str:
    """The page of the value, of the school, or else the evidence of the indicator."""
    reference = self_check.reference
    if field:
        line, column = (school_code, field) if school_code else (field, "value")
        return reverse("self-check-cell", args=[reference, line, column])
    if school_code:
        return reverse("self-check-school", args=[reference, school_code])
    return evidence_address(self_check, indicator)


def evidence_address(self_check: SelfCheck, indicator: str) -> str:
    """Where a document is attached, the indicator chosen already."""
    page = reverse("self-check-explanations", args=[self_check.reference])
    return f"{page}?indicator={indicator}#evidence" if indicator else f"{page}#evidence"
