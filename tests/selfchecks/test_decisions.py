"""Decisions rest on the result that was read, by the one who holds it, and never change history."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models import AppendOnlyError
from audit.refusals import Conflict, Stale, Unusable
from districts.models import School, User
from selfchecks.models import Evaluation, Notice, ReviewEntry, SelfCheck
from selfchecks.services import evaluations, opening, reviews
from selfchecks.services.notices import text_of
from selfchecks.services.steps import open_steps, take_step
from tests.selfchecks.conftest import decide, keep_clean, latest

A2 = reviews.Target("A2")


def state_of(self_check: SelfCheck) -> str:
    return SelfCheck.objects.values_list("state", flat=True).get(pk=self_check.pk)


def test_m56_the_second_inspector_sees_who_reviews(
    reach, self_check: SelfCheck, sun_inspector: User
) -> None:
    self_check = reach("in_review")
    for offer in open_steps(self_check, sun_inspector):
        assert "周岚正在复核" in offer.blocked_by
    with pytest.raises(Conflict, match="周岚正在复核"):
        decide(self_check, "approve", sun_inspector)


def test_a_manager_puts_back_what_an_absent_inspector_holds(
    reach, self_check: SelfCheck, wu_manager: User, sun_inspector: User
) -> None:
    reach("in_review")
    take_step(self_check=self_check, step="put_back", by=wu_manager, comment="周岚休假")
    entry = take_step(self_check=self_check, step="take_up", by=sun_inspector)
    assert entry.self_check.inspector == sun_inspector


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ("send_back", "comment"),
        ("send_back", "evaluation_digest"),
        ("approve", "evaluation_digest"),
    ],
)
def test_decisions_need_their_words_and_the_result_they_rest_on(
    step: str, missing: str, reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("in_review")
    given = {"comment": "请核对", "evaluation_digest": latest(self_check).digest} | {missing: ""}
    with pytest.raises(Unusable) as refused:
        take_step(self_check=self_check, step=step, by=zhou_inspector, **given)
    assert list(refused.value.fields) == [missing]
    assert state_of(self_check) == "in_review"


def test_m57_a_decision_on_an_older_result_is_stale(
    reach, self_check: SelfCheck, schools, chen_officer, zhao_signatory, zhou_inspector, wu_manager
) -> None:
    reach("in_review")
    seen = latest(self_check).digest
    take_step(self_check=self_check, step="put_back", by=zhou_inspector, comment="稍后")
    take_step(self_check=self_check, step="withdraw", by=zhao_signatory, comment="数据有误")
    self_check.refresh_from_db()
    changes = {(schools[1].code, "backbone_teachers_junior"): 4}
    keep_clean(self_check, chen_officer, changes=changes)
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    for step in ("approve", "send_back"):
        with pytest.raises(Stale):
            take_step(
                self_check=self_check,
                step=step,
                by=zhou_inspector,
                comment="数据不符",
                evaluation_digest=seen,
            )
    assert state_of(self_check) == "in_review"


def test_the_signatory_signs_what_was_read(
    reach, self_check: SelfCheck, zhao_signatory: User
) -> None:
    self_check = reach("awaiting_signature")
    outcome = evaluations.try_out(self_check)
    with pytest.raises(Stale):
        take_step(
            self_check=self_check, step="submit", by=zhao_signatory, evaluation_digest="sha256:0"
        )
    assert not Evaluation.objects.exists()
    entry = take_step(
        self_check=self_check,
        step="submit",
        by=zhao_signatory,
        evaluation_digest=outcome.digest,
    )
    assert entry.evaluation_digest == outcome.digest


def test_a_reader_of_an_older_version_is_stale(
    reach, self_check: SelfCheck, zhao_signatory: User
) -> None:
    seen = reach("awaiting_signature").version
    with pytest.raises(Stale):
        take_step(
            self_check=self_check, step="submit", by=zhao_signatory, expected_version=seen - 1
        )
    take_step(self_check=self_check, step="submit", by=zhao_signatory, expected_version=seen)


def test_m60_reopening_keeps_the_approved_snapshot(
    reach, self_check: SelfCheck, wu_manager: User, chen_officer: User, schools: list[School]
) -> None:
    self_check = reach("approved")
    approved = latest(self_check)
    before = dict(approved.outcome)
    with pytest.raises(Unusable) as refused:
        take_step(self_check=self_check, step="reopen", by=wu_manager, comment="补报")
    assert list(refused.value.fields) == ["due_on"]
    entry = take_step(
        self_check=self_check,
        step="reopen",
        by=wu_manager,
        comment="补报",
        due_on=date(2099, 3, 1),
    )
    self_check.refresh_from_db()
    assert (self_check.state, self_check.due_on) == ("returned", date(2099, 3, 1))
    assert entry.due_on == date(2099, 3, 1)
    keep_clean(self_check, chen_officer, changes={(schools[1].code, "teachers"): 33})
    self_check.refresh_from_db()
    assert self_check.approved_evaluation == approved
    assert Evaluation.objects.get(pk=approved.pk).outcome == before


def test_history_is_never_rewritten(reach, self_check: SelfCheck) -> None:
    reach("approved")
    for row in (latest(self_check), self_check.trail.first()):
        with pytest.raises(AppendOnlyError):
            row.save()
        with pytest.raises(AppendOnlyError):
            row.delete()
        with pytest.raises(AppendOnlyError):
            type(row).objects.filter(pk=row.pk).update(number=9)
        with pytest.raises(AppendOnlyError):
            type(row).objects.all().delete()
    assert ReviewEntry.objects.count() == 4


def test_a_new_due_date_lies_ahead(reach, self_check: SelfCheck, wu_manager: User) -> None:
    reach("approved")
    with pytest.raises(Unusable, match="已经过去"):
        take_step(
            self_check=self_check,
            step="reopen",
            by=wu_manager,
            comment="补报",
            due_on=date(2001, 1, 1),
        )


def test_a_return_may_bring_a_new_day_so_that_nobody_is_late_at_once(
    reach, self_check: SelfCheck, chen_officer: User, zhou_inspector: User, wu_manager: User
) -> None:
    late = timezone.localdate() - timedelta(days=6)
    days = {"due_on": late, "fill_from": late - timedelta(days=30), "reason": "提前"}
    opening.set_deadline(year=2026, by=wu_manager, **days)
    self_check.refresh_from_db()
    reach("in_review")
    given = {"comment": "请核对", "evaluation_digest": latest(self_check).digest}
    with pytest.raises(Unusable, match="已经过去"):
        take_step(self_check=self_check, step="send_back", by=zhou_inspector, due_on=late, **given)
    ahead = date(2099, 3, 1)
    entry = take_step(
        self_check=self_check, step="send_back", by=zhou_inspector, due_on=ahead, **given
    )
    self_check.refresh_from_db()
    assert (entry.due_on, self_check.due_on, self_check.is_overdue()) == (ahead, ahead, False)
    told = Notice.objects.get(kind="step.send_back", recipient=chen_officer)
    assert "截止日 2099年3月1日" in text_of(told)


def test_other_steps_leave_the_day_alone(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("submitted")
    due_on = self_check.due_on
    entry = take_step(
        self_check=self_check, step="take_up", by=zhou_inspector, due_on=date(2001, 1, 1)
    )
    self_check.refresh_from_db()
    assert (entry.due_on, self_check.due_on) == (None, due_on)


@pytest.mark.parametrize("left_open", ["remark", "word"])
def test_approving_despite_what_was_left_open_needs_a_reason(
    left_open: str, reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("in_review")
    if left_open == "remark":
        on = reviews.Target("A2")
        remark = reviews.comment(self_check=self_check, text="附名单", by=zhou_inspector, on=on)
    else:
        said = {"indicator": "A2", "note": "与名册不符", "by": zhou_inspector}
        reviews.review_indicator(self_check=self_check, word="rejected", **said)
    words = {"remark": "还有 1 条意见没有办结", "word": "不认可的指标：A2"}[left_open]
    offer = next(o for o in open_steps(self_check, zhou_inspector) if o.step.name == "approve")
    assert (offer.is_open, words in offer.objections) == (True, True)
    with pytest.raises(Unusable, match=words) as refused:
        decide(self_check, "approve", zhou_inspector, comment=" ")
    assert list(refused.value.fields) == ["comment"]
    assert state_of(self_check) == "in_review"
    if left_open == "remark":
        reviews.settle(comment=remark, by=zhou_inspector)
        decide(self_check, "approve", zhou_inspector, comment="")
    else:
        decide(self_check, "approve", zhou_inspector, comment="已电话核实")
    assert state_of(self_check) == "approved"


def test_a_new_day_is_not_before_the_first(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("in_review")
    SelfCheck.objects.update(fill_from=date(2099, 1, 1), due_on=date(2099, 2, 1))
    given = {"comment": "请核对", "evaluation_digest": latest(self_check).digest}
    with pytest.raises(Unusable, match="早于开始填报日 2099年1月1日"):
        take_step(
            self_check=self_check,
            step="send_back",
            by=zhou_inspector,
            due_on=timezone.localdate(),
            **given,
        )


def test_what_the_district_wrote_down_itself_is_no_objection(
    reach, self_check: SelfCheck, chen_officer: User, zhou_inspector: User
) -> None:
    keep_clean(self_check, chen_officer)
    reviews.comment(self_check=self_check, text="95 → 97:漏报", by=chen_officer, on=A2)
    reach("in_review")
    decide(self_check, "approve", zhou_inspector, comment="")
    assert state_of(self_check) == "approved"


@pytest.mark.parametrize("comment", ["ok", "…", "无"])
def test_an_approval_against_open_remarks_needs_more_than_a_nod(
    reach, self_check: SelfCheck, zhou_inspector: User, comment: str
) -> None:
    reach("in_review")
    reviews.comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=A2)
    with pytest.raises(Unusable, match="写得太短"):
        decide(self_check, "approve", zhou_inspector, comment=comment)
