"""What people decide in the ledger, on messages of the public and on school plans is signed, many
at once too."""

from collections.abc import Iterable

from django.utils import timezone

from audit import signing
from audit.models import Entry
from audit.services import verify
from audit.verification import differences_of_rows
from crypto.keys import Keyring
from districts.models import District, User
from improvement.ledger.steps import STEPS as OF_PROBLEMS
from improvement.models import Feedback, Problem, SchoolPlan
from improvement.school_plans.workflow import STEPS as OF_SCHOOL_PLANS
from improvement.services import feedback, feedback_bulk
from improvement.services.ledger import found
from improvement.services.ledger_acts import take_step
from improvement.services.ledger_bulk import take_steps
from improvement.services.school_plans import take_step as take_plan
from improvement.voices.feedback_steps import STEPS as OF_MESSAGES
from selfchecks.step import Edge
from tests.improvement.test_feedback import say
from tests.selfchecks.test_signatures import ring

__all__ = ["ring"]  # a fixture
REASON = "登记重复了，已经并入另一条"


def signed() -> list[tuple[str, str]]:
    rows = Entry.objects.exclude(signature={}).order_by("number")
    return [(row.action, row.signature["person"]) for row in rows.defer(None)]


def problems(*districts: District) -> list[Problem]:
    return [
        found(by=None, district=district, source="visit", key=str(n), words="缺录像")
        for n, district in enumerate(districts)
    ]


def test_the_steps_that_decide_and_no_others_are_signed() -> None:
    def of(subject: str, steps: Iterable[Edge]) -> set[str]:
        return {step.name for step in steps if f"{subject}.{step.name}" in signing.decisions}

    assert of("problem", OF_PROBLEMS) == {"close", "decline", "take_back", "reopen", "void"}
    assert of("school_plan", OF_SCHOOL_PLANS) == {"approve", "send_back"}
    answered = {"reply", "answer", "set_aside", "publish", "unpublish", "reopen"}
    assert of("feedback", OF_MESSAGES) == answered


def test_many_problems_are_signed_by_one_signature_a_district(
    ring: Keyring, shapingba: District, tongliang: District, zhou_inspector: User
) -> None:
    rows = problems(shapingba, tongliang, shapingba)
    take_steps(problems=Problem.objects.all(), step="void", by=zhou_inspector, comment=REASON)
    assert signed() == [("problem.void", "inspector")] * 2
    entry = Entry.objects.defer(None).get(action="problem.void", district_code="500106")
    assert set(entry.seals["improvement.problem"]) == {str(rows[0].pk), str(rows[2].pk)}
    assert verify() is None
    later = timezone.now()
    Problem.objects.filter(pk=rows[2].pk).update(state="closed", changed_at=later)  # without a word
    assert [each.key for each in differences_of_rows()] == [str(rows[2].pk)]


def test_what_a_bureau_begins_and_the_portal_does_by_itself_is_not_signed(
    ring: Keyring, shapingba: District, chen_officer: User, zhou_inspector: User
) -> None:
    (row,) = problems(shapingba)
    assert signed() == []
    closed = take_step(problem=row, step="void", by=zhou_inspector, comment=REASON)
    again = take_step(problem=closed, step="reopen", by=zhou_inspector, comment="又发生了")
    take_step(problem=again, step="claim", by=chen_officer, comment="已装好录像设备")
    assert [action for action, _person in signed()] == ["problem.void", "problem.reopen"]


def test_what_a_bureau_replies_and_the_city_answers_is_signed_under_the_seal_of_its_words(
    ring: Keyring, shapingba: District, chen_officer: User, zhou_inspector: User
) -> None:
    row = say(district=shapingba)
    for step, by, said in (
        ("take_up", zhou_inspector, {}),
        ("pass_on", zhou_inspector, {"passed_to": shapingba}),
        ("reply", chen_officer, {"reply": "已换灯"}),
        ("answer", zhou_inspector, {"answer": "路灯已于11月修好。"}),
    ):
        row = feedback.take_step(feedback=row, step=step, by=by, **said)
    assert signed() == [("feedback.reply", "officer_500106"), ("feedback.answer", "inspector")]
    Feedback.objects.filter(pk=row.pk).update(answer="没有这回事")
    assert [each.key for each in differences_of_rows()] == [str(row.pk)]


def test_each_message_of_a_wave_is_signed(
    ring: Keyring, shapingba: District, zhou_inspector: User
) -> None:
    keys = [say(code=f"{n:026d}", district=shapingba).pk for n in range(3)]
    feedback_bulk.set_aside(keys=keys, by=zhou_inspector, reason="同样的广告发了多次")
    assert signed() == [("feedback.set_aside", "inspector")] * 3
    assert verify() is None


def test_a_school_plan_is_signed_by_who_approves_it(
    ring: Keyring, written: SchoolPlan, chen_officer: User, zhao_signatory: User
) -> None:
    before = len(signed())  # the plan of additions was adopted
    take_plan(school_plan=written, step="send", by=chen_officer)
    take_plan(school_plan=written, step="approve", by=zhao_signatory)
    assert signed()[before:] == [("school_plan.approve", "signatory_500106")]
