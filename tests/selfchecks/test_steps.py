"""Steps: who may take which, what they leave behind, and what they refuse."""

import pytest
from django.http import Http404

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import verify
from districts.models import School, User
from districts.roles import Role
from selfchecks.models import Evaluation, Notice, SelfCheck
from selfchecks.services import uploads
from selfchecks.services.steps import AlreadyTaken, open_steps, take_step
from tests.selfchecks.conftest import latest
from tests.selfchecks.workbook_files import workbook


def state_of(self_check: SelfCheck) -> str:
    return SelfCheck.objects.values_list("state", flat=True).get(pk=self_check.pk)


def test_the_whole_way_from_draft_to_approved(reach, self_check: SelfCheck) -> None:
    reach("approved")
    trail = list(self_check.trail.values_list("number", "step", "from_state", "to_state"))
    assert trail == [
        (1, "send_for_signature", "draft", "awaiting_signature"),
        (2, "submit", "awaiting_signature", "submitted"),
        (3, "take_up", "submitted", "in_review"),
        (4, "approve", "in_review", "approved"),
    ]
    evaluation = latest(self_check)
    self_check.refresh_from_db()
    assert self_check.approved_evaluation == evaluation
    assert [entry.evaluation for entry in self_check.trail.all()] == [
        None,
        evaluation,
        None,
        evaluation,
    ]
    assert self_check.trail.get(step="submit").receipt == "500106-2026-002"
    assert verify() is None


def test_every_step_leaves_one_audit_entry_and_tells_the_others(
    reach, self_check: SelfCheck, zhao_signatory: User, chen_officer: User, zhou_inspector: User
) -> None:
    reach("submitted")
    steps = Entry.objects.filter(action__startswith="self_check.s").order_by("number")
    assert [(entry.action, entry.actor) for entry in steps] == [
        ("self_check.send_for_signature", "officer_500106"),
        ("self_check.submit", "signatory_500106"),
    ]
    told = Notice.objects.filter(kind__startswith="step.").order_by("pk")
    assert [(notice.kind, notice.recipient) for notice in told] == [
        ("step.send_for_signature", zhao_signatory),
        ("step.submit", chen_officer),
        ("step.submit", zhou_inspector),
    ]


def test_nothing_is_sent_without_a_workbook(self_check: SelfCheck, chen_officer: User) -> None:
    with pytest.raises(Conflict, match="工作簿"):
        take_step(self_check=self_check, step="send_for_signature", by=chen_officer)


def test_unexplained_warnings_hold_the_step_back(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    changes = {(schools[0].code, "music_rooms"): None, (schools[1].code, "art_rooms"): None}
    content = workbook(self_check, changes)
    uploads.keep(self_check=self_check, content=content, name="a.xlsx", by=chen_officer)
    with pytest.raises(Conflict, match="还有 2 个警告"):
        take_step(self_check=self_check, step="send_for_signature", by=chen_officer)


@pytest.mark.parametrize(
    ("step", "state", "person"),
    [
        ("submit", "awaiting_signature", "chen_officer"),
        ("send_for_signature", "draft", "zhao_signatory"),
        ("approve", "in_review", "zhao_signatory"),
        ("take_up", "submitted", "wu_manager"),
        ("reopen", "approved", "zhou_inspector"),
        ("take_up", "submitted", "he_auditor"),
    ],
)
def test_m38_roles_take_only_their_own_steps(
    step: str, state: str, person: str, reach, self_check: SelfCheck, request
) -> None:
    if state == "draft":
        pass
    else:
        reach(state)
    with pytest.raises(NotAllowed):
        take_step(
            self_check=self_check,
            step=step,
            by=request.getfixturevalue(person),
            comment="x",
            evaluation_digest="x",
        )
    assert state_of(self_check) == state


def test_m37_another_district_is_not_found(reach, self_check: SelfCheck, liu_officer: User) -> None:
    with pytest.raises(Http404):
        take_step(self_check=self_check, step="send_for_signature", by=liu_officer)


def test_m59_a_step_that_is_not_open_says_what_happened(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("awaiting_signature")
    with pytest.raises(Conflict) as refused:
        take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    assert str(refused.value) == (
        "这份自查现在是「待审签」（陈静已办理「送负责人审签」），不能开始复核。"
    )


def test_an_unknown_step_is_named(self_check: SelfCheck, chen_officer: User) -> None:
    with pytest.raises(Unusable, match="fly"):
        take_step(self_check=self_check, step="fly", by=chen_officer)


def test_m53_a_second_click_returns_the_first_receipt(
    reach, self_check: SelfCheck, zhao_signatory: User
) -> None:
    reach("awaiting_signature")
    first = take_step(self_check=self_check, step="submit", by=zhao_signatory)
    with pytest.raises(AlreadyTaken) as again:
        take_step(self_check=self_check, step="submit", by=zhao_signatory)
    assert again.value.entry == first
    assert Evaluation.objects.count() == 1


def test_m42_the_one_who_prepared_does_not_sign(
    reach, self_check: SelfCheck, chen_officer: User
) -> None:
    reach("awaiting_signature")
    chen_officer.role = Role.SIGNATORY
    chen_officer.save()
    with pytest.raises(NotAllowed) as refused:
        take_step(self_check=self_check, step="submit", by=chen_officer)
    assert refused.value.code == "four_eyes"
    assert "填报" in str(refused.value)


def test_m42_the_one_who_signed_does_not_review(
    reach, self_check: SelfCheck, zhao_signatory: User
) -> None:
    reach("submitted")
    zhao_signatory.role, zhao_signatory.reach, zhao_signatory.district = (
        Role.INSPECTOR,
        "city",
        None,
    )
    zhao_signatory.save()
    with pytest.raises(NotAllowed) as refused:
        take_step(self_check=self_check, step="take_up", by=zhao_signatory)
    assert refused.value.code == "four_eyes"


def test_steps_offered_are_those_of_the_state_with_their_blockers(
    reach, self_check: SelfCheck, chen_officer: User, zhao_signatory: User
) -> None:
    self_check = reach("awaiting_signature")
    offers = {offer.step.name: offer for offer in open_steps(self_check, zhao_signatory)}
    assert list(offers) == ["recall", "decline", "submit"]
    assert [offer.is_open for offer in offers.values()] == [False, True, True]
    assert offers["recall"].blocked_by == "「撤回送审」由填报员办理，您的账号不能做这一步。"
