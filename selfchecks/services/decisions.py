"""What an inspector writes in one go, words and a remark, and the decision on what was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.refusals import Stale
from districts.models import User
from selfchecks.models import IndicatorReview, ReviewComment, ReviewEntry, SelfCheck
from selfchecks.services import evaluations, reviews
from selfchecks.services.blockers import lock
from selfchecks.services.reviews import Target
from selfchecks.services.steps import take_step
from selfchecks.workflow import DECIDING

Words = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Work:
    """What was typed: (word, note) by indicator, and a remark with what it speaks of."""

    words: Words = field(default_factory=dict)
    text: str = ""
    target: Target = Target()


class Overtaken(Stale):
    """Another tab, or another person, wrote on this review after the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "这一页打开以后，这份复核在别处又写过（您的另一个窗口，或另一位同事）；没有保存，请看过再办。"
            )
        )


def token_of(self_check: SelfCheck, remarks: Iterable[ReviewComment] | None = None) -> str:
    """Names the words and remarks that a page shows; another one once any of them changed.

    ``remarks`` by key, for who has read them already.
    """
    words = IndicatorReview.objects.filter(evaluation__self_check=self_check).order_by("pk")
    read = self_check.comments.order_by("pk") if remarks is None else remarks
    written = (
        *words.values_list("pk", "word", "note"),
        *((row.pk, row.settled_at, row.text) for row in read),
    )
    return sha256(repr(written).encode()).hexdigest()[:16]


def _refuse_overtaken(self_check: SelfCheck, seen: str | None) -> None:
    """``seen`` is the token of the page; a page that names none is not asked for it."""
    if seen and seen != token_of(self_check):
        raise Overtaken


@transaction.atomic
def keep_work(
    *, self_check: SelfCheck, work: Work, digest: str, by: User, seen: str | None = None
) -> int:
    """Keep words that changed and a remark not yet written (暂存); returns how many were new.

    Raises Overtaken when something would be written on another state than the page showed, and
    what ``review_indicator`` and ``comment`` raise; then nothing at all is kept.
    """
    locked = lock(self_check, by)
    known = _words_of(locked, digest)
    changed = {code: judged for code, judged in work.words.items() if known.get(code) != judged}
    has_remark = _is_new(locked, work, by)
    if changed or has_remark:
        _refuse_overtaken(locked, seen)
    for code, (word, note) in changed.items():
        reviews.review_indicator(
            self_check=locked, indicator=code, word=word, note=note, by=by, evaluation_digest=digest
        )
    if has_remark:
        reviews.comment(self_check=locked, text=work.text, by=by, on=work.target)
    return len(changed) + has_remark


@transaction.atomic
def settle(*, comment: ReviewComment, by: User, seen: str | None = None) -> None:
    """Mark a thread as done with, as it was read; a second click changes nothing."""
    locked = lock(comment.self_check, by)
    if not locked.comments.filter(pk=comment.pk, settled_at__isnull=False).exists():
        _refuse_overtaken(locked, seen)
    reviews.settle(comment=comment, by=by)


def _words_of(self_check: SelfCheck, digest: str) -> dict[str, tuple[str, str]]:
    # A district may hand in the same figures again: the digest is the same, the round is not.
    latest = evaluations.latest(self_check)
    rows = IndicatorReview.objects.filter(evaluation=latest, evaluation__digest=digest)
    return {row.indicator: (row.word, row.note) for row in rows}


def _is_new(self_check: SelfCheck, work: Work, by: User) -> bool:
    """A second click writes no second remark: the same words to the same place stand once."""
    text, target = work.text.strip(), work.target
    same = ReviewComment.objects.filter(
        self_check=self_check,
        written_by=by,
        settled_at=None,
        text=text,
        indicator=target.indicator,
        school_code=target.school_code,
        field=target.field,
    )
    return bool(text) and not same.exists()


@transaction.atomic
def decide(*, self_check: SelfCheck, by: User, seen: str | None = None, **step: Any) -> ReviewEntry:
    """Take a step on the words and remarks that were read; on others Overtaken, nothing taken.

    A decision rests on the words of the round before as well, where they still hold.
    """
    locked = lock(self_check, by)
    read = token_of(locked)
    if step["step"] in DECIDING:
        reviews.carry_words(self_check=locked, by=by)
    entry = take_step(self_check=self_check, by=by, **step)
    if seen and seen != read:
        raise Overtaken
    return entry
