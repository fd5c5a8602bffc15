"""The inspector's words and the comments on indicators, schools and cells."""

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import School, User
from selfchecks.models import IndicatorReview, Notice, ReviewComment, SelfCheck
from selfchecks.services.reviews import (
    Target,
    answer,
    comment,
    review_indicator,
    settle,
    words_for,
)
from tests.selfchecks.conftest import decide, latest


def test_a_word_may_change_until_the_decision(
    reach, self_check: SelfCheck, zhou_inspector: User, chen_officer: User
) -> None:
    self_check = reach("in_review")
    given = {"self_check": self_check, "indicator": "A2", "by": zhou_inspector}
    review_indicator(**given, word="questioned", note="与人事系统不一致")
    review_indicator(**given, word="accepted")
    evaluation = latest(self_check)
    assert [row.word for row in words_for(evaluation, zhou_inspector)] == ["accepted"]
    assert not words_for(evaluation, chen_officer).exists()
    decide(self_check, "send_back", zhou_inspector)
    assert words_for(latest(self_check), chen_officer).count() == 1
    with pytest.raises(Conflict):
        review_indicator(**given, word="accepted")


@pytest.mark.parametrize(
    ("indicator", "word", "note", "field"),
    [
        ("A2", "questioned", "", "note"),
        ("Z1", "accepted", "", "indicator"),
        ("A2", "maybe", "", "word"),
        ("A2", "accepted", "长" * 2001, "note"),
    ],
)
def test_bad_words_are_refused(
    indicator: str, word: str, note: str, field: str, reach, self_check, zhou_inspector: User
) -> None:
    reach("in_review")
    with pytest.raises(Unusable) as refused:
        review_indicator(
            self_check=self_check, indicator=indicator, word=word, note=note, by=zhou_inspector
        )
    assert list(refused.value.fields) == [field]


def test_only_the_inspector_who_took_it_up_gives_words(
    reach, self_check: SelfCheck, sun_inspector: User, wu_manager: User, zhou_inspector: User
) -> None:
    reach("in_review")
    with pytest.raises(Conflict, match="周岚"):
        review_indicator(self_check=self_check, indicator="A1", word="accepted", by=sun_inspector)
    with pytest.raises(NotAllowed):
        review_indicator(self_check=self_check, indicator="A1", word="accepted", by=wu_manager)
    with pytest.raises(Stale):
        review_indicator(
            self_check=self_check,
            indicator="A1",
            word="accepted",
            by=zhou_inspector,
            evaluation_digest="sha256:0",
        )
    assert not IndicatorReview.objects.exists()


def test_a_comment_on_a_cell_is_answered_in_its_thread(
    reach, self_check: SelfCheck, schools: list[School], zhou_inspector: User, chen_officer: User
) -> None:
    reach("in_review")
    target = Target("A2", schools[0].code, "backbone_teachers_primary", "学校数据", "O4")
    asked = comment(self_check=self_check, text=" 请附名单 ", by=zhou_inspector, on=target)
    assert (asked.text, asked.cell) == ("请附名单", "O4")
    assert Notice.objects.filter(kind="comment", recipient=chen_officer).count() == 1
    reply = answer(parent=asked, text="已补充", by=chen_officer)
    assert (reply.parent, reply.cell) == (asked, "O4")
    assert Notice.objects.filter(kind="comment", recipient=zhou_inspector).count() == 1
    assert settle(comment=reply, by=zhou_inspector).settled_by == zhou_inspector
    answer(parent=reply, text="还有一份", by=chen_officer)
    asked.refresh_from_db()
    assert asked.settled_at is None
    assert asked.answers.count() == 2


def test_a_comment_needs_words_and_something_to_speak_of(
    self_check: SelfCheck, zhou_inspector: User
) -> None:
    for text, target in (("", Target("A1")), ("看一下", Target()), ("x", Target("", "9999999999"))):
        with pytest.raises(Unusable):
            comment(self_check=self_check, text=text, by=zhou_inspector, on=target)
    empty = ReviewComment(self_check=self_check, text="x", written_by=zhou_inspector)
    with pytest.raises(IntegrityError), transaction.atomic():
        empty.save()


def test_others_neither_write_nor_see(
    self_check: SelfCheck, he_auditor: User, liu_officer: User, chen_officer: User, zhou_inspector
) -> None:
    with pytest.raises(NotAllowed):
        comment(self_check=self_check, text="x", by=he_auditor, on=Target("A1"))
    with pytest.raises(Http404):
        comment(self_check=self_check, text="x", by=liu_officer, on=Target("A1"))
    written = comment(self_check=self_check, text="x", by=zhou_inspector, on=Target("A1"))
    assert not ReviewComment.objects.visible_to(liu_officer).exists()
    with pytest.raises(NotAllowed):
        settle(comment=written, by=chen_officer)
