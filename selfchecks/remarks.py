"""The inspector's words on indicators, and remarks with their answers where they belong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.words import SEPARATOR
from districts.models import User
from districts.roles import MUNICIPAL_ROLES
from indicators import wording
from indicators.presenting import PART_A, VETO
from indicators.services.rules import indicator_names
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
    answers: tuple[ReviewComment, ...]


def remarks_of(self_check: SelfCheck) -> list[ReviewComment]:
    """All of them and their answers, the oldest first."""
    return list(self_check.comments.select_related("written_by").order_by("pk"))


def is_open(remark: ReviewComment) -> bool:
    """Whether the city wrote it and it is not settled."""
    return remark.settled_at is None and remark.written_by.role in MUNICIPAL_ROLES


def threads(
    self_check: SelfCheck,
    keep: Callable[[ReviewComment], bool] = bool,
    remarks: Iterable[ReviewComment] | None = None,
) -> list[Thread]:
    """Remarks with their answers, open ones first: those to ``keep``, among ``remarks`` where
    somebody has read them already."""
    rows = list(remarks_of(self_check) if remarks is None else remarks)
    kept = [row for row in rows if row.parent_id is None and keep(row)]
    codes = {row.school_code for row in kept if row.school_code}
    named = self_check.school_records.filter(school_code__in=codes)
    names = dict(named.values_list("school_code", "school_name")) if codes else {}
    return [
        Thread(
            row,
            place_of(row, names.get(row.school_code, "")),
            _address(self_check, row),
            tuple(each for each in rows if each.parent_id == row.pk),
        )
        for row in sorted(kept, key=lambda row: (row.settled_at is not None, -row.pk))
    ]


def place_of(on: ReviewComment | Target, school: str) -> str:
    """What a remark speaks of, in words; a school by its name where it has one."""
    return SEPARATOR.join(filter(None, _words(on, school)))


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
        for thread in threads(self_check, is_open):
            found["answered" if _is_answered(thread) else "waiting"].append(thread)
    return found


def _is_answered(thread: Thread) -> bool:
    """Whether the district spoke last, in the thread or by correcting the very value."""
    comment = thread.comment
    last = [comment, *thread.answers][-1]
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
    return with_parts(indicator_names(self_check.standard))


def with_parts(names: Mapping[str, str]) -> Mapping[str, str]:
    """Part A as a whole, the indicators, the veto."""
    return {PART_A: _("资源配置"), **names, VETO: _("一票否决事项")}
