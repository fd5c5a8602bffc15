"""Steps: who may take which, what they leave behind, and what they refuse."""

from datetime import date

import pytest
from django.http import Http404

from audit.models import AppendOnlyError, Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.services import verify
from districts.models import School, User
from districts.roles import Role
from selfchecks.models import Evaluation, Notice, ReviewEntry, SelfCheck
from selfchecks.services import evaluations, uploads
from selfchecks.services.steps import AlreadyTaken, open_steps, take_step
from tests.selfchecks.conftest import decide, keep_clean, latest
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
        "这份自查现在是「待审签」(陈静 已办理「送负责人审签」),不能开始复核。"
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


def test_m56_the_second_inspector_sees_who_reviews(
    reach, self_check: SelfCheck, sun_inspector: User
) -> None:
    self_check = reach("in_review")
    for offer in open_steps(self_check, sun_inspector):
        assert "周岚 正在复核" in offer.blocked_by
    with pytest.raises(Conflict, match="周岚 正在复核"):
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
                comment="x",
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
        evaluation_digest=outcome["digest"],
    )
    assert entry.evaluation_digest == outcome["digest"]


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


def test_steps_offered_are_those_of_the_state_with_their_blockers(
    reach, self_check: SelfCheck, chen_officer: User, zhao_signatory: User
) -> None:
    self_check = reach("awaiting_signature")
    offers = {offer.step.name: offer for offer in open_steps(self_check, zhao_signatory)}
    assert list(offers) == ["recall", "decline", "submit"]
    assert [offer.is_open for offer in offers.values()] == [False, True, True]
    assert offers["recall"].blocked_by == "「撤回送审」由填报员办理,您的账号不能做这一步。"


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
