"""The inspector's word per indicator, and comments tied to an indicator, a school or a cell."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import record
from districts.models import User
from districts.roles import DISTRICT_ROLES, MUNICIPAL_ROLES, Role
from figures.table import SCHOOL_FIELD, item_of
from indicators.services.rules import indicators_of
from selfchecks import clock
from selfchecks.models import (
    Evaluation,
    IndicatorReview,
    Part,
    ReviewComment,
    SelfCheck,
    State,
)
from selfchecks.models.review import Word
from selfchecks.services import evaluations
from selfchecks.services.blockers import lock, refuse_other_part, take_part
from selfchecks.services.differences import earlier_words
from selfchecks.services.notices import people_of, post
from selfchecks.services.undoing import standing
from selfchecks.workflow import DECIDING

MAY_COMMENT = (Role.INSPECTOR, Role.MANAGER, *DISTRICT_ROLES)
LONGEST_TEXT = 2_000
# What rooms above do when a remark is done with, in its transaction.
settling: list[Callable[[ReviewComment], object]] = []


@transaction.atomic
def review_indicator(
    *,
    self_check: SelfCheck,
    indicator: str,
    word: str,
    by: User,
    note: str = "",
    evaluation_digest: str | None = None,
) -> IndicatorReview:
    """Keep the inspector's word on one indicator (暂存); it may change until the decision.

    Raises Conflict unless this inspector has the self-check in review, Stale when another
    result than the one named is under review, Unusable for unknown indicators or a missing note.
    """
    locked = lock(self_check, by)
    evaluation = _under_review(locked, by, evaluation_digest)
    _refuse_bad_word(evaluation, indicator, word, note)
    return _say(evaluation, indicator, word, note, by)


def _say(evaluation: Evaluation, indicator: str, word: str, note: str, by: User) -> IndicatorReview:
    said = {"word": word, "note": note.strip(), "reviewed_by": by, "reviewed_at": clock.now()}
    review, _is_new = IndicatorReview.objects.update_or_create(
        evaluation=evaluation, indicator=indicator, defaults=said
    )
    record(
        action="indicator.review",
        by=by,
        on=review,
        district_code=evaluation.self_check.district.code,
        changes={"indicator": indicator, "word": word, "digest": evaluation.digest},
        reason=review.note,
    )
    return review


def carry_words(*, self_check: SelfCheck, by: User) -> None:
    """Words of the round before on figures that did not change stand for this one too, whether or
    not their page was opened; in the caller's transaction, which holds the lock."""
    evaluation = evaluations.latest(self_check)
    if evaluation is None:
        return
    given = set(evaluation.indicator_reviews.values_list("indicator", flat=True))
    indicators = indicators_of(self_check.standard)
    for code, row in earlier_words(self_check, evaluation, indicators).items():
        if row.holds and code not in given:
            _say(evaluation, code, row.word, row.note, by)


def _under_review(self_check: SelfCheck, by: User, digest: str | None) -> Evaluation:
    if by.role != Role.INSPECTOR:
        raise NotAllowed(_("指标由市级督学复核，您的账号不能做这一步。"))
    if self_check.state != State.IN_REVIEW:
        raise Conflict(_("这份自查现在是「%s」，不在复核中。") % self_check.get_state_display())
    if self_check.inspector_id != by.pk:
        raise Conflict(_("%s正在复核这份自查。") % self_check.inspector, code="held")
    evaluation = evaluations.latest(self_check)
    if evaluation is None or (digest and evaluation.digest != digest):
        raise Stale(_("您看到的测算结果已被新的版本取代；请看过最新结果再复核。"))
    return evaluation


def _refuse_bad_word(evaluation: Evaluation, indicator: str, word: str, note: str) -> None:
    faults: dict[str, Any] = {}
    if indicator not in {code for code, _stage in evaluation.result.verdicts}:
        faults["indicator"] = _("没有代码为「%s」的指标。") % indicator[:10]
    if word not in Word.values:
        faults["word"] = _("意见应为认可、存疑或不认可。")
    elif word != Word.ACCEPTED and not note.strip():
        faults["note"] = _("指标 %s：存疑或不认可时，请写明理由。") % indicator
    if len(note) > LONGEST_TEXT:
        faults["note"] = _("指标 %(code)s：说明最多 %(most)s 字，现在是 %(found)s 字。") % {
            "code": indicator,
            "most": LONGEST_TEXT,
            "found": len(note),
        }
    Unusable.check(faults)


def words_for(evaluation: Evaluation, viewer: User) -> QuerySet[IndicatorReview]:
    """The words a person may read: districts read them once a decision rests on the result."""
    rows = IndicatorReview.objects.visible_to(viewer).filter(evaluation=evaluation)
    if viewer.role in MUNICIPAL_ROLES:
        return rows
    return rows.filter(Exists(standing(DECIDING).filter(evaluation=OuterRef("evaluation"))))


def last_decided(self_check: SelfCheck) -> Evaluation | None:
    """The result of the last return or approval that nobody took back."""
    heavy = (f"evaluation__{name}" for name in ("inputs", "rules", "outcome"))
    rows = standing(DECIDING).filter(self_check=self_check).select_related("evaluation")
    entry = rows.defer(*heavy).last()
    return entry.evaluation if entry else None


@dataclass(frozen=True, slots=True)
class Target:
    """What a comment speaks of; at least one of indicator, school and cell."""

    indicator: str = ""
    school_code: str = ""
    field: str = ""
    sheet: str = ""
    cell: str = ""


@transaction.atomic
def comment(*, self_check: SelfCheck, text: str, by: User, on: Target = Target()) -> ReviewComment:
    """Write a remark. Raises NotAllowed for other roles, Unusable without text or target."""
    locked = lock(self_check, by)
    _refuse_unless_may_comment(by)
    _refuse_bad_comment(locked, text, on)
    return _write(locked, None, text, by, on)


@transaction.atomic
def answer(*, parent: ReviewComment, text: str, by: User) -> ReviewComment:
    """Answer a remark in its thread; a settled one is opened again by it.

    For the district that is preparing: NotAllowed for who has signed, and who answers may not.
    """
    locked = lock(parent.self_check, by)
    _refuse_unless_may_comment(by)
    _refuse_empty(text)
    if by.role in DISTRICT_ROLES:
        refuse_other_part(locked, _("回复意见"), by)
        take_part(self_check=locked, part=Part.PREPARE, by=by)
    root = parent.parent or parent
    ReviewComment.objects.filter(pk=root.pk).update(settled_at=None, settled_by=None)
    target = Target(root.indicator, root.school_code, root.field, root.sheet, root.cell)
    return _write(locked, root, text, by, target)


@transaction.atomic
def settle(*, comment: ReviewComment, by: User) -> ReviewComment:
    """Mark a thread as done with; the municipal side closes what it asked."""
    lock(comment.self_check, by)
    if by.role not in (Role.INSPECTOR, Role.MANAGER):
        raise NotAllowed(_("意见由市级督学办结，您的账号不能做这一步。"))
    root = ReviewComment.objects.select_for_update().get(pk=(comment.parent_id or comment.pk))
    if root.settled_at is None:
        root.settled_by, root.settled_at = by, clock.now()
        root.save(update_fields=["settled_by", "settled_at"])
        _record(root, "comment.settle", by)
        for follow in settling:
            follow(root)
    return root


def _write(
    self_check: SelfCheck, parent: ReviewComment | None, text: str, by: User, on: Target
) -> ReviewComment:
    written = ReviewComment.objects.create(
        self_check=self_check,
        parent=parent,
        **asdict(on),
        text=text.strip(),
        written_by=by,
        written_at=clock.now(),
    )
    _record(written, "comment.write", by)
    post(
        kind="comment",
        self_check=self_check,
        to=_concerned(self_check, by),
        key=str(written.pk),
        by=by,
        actor=by.display_name,
        comment=written.text[:200],
        on={"indicator": on.indicator, "school_code": on.school_code, "field": on.field},
    )
    return written


def _record(written: ReviewComment, action: str, by: User) -> None:
    record(
        action=action,
        by=by,
        on=written,
        district_code=written.self_check.district.code,
        changes={
            "indicator": written.indicator,
            "school": written.school_code,
            "cell": written.cell,
            "text": written.text,
        },
    )


def _concerned(self_check: SelfCheck, by: User) -> Iterable[User]:
    """The other side: the district for an inspector's remark, the inspector for a district's."""
    if by.role in MUNICIPAL_ROLES:
        return people_of(self_check, DISTRICT_ROLES)
    return [self_check.inspector] if self_check.inspector else []


def _refuse_unless_may_comment(by: User) -> None:
    if by.role not in MAY_COMMENT:
        raise NotAllowed(_("您的账号只能查看意见，不能填写。"))


def _refuse_empty(text: str) -> None:
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise Unusable.at("text", _("请写明意见，最多 %s 字。") % LONGEST_TEXT)


def _refuse_bad_comment(self_check: SelfCheck, text: str, on: Target) -> None:
    _refuse_empty(text)
    if not (on.indicator or on.school_code or on.cell):
        raise Unusable.at("indicator", _("请指明意见针对哪个指标、哪所学校或哪个单元格。"))
    known = self_check.school_records.filter(school_code=on.school_code)
    if on.school_code and not known.exists():
        unknown = _("这份自查里没有标识码为 %s 的学校。") % on.school_code[:12]
        raise Unusable.at("school_code", unknown)
    if on.field and not names_a_figure(on.school_code, on.field):
        raise Unusable.at("field", _("没有「%s」这个数据项。") % on.field[:40])


def names_a_figure(school_code: str, field: str) -> bool:
    """Whether there is such a field of a school, or such an item of a district."""
    return field in SCHOOL_FIELD if school_code else item_of(field) is not None
