"""A district asks to reopen what was approved; granted with a day, declined with a reason, and past
the day everything is as it was."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit import periodic
from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import verify
from audit.verification import differences_of_rows
from districts.models import District, School, User
from selfchecks.models import Notice, ReviewEntry, SelfCheck, State
from selfchecks.services import evaluations, reopening
from selfchecks.services.evaluations import replay_all
from selfchecks.services.notices import text_of
from selfchecks.services.readiness import readiness
from selfchecks.services.reported import from_records
from selfchecks.services.steps import AlreadyTaken, open_steps, take_step
from tests.selfchecks.conftest import DUE_ON, keep_clean

WHY = "漏报一所学校的骨干教师;将改第 2 学校的骨干教师数"
Reach = Callable[[str], SelfCheck]


def ask(self_check: SelfCheck, by: User, comment: str = WHY) -> ReviewEntry:
    return take_step(self_check=self_check, step="ask_reopening", by=by, comment=comment)


def grant(self_check: SelfCheck, by: User, due_on: date) -> ReviewEntry:
    return take_step(self_check=self_check, step="grant_reopening", by=by, due_on=due_on)


@pytest.fixture
def asked(reach: Reach, zhao_signatory: User, wu_manager: User) -> SelfCheck:
    self_check = reach("approved")
    ask(self_check, zhao_signatory)
    self_check.refresh_from_db()
    return self_check


def test_asking_changes_nothing_and_tells_the_manager(asked: SelfCheck, wu_manager: User) -> None:
    assert asked.state == State.APPROVED
    assert asked.trail.last().comment == WHY
    told = Notice.objects.get(recipient=wu_manager, kind="step.ask_reopening")
    assert text_of(told) == f"赵明申请重新开启沙坪坝区 2026 年度自查：{WHY}"


def test_asking_says_why_and_is_the_chiefs_affair(
    reach: Reach, zhao_signatory: User, chen_officer: User
) -> None:
    self_check = reach("approved")
    for nothing in ("", "改"):
        with pytest.raises(Unusable):
            ask(self_check, zhao_signatory, nothing)
    with pytest.raises(NotAllowed):
        ask(self_check, chen_officer)


def test_a_second_click_asks_once_and_a_second_person_is_told(
    asked: SelfCheck, zhao_signatory: User, shapingba: District
) -> None:
    with pytest.raises(AlreadyTaken):
        ask(asked, zhao_signatory)
    other = User.objects.create_user(
        "signatory2",
        "x",
        display_name="钱进",
        role="signatory",
        reach="district",
        district=shapingba,
    )
    with pytest.raises(Conflict, match="赵明已于 .* 申请重新开启"):
        ask(asked, other)
    assert asked.trail.filter(step="ask_reopening").count() == 1


def test_nothing_is_granted_or_declined_unasked(reach: Reach, wu_manager: User) -> None:
    self_check = reach("approved")
    for step in ("grant_reopening", "decline_reopening"):
        with pytest.raises(Conflict, match="没有等待答复"):
            take_step(self_check=self_check, step=step, by=wu_manager, comment="不同意这样改")


def test_declined_with_a_reason_it_may_be_asked_again(
    asked: SelfCheck, wu_manager: User, zhao_signatory: User, chen_officer: User
) -> None:
    decline = {"self_check": asked, "step": "decline_reopening", "by": wu_manager}
    with pytest.raises(Unusable):
        take_step(**decline)
    take_step(**decline, comment="数据没有实质变化")
    told = Notice.objects.get(recipient=chen_officer, kind="step.decline_reopening")
    assert text_of(told).endswith("数据没有实质变化")
    asked.refresh_from_db()
    assert asked.state == State.APPROVED
    ask(asked, zhao_signatory)


def test_a_grant_needs_a_day_to_come(asked: SelfCheck, wu_manager: User) -> None:
    with pytest.raises(Unusable):
        take_step(self_check=asked, step="grant_reopening", by=wu_manager)
    with pytest.raises(Unusable):
        grant(asked, wu_manager, timezone.localdate() - timedelta(days=1))


def test_past_its_day_everything_is_as_it_was(
    asked: SelfCheck,
    schools: list[School],
    wu_manager: User,
    chen_officer: User,
    zhao_signatory: User,
) -> None:
    digest, figures = asked.approved_evaluation.digest, from_records(asked)
    places = dict(asked.school_records.values_list("school_code", "cells"))
    public = readiness()
    due = timezone.localdate() + timedelta(days=3)
    grant(asked, wu_manager, due)
    changes = {(schools[1].code, "backbone_teachers_junior"): 6}
    asked.refresh_from_db()
    keep_clean(asked, chen_officer, changes=changes)
    assert (asked.state, asked.due_on) == (State.RETURNED, due)
    take_step(self_check=asked, step="send_for_signature", by=chen_officer)
    assert reopening.lapse_all(day=due) == 0
    assert reopening.lapse_all(day=due + timedelta(days=1)) == 1
    assert reopening.lapse_all(day=due + timedelta(days=1)) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.due_on) == (State.APPROVED, DUE_ON)
    assert asked.approved_evaluation.digest == digest == evaluations.try_out(asked).digest
    assert from_records(asked) == figures
    assert dict(asked.school_records.values_list("school_code", "cells")) == places
    assert asked.uploads.get(is_current=True) == asked.approved_evaluation.upload
    assert readiness() == public
    last = asked.trail.last()
    assert (last.step, last.actor, last.actor_name) == ("lapse_reopening", None, "系统")
    told = Notice.objects.filter(kind="step.lapse_reopening").values_list("recipient__username")
    assert {name for (name,) in told} == {"manager", "officer_500106", "signatory_500106"}
    assert verify() is None
    assert all(replayed.is_same for replayed in replay_all())
    assert [str(difference) for difference in differences_of_rows()] == []


def test_the_figures_come_back_though_the_file_is_gone(
    asked: SelfCheck, schools: list[School], wu_manager: User, chen_officer: User
) -> None:
    figures, due = from_records(asked), timezone.localdate()
    grant(asked, wu_manager, due)
    asked.refresh_from_db()
    keep_clean(asked, chen_officer, changes={(schools[1].code, "backbone_teachers_junior"): 6})
    upload = asked.approved_evaluation.upload
    upload.file.storage.delete(upload.file.name)
    reopening.lapse_all(day=due + timedelta(days=1))
    assert from_records(asked) == figures


def test_what_was_handed_in_in_time_is_not_taken_back(
    asked: SelfCheck, wu_manager: User, chen_officer: User, zhao_signatory: User
) -> None:
    due = timezone.localdate()
    grant(asked, wu_manager, due)
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step(self_check=asked, step=step, by=by)
    assert reopening.lapse_all(day=due + timedelta(days=9)) == 0


def test_what_the_city_reopened_itself_does_not_lapse(reach: Reach, wu_manager: User) -> None:
    self_check, due = reach("approved"), timezone.localdate()
    take_step(self_check=self_check, step="reopen", by=wu_manager, comment="数据有误", due_on=due)
    assert reopening.lapse_all(day=due + timedelta(days=1)) == 0


def test_it_is_among_the_periodic_jobs() -> None:
    job = periodic.JOBS["reopenings"]
    assert job.daily
    assert job.run is reopening.lapse_all


def test_no_account_can_take_the_calendars_step(
    asked: SelfCheck, wu_manager: User, zhao_signatory: User
) -> None:
    grant(asked, wu_manager, timezone.localdate())
    asked.refresh_from_db()
    for by in (wu_manager, zhao_signatory):
        with pytest.raises(NotAllowed, match="由系统按期办理"):
            take_step(self_check=asked, step="lapse_reopening", by=by)
        assert "lapse_reopening" not in [offer.step.name for offer in open_steps(asked, by)]
