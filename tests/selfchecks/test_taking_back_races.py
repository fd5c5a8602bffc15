"""Taking a decision back against whoever acts on it at the same moment: one of them wins."""

from typing import Any

import pytest
from django.utils import timezone

from audit.refusals import Refused
from audit.services import verify
from districts.models import User
from schedule.models import CertificationEvent, CertificationStep
from schedule.services import certifications
from selfchecks.models import SelfCheck
from selfchecks.services.evidence import add_evidence
from selfchecks.services.reviews import Target, comment
from selfchecks.services.steps import AlreadyTaken
from tests.selfchecks.conftest import decide, latest
from tests.selfchecks.test_concurrency import RACES, THREADS, at_once, step

pytestmark = [pytest.mark.race, *RACES]
REASON = {"comment": "退错了区县,请继续等复核"}


def taken(answers: list[Any]) -> list[Any]:
    return [answer for answer in answers if not isinstance(answer, Refused)]


def test_the_inspector_and_a_manager_take_it_back_once(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    reach("returned")
    people = (zhou_inspector, wu_manager) * (THREADS // 2)
    answers = at_once(*(step(self_check, "take_back_return", who, **REASON) for who in people))
    assert len(taken(answers)) == 1
    assert any(isinstance(answer, AlreadyTaken) for answer in answers)
    self_check.refresh_from_db()
    assert (self_check.state, self_check.inspector) == ("in_review", zhou_inspector)
    assert self_check.trail.filter(step="take_back_return").count() == 1
    assert verify() is None


def test_the_districts_first_write_and_the_take_back_never_both_happen(
    reach, self_check: SelfCheck, zhou_inspector: User, chen_officer: User
) -> None:
    reach("returned")

    def attach() -> Any:
        given = {"indicator": "B1", "content": b"%PDF-1.7 2", "name": "补充.pdf"}
        return add_evidence(self_check=self_check, by=chen_officer, **given)

    answers = at_once(attach, step(self_check, "take_back_return", zhou_inspector, **REASON))
    assert len(taken(answers)) == 1
    self_check.refresh_from_db()
    has_evidence = self_check.evidence.filter(display_name="补充.pdf").exists()
    assert (self_check.state == "returned") is has_evidence
    assert verify() is None


def test_nothing_rests_on_an_approval_that_was_taken_back(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    reach("approved")
    evidence = latest(self_check)
    announced = CertificationStep.objects.filter(is_announcement=False).first()

    def rest() -> Any:
        return certifications.record_event(
            district=self_check.district,
            step=announced,
            result="started",
            day=timezone.localdate(),
            by=wu_manager,
            evidence=evidence,
        )

    answers = at_once(rest, step(self_check, "take_back_approval", zhou_inspector, **REASON))
    assert len(taken(answers)) == 1
    self_check.refresh_from_db()
    rests = CertificationEvent.objects.filter(evidence=evidence).exists()
    assert (self_check.state == "approved") is rests
    assert verify() is None


def test_a_remark_and_a_decision_end_without_a_deadlock(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    reach("returned")

    def remark() -> Any:
        return comment(self_check=self_check, text="另请核对", by=wu_manager, on=Target("A3"))

    answers = at_once(*(step(self_check, "take_back_return", zhou_inspector, **REASON), remark) * 4)
    assert len(taken(answers)) == 5  # four remarks, one step
    decide(self_check, "send_back", zhou_inspector)
