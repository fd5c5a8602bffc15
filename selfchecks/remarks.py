"""The inspector's words on indicators, and remarks with their answers where they belong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.models import User
from districts.roles import MUNICIPAL_ROLES
from indicators import wording
from indicators.presenting import PART_A, VETO
from selfchecks.models import IndicatorReview, ReviewComment, SelfCheck, State
from selfchecks.models.review import Word
from selfchecks.services import reviews
from selfchecks.services.reviews import Target

ORDER = (Word.REJECTED, Word.QUESTIONED, Word.ACCEPTED)


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
    return [
        Thread(row, place_of(row, names.get(row.school_code, "")), _address(self_check, row))
        for row in in_order
    ]


def place_of(on: ReviewComment | Target, school: str) -> str:
    """What a remark speaks of, in words; a school by its name where it has one."""
    return " · ".join(filter(None, _words(on, school)))


def _words(on: ReviewComment | Target, school: str) -> Iterator[str]:
    yield from (on.indicator, school or on.school_code)
    if on.field:
        yield wording.label_of(on.field)
    if on.cell:
        yield f"{on.sheet}!{on.cell}"


def _address(self_check: SelfCheck, on: ReviewComment) -> str:
    return address(self_check, on.school_code, on.field, indicator=on.indicator)


def address(self_check: SelfCheck, school_code: str, field: str, *, indicator: str) -> str:
    """The page of the value, of the school, or else the evidence of the indicator."""
    reference = self_check.reference
    if reviews.names_a_figure(school_code, field):
        line, column = (school_code, field) if school_code else (field, "value")
        return reverse("self-check-cell", args=[reference, line, column])
    if school_code:
        return reverse("self-check-school", args=[reference, school_code])
    return evidence_address(self_check, indicator)


def evidence_address(self_check: SelfCheck, indicator: str) -> str:
    """Where a document is attached, the indicator chosen already."""
    page = reverse("self-check-explanations", args=[self_check.reference])
    return f"{page}?indicator={indicator}#evidence" if indicator else f"{page}#evidence"


def open_remarks(self_check: SelfCheck) -> dict[str, list[Thread]]:
    """What the city asked: ``waiting`` for the district, or ``answered`` and not yet settled.

    Nothing once the self-check is approved.
    """
    found: dict[str, list[Thread]] = {"waiting": [], "answered": []}
    if self_check.state != State.APPROVED:
        for thread in threads(self_check, settled_at=None, written_by__role__in=MUNICIPAL_ROLES):
            found["answered" if _is_answered(thread.comment) else "waiting"].append(thread)
    return found


def _is_answered(comment: ReviewComment) -> bool:
    """Whether the district spoke last, in the thread or by correcting the very value."""
    last = [comment, *comment.answers.all()][-1]
    if last.written_by.role not in MUNICIPAL_ROLES:
        return True
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


def decided_words(self_check: SelfCheck, viewer: User) -> list[tuple[str, IndicatorReview]]:
    """The inspector's words of the last decision with the names of their indicators.

    What was not accepted stands first; empty while no decision is out.
    """
    evaluation = reviews.last_decided(self_check)
    if evaluation is None:
        return []
    rows = reviews.words_for(evaluation, viewer).select_related("reviewed_by")
    names = names_of(self_check)
    places = list(names)
    in_order = sorted(rows, key=lambda row: (ORDER.index(row.word), places.index(row.indicator)))
    return [(names[row.indicator], row) for row in in_order]


def names_of(self_check: SelfCheck) -> Mapping[str, str]:
    """Everything a word may speak of, by its name."""
    return with_parts({row.code: row.display_name for row in self_check.standard.indicators.all()})


def with_parts(names: Mapping[str, str]) -> Mapping[str, str]:
    """Part A as a whole, the indicators, the veto."""
    return {PART_A: _("资源配置"), **names, VETO: _("一票否决事项")}
