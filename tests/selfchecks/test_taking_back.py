"""A decision is taken back with a reason: a return until the district writes, an approval until
something rests on it; then all is as it was when the figures were handed in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import verify
from districts.models import User
from schedule.models import CertificationStep
from schedule.services import certifications
from selfchecks import clock
from selfchecks.models import Notice, SelfCheck
from selfchecks.services import reviews
from selfchecks.services.notices import text_of
from selfchecks.services.readiness import latest_approvals, readiness
from selfchecks.services.steps import take_step
from tests.selfchecks.conftest import decide, latest

RETURN, APPROVAL = "take_back_return", "take_back_approval"
UNDO = {"returned": RETURN, "approved": APPROVAL}
REASON = "退错了区县,应退回的是另一个"


def take_back(self_check: SelfCheck, by: User, comment: str = REASON) -> Any:
    self_check.refresh_from_db()
    return take_step(self_check=self_check, step=UNDO[self_check.state], by=by, comment=comment)


@pytest.mark.parametrize("state", UNDO)
def test_the_decision_is_undone_and_the_review_goes_on(
    state: str, reach, self_check: SelfCheck, zhou_inspector: User, chen_officer: User
) -> None:
    decided = reach(state).trail.last()
    entry = take_back(self_check, zhou_inspector)
    self_check.refresh_from_db()
    assert (self_check.state, self_check.inspector) == ("in_review", zhou_inspector)
    assert (entry.number, entry.comment) == (decided.number + 1, REASON)
    assert entry.evaluation_digest == decided.evaluation_digest
    assert self_check.approved_evaluation is None
    told = Notice.objects.get(kind=f"step.{UNDO[state]}", recipient=chen_officer)
    assert REASON in text_of(told)
    assert "周岚收回了沙坪坝区 2026 年度自查的" in text_of(told)
    assert verify() is None
    # The same figures are decided on again, without another submission.
    decide(self_check, "approve", zhou_inspector)
    assert readiness()["500106"].digest == decided.evaluation_digest


@pytest.mark.parametrize("state", UNDO)
def test_it_needs_a_reason_that_says_something(
    state: str, reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach(state)
    for comment in ("", "…"):
        with pytest.raises(Unusable) as refused:
            take_back(self_check, zhou_inspector, comment)
        assert list(refused.value.fields) == ["comment"]


@pytest.mark.parametrize("state", UNDO)
def test_by_whoever_decided_or_a_manager_and_by_nobody_else(
    state: str,
    reach,
    self_check: SelfCheck,
    zhou_inspector: User,
    sun_inspector: User,
    wu_manager: User,
    chen_officer: User,
) -> None:
    reach(state)
    with pytest.raises(Conflict, match="这个决定由周岚作出"):
        take_back(self_check, sun_inspector)
    with pytest.raises(NotAllowed):
        take_back(self_check, chen_officer)
    take_back(self_check, wu_manager)
    self_check.refresh_from_db()
    assert self_check.inspector == zhou_inspector  # who goes on with the review
    assert Notice.objects.filter(kind=f"step.{UNDO[state]}", recipient=zhou_inspector).exists()


def test_an_approval_holds_once_a_certification_step_rests_on_it(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    reach("approved")
    record_application(self_check, wu_manager)
    with pytest.raises(Conflict, match="已是认定的依据") as refused:
        take_back(self_check, zhou_inspector)
    assert refused.value.code == "rested_on"
    self_check.refresh_from_db()
    assert self_check.state == "approved"


def record_application(self_check: SelfCheck, by: User) -> Any:
    return certifications.record_event(
        district=self_check.district,
        step=CertificationStep.objects.filter(is_announcement=False).first(),
        result="started",
        day=timezone.localdate(),
        by=by,
        evidence=latest(self_check),
    )


def test_what_was_taken_back_is_no_evidence(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    reach("approved")
    take_back(self_check, zhou_inspector)
    with pytest.raises(Unusable, match="复核通过的结果"):
        record_application(self_check, wu_manager)


def test_public_figures_go_back_and_say_so(
    reach, self_check: SelfCheck, zhou_inspector: User, client: Client
) -> None:
    reach("approved")
    page = "/districts/500106/"
    assert "2026 年度自查经市级复核" in client.get(page).content.decode()
    take_back(self_check, zhou_inspector)
    assert latest_approvals() == readiness() == {}
    now = client.get(page).content.decode()
    assert "2026 年度自查经市级复核" not in now
    assert "更正" in now
    assert "2026 年度自查先前公布的结果已于" in now
    assert "正在重新复核" in now
    decide(self_check, "approve", zhou_inspector)
    again = client.get(page).content.decode()
    assert "2026 年度自查经市级复核" in again
    assert "2026 年度自查先前公布的结果已于" in again
    assert "正在重新复核" not in again


def test_it_can_be_asked_what_stood_on_a_day(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    now, day = timezone.now(), timedelta(days=1)
    with clock.at(now - 3 * day):
        reach("approved")
    with clock.at(now - day):
        take_back(self_check, zhou_inspector)
    stood = [bool(latest_approvals(day=timezone.localdate(now - n * day))) for n in range(5)]
    assert stood == [False, False, True, True, False]


def test_words_of_a_decision_taken_back_are_the_inspectors_again(
    reach, self_check: SelfCheck, zhou_inspector: User, chen_officer: User
) -> None:
    reach("in_review")
    said = {"indicator": "A2", "word": "questioned", "note": "与名册不符", "by": zhou_inspector}
    reviews.review_indicator(self_check=self_check, **said)
    decide(self_check, "send_back", zhou_inspector)
    evaluation = latest(self_check)
    assert reviews.words_for(evaluation, chen_officer).count() == 1
    take_back(self_check, zhou_inspector)
    assert reviews.words_for(evaluation, chen_officer).count() == 0
    assert reviews.last_decided(self_check) is None


def test_an_earlier_approval_counts_again(
    reach, self_check: SelfCheck, zhou_inspector, wu_manager, chen_officer, zhao_signatory
) -> None:
    first = reach("approved").approved_evaluation
    day = timezone.localdate() + timedelta(days=30)
    take_step(self_check=self_check, step="reopen", by=wu_manager, comment="补报", due_on=day)
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    decide(self_check, "approve", zhou_inspector)
    take_back(self_check, zhou_inspector)
    self_check.refresh_from_db()
    assert self_check.approved_evaluation == first
    assert latest_approvals()["500106"].evaluation == first


def test_a_second_click_takes_back_once(reach, self_check: SelfCheck, zhou_inspector: User) -> None:
    reach("returned")
    take_back(self_check, zhou_inspector)
    before = Entry.objects.count()
    with pytest.raises(Conflict) as again:
        take_step(self_check=self_check, step=RETURN, by=zhou_inspector, comment=REASON)
    assert again.value.code == "already_taken"
    assert Entry.objects.count() == before
