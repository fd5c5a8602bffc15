"""School plans: begun with the adopted plan, written by the officer, approved by another person."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.verification import differences_of_rows
from districts.models import User
from districts.roles import Role
from improvement.models import Measure, Plan, Progress, Revision, SchoolPlan, Stage
from improvement.services import measures, planning, progress, seeding, telling
from improvement.services.progress import report
from improvement.services.school_plans import take_step, take_steps
from selfchecks.contents import TooLarge
from selfchecks.models import Notice, SelfCheck
from tests.conftest import person
from tests.improvement.school_planning import WRITTEN


def test_every_school_the_adopted_plan_adds_to_begins_its_own(
    adopted: Plan, chen_officer: User
) -> None:
    seeding.take_over(self_check=adopted.self_check, by=chen_officer)
    (row,) = SchoolPlan.objects.all()
    assert (row.school_name, row.state, row.plan) == ("沙坪坝区第1学校", Stage.DRAFTING, adopted)
    added = [
        (each["measure"], Decimal(each["amount"]), Decimal(each["cost"]))
        for each in adopted.result["additions"]
    ]
    assert [(m.kind, m.amount, m.cost) for m in row.measures.all()] == added
    (measure,) = row.measures.all()
    assert (measure.name, measure.indicators, measure.unit) == ("提高 A5", ["A5"], "m2")
    assert Entry.objects.latest("number").action == "school_plan.begin"
    assert not list(differences_of_rows())


def test_what_schools_go_by_is_not_taken_back(
    school_plan: SchoolPlan, zhao_signatory: User
) -> None:
    with pytest.raises(Conflict, match="已按这个方案建立了 1 所学校的一校一策"):
        planning.take_back(plan=school_plan.plan, by=zhao_signatory, reason="算错了")


def test_what_is_there_is_not_begun_again(school_plan: SchoolPlan, chen_officer: User) -> None:
    with pytest.raises(Conflict, match="都已经有了一校一策"):
        seeding.take_over(self_check=school_plan.self_check, by=chen_officer)


def test_without_an_adopted_plan_there_is_nothing_to_take_over(
    priced: SelfCheck, chen_officer: User, zhou_inspector: User
) -> None:
    with pytest.raises(Conflict, match="还没有采用"):
        seeding.take_over(self_check=priced, by=chen_officer)
    with pytest.raises(NotAllowed):
        seeding.take_over(self_check=priced, by=zhou_inspector)


def test_what_is_not_written_is_named_and_not_sent(
    school_plan: SchoolPlan, chen_officer: User
) -> None:
    with pytest.raises(Conflict, match="提高 A5（责任人、开始日期、完成期限、经费来源）"):
        take_step(school_plan=school_plan, step="send", by=chen_officer)


def test_from_writing_to_approval(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> None:
    assert not SchoolPlan.objects.visible_to(zhou_inspector).exists()
    take_step(school_plan=written, step="send", by=chen_officer)
    with pytest.raises(NotAllowed, match="审签人办理"):
        take_step(school_plan=written, step="approve", by=chen_officer)
    done = take_step(school_plan=written, step="approve", by=zhao_signatory)
    assert (done.state, done.approved_by) == (Stage.APPROVED, zhao_signatory)
    assert SchoolPlan.objects.visible_to(zhou_inspector).get() == written
    assert Measure.objects.visible_to(zhou_inspector).exists()
    assert [entry.step for entry in written.trail.all()] == ["send", "approve"]
    assert Entry.objects.latest("number").action == "school_plan.approve"
    assert not list(differences_of_rows())


def test_whoever_wrote_it_does_not_approve_it(written: SchoolPlan, chen_officer: User) -> None:
    """Also after a change of role."""
    take_step(school_plan=written, step="send", by=chen_officer)
    User.objects.filter(pk=chen_officer.pk).update(role=Role.SIGNATORY)
    chen_officer.refresh_from_db()
    with pytest.raises(NotAllowed, match="另一人") as refused:
        take_step(school_plan=written, step="approve", by=chen_officer)
    assert refused.value.code == "four_eyes"


def test_it_goes_back_with_a_reason(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    take_step(school_plan=written, step="send", by=chen_officer)
    with pytest.raises(Unusable, match="请写明原因"):
        take_step(school_plan=written, step="send_back", by=zhao_signatory)
    take_step(school_plan=written, step="send_back", by=zhao_signatory, comment="经费未落实")
    notice = Notice.objects.filter(recipient=chen_officer).latest("pk")
    assert "赵明退回了沙坪坝区 1 所学校的一校一策：经费未落实" in notice_text(notice)


def notice_text(notice: Notice) -> str:
    from selfchecks.services.notice_words import text_of

    return text_of(notice)


def test_an_approved_measure_keeps_what_it_was_and_is_approved_again(
    approved: SchoolPlan, chen_officer: User, zhou_inspector: User
) -> None:
    measure = approved.measures.get()
    with pytest.raises(Unusable, match="写明改动的原因"):
        measures.change(measure=measure, by=chen_officer, due=date(2028, 6, 30))
    changed = measures.change(
        measure=measure, by=chen_officer, due=date(2028, 6, 30), reason="用地晚批"
    )
    assert changed.due == date(2028, 6, 30)
    revision = Revision.objects.latest("pk")
    assert revision.changes == {"due": ["2027-08-31", "2028-06-30"]}
    assert (revision.reason, revision.after_approval) == ("用地晚批", True)
    approved.refresh_from_db()
    assert approved.state == Stage.DRAFTING
    assert SchoolPlan.objects.visible_to(zhou_inspector).exists()  # it was approved once


def test_a_plan_that_waits_is_not_written_in(written: SchoolPlan, chen_officer: User) -> None:
    take_step(school_plan=written, step="send", by=chen_officer)
    with pytest.raises(Conflict, match="先撤回"):
        measures.change(measure=written.measures.get(), by=chen_officer, responsible="李")
    take_step(school_plan=written, step="recall", by=chen_officer)
    measures.change(measure=written.measures.get(), by=chen_officer, responsible="李")


def test_who_saw_another_version_is_told(written: SchoolPlan, chen_officer: User) -> None:
    with pytest.raises(Stale):
        take_step(school_plan=written, step="send", by=chen_officer, expected=written.version + 1)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"due": date(2027, 1, 1), "start": date(2027, 1, 2)}, "due"),
        ({"due": date(2025, 12, 31), "start": None}, "due"),  # the self-check is of 2026
        ({"funding": "other"}, "funding_note"),
        ({"funding": "lottery"}, "funding"),
        ({"cost": Decimal(-1)}, "cost"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    written: SchoolPlan, chen_officer: User, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unusable) as refused:
        measures.change(measure=written.measures.get(), by=chen_officer, **said)
    assert field in refused.value.fields


def test_a_number_with_fewer_noughts_is_no_change(written: SchoolPlan, chen_officer: User) -> None:
    """A form sends 1200.6 where 1200.60 is kept."""
    measure = written.measures.get()
    known = measure.revisions.count()
    same = Decimal(format(measure.amount.normalize(), "f"))
    assert str(same) != str(measure.amount)
    measures.change(measure=measure, by=chen_officer, amount=same)
    assert measure.revisions.count() == known


def test_people_add_and_drop_measures(written: SchoolPlan, chen_officer: User) -> None:
    said = {**WRITTEN, "amount": Decimal(2), "unit": "person", "name": "聘请退休骨干教师"}
    added = measures.add(
        school_plan=written, by=chen_officer, indicators=["A2"], stage="primary", **said
    )
    assert added.number == 2
    with pytest.raises(Unusable, match="取消的原因"):
        measures.drop(measure=added, by=chen_officer, reason=" ")
    measures.drop(measure=added, by=chen_officer, reason="没有人选")
    assert [m.number for m in Measure.objects.live()] == [1]
    with pytest.raises(Unusable, match="只能是整数"):
        measures.add(school_plan=written, by=chen_officer, **{**said, "amount": Decimal("1.5")})


def test_all_of_a_district_at_once(
    written: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    SchoolPlan.objects.create(  # a school whose measures nobody has written
        self_check=written.self_check, plan=written.plan, school_code="2100001002",
        school_name="沙坪坝区第2学校", begun_by=chen_officer, begun_at=written.begun_at,
    )  # fmt: skip
    sent = take_steps(self_check=written.self_check, step="send", by=chen_officer)
    assert [row.school_code for row in sent.done] == ["2100001001"]
    ((row, refusal),) = sent.refused
    assert (row.school_code, refusal.code) == ("2100001002", "no_measures")
    took = take_steps(self_check=written.self_check, step="approve", by=zhao_signatory)
    assert len(took.done) == 1
    with pytest.raises(Conflict):
        take_steps(self_check=written.self_check, step="approve", by=zhao_signatory)


def test_others_write_nothing(
    written: SchoolPlan, liu_officer: User, zhou_inspector: User, zhao_signatory: User
) -> None:
    for other in (liu_officer, zhou_inspector, zhao_signatory):
        with pytest.raises(NotAllowed):
            measures.change(measure=written.measures.get(), by=other, responsible="李")
        with pytest.raises(NotAllowed):
            take_step(school_plan=written, step="send", by=other)


def test_progress_waits_for_the_approval(written: SchoolPlan, chen_officer: User) -> None:
    with pytest.raises(Conflict, match="批准以后"):
        report(measure=written.measures.get(), by=chen_officer, done=Decimal(1))


def test_the_newest_amount_counts(approved: SchoolPlan, chen_officer: User) -> None:
    measure = approved.measures.get()
    for done in (Decimal(100), Decimal(60)):
        report(measure=measure, by=chen_officer, done=done, content=b"%PDF-1.7", name="验收.pdf")
    report(measure=measure, by=chen_officer, words="雨季停工")
    assert Measure.objects.with_done().get().done == 60
    row = Progress.objects.exclude(file="").latest("pk")
    assert (row.display_name, len(row.sha256)) == ("验收.pdf", 64)


def test_m19_there_is_a_limit_to_the_documents_of_a_year(
    approved: SchoolPlan, chen_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"measure": approved.measures.get(), "by": chen_officer, "words": "已招标"}
    monkeypatch.setattr(progress, "MOST_BYTES", 20)
    report(**sent, content=b"%PDF-1.7 aaa", name="一.pdf")
    with pytest.raises(TooLarge, match="上限") as refused:
        report(**sent, content=b"%PDF-1.7 b", name="二.pdf")
    assert set(refused.value.fields) == {"file"}
    report(**sent, content=b"%PDF-1.7", name="三.pdf")
    assert sorted(Progress.objects.values_list("size", flat=True)) == [8, 12]


def test_what_progress_cannot_be(approved: SchoolPlan, chen_officer: User) -> None:
    measure = approved.measures.get()
    for said, field in (
        ({}, "done"),
        ({"done": Decimal(-1)}, "done"),
        ({"done": Decimal(1), "day": date(2999, 1, 1)}, "day"),
    ):
        with pytest.raises(Unusable) as refused:
            report(measure=measure, by=chen_officer, **said)
        assert set(refused.value.fields) == {field}
    with pytest.raises(Unusable, match="扩展名"):
        report(measure=measure, by=chen_officer, words="x", content=b"MZ", name="a.pdf")
    assert not Progress.objects.exists()


def test_a_department_sees_and_answers_what_is_its_own(
    approved: SchoolPlan, he_planning: User, li_finance: User, chen_officer: User
) -> None:
    measures.change(
        measure=approved.measures.get(), by=chen_officer, office="planning", reason="规划部门办"
    )
    measure = approved.measures.get()
    assert Measure.objects.visible_to(he_planning).get() == measure
    report(measure=measure, by=he_planning, words="用地预审已受理")
    assert Progress.objects.visible_to(he_planning).exists()
    assert not Measure.objects.visible_to(li_finance).exists()
    assert not Progress.objects.visible_to(li_finance).exists()
    assert not SchoolPlan.objects.visible_to(he_planning).exists()
    assert not SelfCheck.objects.visible_to(he_planning).exists()
    with pytest.raises(NotAllowed):
        report(measure=measure, by=li_finance, words="不是我们的")


def test_a_department_of_another_district_sees_nothing(
    approved: SchoolPlan, tongliang: Any
) -> None:
    other = person("bureau_x", "外区", Role.DEPARTMENT, tongliang, office="planning")
    Measure.objects.update(office="planning")
    assert not Measure.objects.visible_to(other).exists()
    with pytest.raises(NotAllowed):
        report(measure=approved.measures.get(), by=other, words="x")


def test_late_measures_are_told_on_the_working_day(
    approved: SchoolPlan, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> None:
    """Due on Tuesday 31 August 2027; Wednesday is the first working day after."""
    assert not telling.tell_of_late(day=date(2027, 8, 31))
    assert {n.recipient for n in telling.tell_of_late(day=date(2027, 9, 1))} == {chen_officer}
    assert not telling.tell_of_late(day=date(2027, 9, 1))
    assert not telling.tell_of_late(day=date(2027, 9, 4))  # a Saturday
    (notice,) = telling.tell_of_late(day=date(2027, 9, 21))
    assert notice.recipient == zhao_signatory
    assert notice.params["days"] == 15
    report(measure=approved.measures.get(), by=chen_officer, done=Decimal(99_999_999))
    assert not telling.tell_of_late(day=date(2027, 10, 20))
