"""回头看: tested on approval, its way through the table, and its end in a revocation."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.utils.translation import override

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import District, User
from improvement.models import Problem
from schedule.models import CertificationEvent, LookBack
from schedule.regression import regressions
from schedule.services import look_backs
from schedule.services.look_back_steps import take_step
from selfchecks.models import Notice
from selfchecks.services.steps import take_step as take_step_of_self_check
from tests.schedule.applying import Reach
from tests.schedule.looking_back import (
    WORDS,
    case,
    failing,
    reach,
    schools,
    self_check,
    walk,
)

__all__ = ["case", "failing", "reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("action", flat=True))


# -- tested on approval ----------------------------------------------------------------------------


def test_an_approval_that_meets_the_standard_is_recorded_as_held(reach: Reach) -> None:
    approved = reach("approved")
    case = LookBack.objects.get(district=approved.district)
    assert (case.state, case.grade, case.findings, case.due_on) == ("held", "", [], None)
    assert case.certified_on == date(2025, 3, 14)
    assert (
        actions()[-2:] == ["self_check.approve", "look_back.hold"] or "look_back.hold" in actions()
    )


def test_a_regression_opens_a_case_with_a_day_in_working_days(
    case: LookBack, chen_officer: User, zhao_signatory: User
) -> None:
    assert (case.state, case.grade) == ("opened", "lost")
    (found,) = case.findings
    assert (found["indicator"], found["grade"], found["required"]) == ("B7", "lost", "6000")
    assert case.due_on >= case.opened_on + timedelta(days=25)  # twenty working days
    told = Notice.objects.filter(kind="look_back.open")
    assert {row.recipient for row in told} >= {chen_officer, zhao_signatory}
    assert Entry.objects.get(action="look_back.open").district_code == "500106"


def test_what_the_figures_entered_stands_in_the_ledger_once(case: LookBack) -> None:
    (line,) = Problem.objects.filter(district=case.district)
    assert (line.source, line.indicator, line.state) == ("evaluation", "B7", "open")
    assert look_backs.lines_of(case) == [line.pk]


@pytest.mark.parametrize("state", ["closed", "void"])
def test_what_the_figures_do_not_say_any_more_is_a_line_of_its_own(
    case: LookBack, state: str
) -> None:
    Problem.objects.update(state=state)
    look_backs.keep(case=case, found=regressions(case.evaluation.result), by=None)
    (line,) = Problem.objects.filter(source="look_back")
    assert (line.indicator, line.required, line.due_on) == ("B7", "6000", case.due_on)
    assert line.told == "全区县：不达标（区县一级）"  # the ledger says B7 before it
    with override("en"):
        assert line.told == "The whole unit: not met (whole unit)"
    assert look_backs.lines_of(case) == [line.pk]


def test_units_that_are_not_certified_are_not_tested(reach: Reach, shapingba: District) -> None:
    CertificationEvent.objects.filter(district=shapingba).update(date=date(2030, 1, 1))
    reach("approved")
    assert not LookBack.objects.exists()


def test_a_certification_recorded_late_is_made_up_for_once(
    reach: Reach, shapingba: District
) -> None:
    CertificationEvent.objects.filter(district=shapingba).update(date=date(2030, 1, 1))
    reach("approved")
    CertificationEvent.objects.filter(district=shapingba).update(date=date(2025, 3, 14))
    assert look_backs.examine_everyone(by=None) == 1
    assert look_backs.examine_everyone(by=None) == 0


def test_an_approval_taken_back_ends_the_case_and_a_new_one_opens_it_again(
    case: LookBack, zhou_inspector: User
) -> None:
    self_check = case.evaluation.self_check
    why = "误点了通过，还要核对"
    take_step_of_self_check(
        self_check=self_check, step="take_back_approval", by=zhou_inspector, comment=why
    )
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("closed", None)
    take_step_of_self_check(
        self_check=self_check,
        step="approve",
        by=zhou_inspector,
        comment=why,
        evaluation_digest=case.evaluation.digest,
    )
    case.refresh_from_db()
    assert case.state == "opened"


def test_an_answered_case_keeps_its_approval(
    case: LookBack, chen_officer: User, zhou_inspector: User
) -> None:
    take_step(look_back=case, step="plan", by=chen_officer, comment=WORDS)
    with pytest.raises(Conflict) as refused:
        take_step_of_self_check(
            self_check=case.evaluation.self_check,
            step="take_back_approval",
            by=zhou_inspector,
            comment="误点了通过，还要核对",
        )
    assert refused.value.code == "rested_on"


# -- its way ---------------------------------------------------------------------------------------


def test_measures_result_and_a_passed_check(
    case: LookBack, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> None:
    walk(
        case,
        ("plan", chen_officer),
        ("report", zhao_signatory),
        ("send_back", zhou_inspector),
        ("report", zhao_signatory),
        ("pass", zhou_inspector),
    )
    assert (case.state, case.due_on) == ("passed", None)
    trail = list(case.trail.values_list("number", "step", "to_state"))
    assert trail == [
        (1, "open", "opened"),
        (2, "plan", "rectifying"),
        (3, "report", "reported"),
        (4, "send_back", "rectifying"),
        (5, "report", "reported"),
        (6, "pass", "passed"),
    ]
    assert actions()[-5:] == [f"look_back.{step}" for _number, step, _to in trail[1:]]
    last = Notice.objects.filter(kind="look_back.pass")
    assert {row.recipient for row in last} == {chen_officer, zhao_signatory}


@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("plan", "zhou_inspector"),
        ("plan", "he_auditor"),
        ("limit", "wu_manager"),
        ("close", "zhou_inspector"),
        ("pass", "wu_manager"),
    ],
)
def test_who_may_not(case: LookBack, step: str, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        take_step(look_back=case, step=step, by=request.getfixturevalue(who), comment=WORDS)


def test_the_officer_does_not_report_the_result(case: LookBack, chen_officer: User) -> None:
    walk(case, ("plan", chen_officer))
    with pytest.raises(NotAllowed):
        take_step(look_back=case, step="report", by=chen_officer, comment=WORDS)


def test_somebody_elses_case_is_not_found(case: LookBack, liu_officer: User) -> None:
    with pytest.raises(Http404):
        take_step(look_back=case, step="plan", by=liu_officer, comment=WORDS)
    assert not LookBack.objects.visible_to(liu_officer).exists()


def test_words_and_days_are_asked_for(case: LookBack, chen_officer: User) -> None:
    with pytest.raises(Unusable) as refused:
        take_step(look_back=case, step="plan", by=chen_officer, comment=" ", within=251)
    assert set(refused.value.fields) == {"comment", "within"}
    with pytest.raises(Unusable):
        take_step(look_back=case, step="leap", by=chen_officer, comment=WORDS)


def test_who_saw_an_older_state_is_told(
    case: LookBack, chen_officer: User, zhao_signatory: User
) -> None:
    seen = look_backs.tag_of(case)
    walk(case, ("plan", chen_officer))
    with pytest.raises(Stale):
        take_step(look_back=case, step="report", by=zhao_signatory, comment=WORDS, expected=seen)
