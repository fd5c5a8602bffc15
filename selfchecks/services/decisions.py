"""What an inspector does on the review page in one go: words, a remark, perhaps the decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from districts.models import User
from selfchecks.models import IndicatorReview, ReviewComment, ReviewEntry, SelfCheck, State
from selfchecks.services import evaluations, reviews
from selfchecks.services.blockers import lock
from selfchecks.services.reviews import Target
from selfchecks.services.steps import take_step

Words = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Work:
    """What was typed: (word, note) by indicator, and a remark with what it speaks of."""

    words: Words = field(default_factory=dict)
    text: str = ""
    target: Target = Target()


@transaction.atomic
def keep_work(*, self_check: SelfCheck, work: Work, digest: str, by: User) -> int:
    """Keep words that changed and a remark not yet written (暂存); returns how many were new.

    Raises what ``review_indicator`` and ``comment`` raise; then nothing at all is kept.
    """
    locked = lock(self_check, by)
    known = _words_of(locked, digest)
    changed = {code: judged for code, judged in work.words.items() if known.get(code) != judged}
    for code, (word, note) in changed.items():
        reviews.review_indicator(
            self_check=locked, indicator=code, word=word, note=note, by=by, evaluation_digest=digest
        )
    return len(changed) + _remark(locked, work, by)


def _words_of(self_check: SelfCheck, digest: str) -> dict[str, tuple[str, str]]:
    # A district may hand in the same figures again: the digest is the same, the round is not.
    latest = evaluations.latest(self_check)
    rows = IndicatorReview.objects.filter(evaluation=latest, evaluation__digest=digest)
    return {row.indicator: (row.word, row.note) for row in rows}


def _remark(self_check: SelfCheck, work: Work, by: User) -> bool:
    """A second click writes no second remark: the same words to the same place stand once."""
    text, target = work.text.strip(), work.target
    if not text:
        return False
    same = ReviewComment.objects.filter(
        self_check=self_check,
        written_by=by,
        settled_at=None,
        text=text,
        indicator=target.indicator,
        school_code=target.school_code,
        field=target.field,
    )
    if same.exists():
        return False
    reviews.comment(self_check=self_check, text=text, by=by, on=target)
    return True


@transaction.atomic
def decide(
    *,
    self_check: SelfCheck,
    step: str,
    work: Work,
    digest: str,
    by: User,
    comment: str = "",
    due_on: date | None = None,
    expected_version: int | None = None,
) -> ReviewEntry:
    """Keep the work and take the deciding step together: both or neither.

    A second click raises AlreadyTaken before anything is kept.
    """
    if lock(self_check, by).state == State.IN_REVIEW:
        keep_work(self_check=self_check, work=work, digest=digest, by=by)
    return take_step(
        self_check=self_check,
        step=step,
        by=by,
        comment=comment,
        evaluation_digest=digest,
        expected_version=expected_version,
        due_on=due_on,
    )
