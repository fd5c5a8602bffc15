"""回头看: tested on approval, its way through the table, and its end in a revocation."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import District, User
from schedule.models import CaseState, CertificationEvent, LookBack
from schedule.services import look_backs, reading
from schedule.services.look_back_days import tell_of_days
from schedule.services.look_back_steps import open_steps, take_step
from selfchecks import clock
from selfchecks.models import Notice
from selfchecks.services.steps import take_step as take_step_of_self_check
from tests.schedule.applying import Reach, failing, reach, schools, self_check

__all__ = ["failing", "reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db

WORDS = "逐校核实，补齐经费，2027年6月底前完成"
REVOCATION = {"document_number": "演示函〔2026〕2号", "source": "https://cq.gov.cn/x"}


@pytest.fixture
def case(failing: District) -> LookBack:
    """沙坪坝区, certified in March 2025, approved again in 2026 with B7 not met."""
    return LookBack.objects.get(district=failing)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], date]:
    """A function: let so many days pass; returns the new day."""

    def _later(days: int) -> date:
        moment = timezone.now() + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return timezone.localdate()

    return _later


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


def walk(case: LookBack, *steps: tuple[str, User]) -> LookBack:
    for step, by in steps:
        take_step(look_back=case, step=step, by=by, comment=WORDS)
    case.refresh_from_db()
    return case


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


# -- 限期整改 and 撤销 -----------------------------------------------------------------------------


def test_nobody_is_limited_before_the_day_has_passed(
    case: LookBack, zhou_inspector: User, later: Callable[[int], date]
) -> None:
    with pytest.raises(Conflict):
        take_step(look_back=case, step="limit", by=zhou_inspector, comment=WORDS)
    left = (case.due_on - timezone.localdate()).days
    later(left)
    with pytest.raises(Conflict):  # the last day is still theirs
        take_step(look_back=case, step="limit", by=zhou_inspector, comment=WORDS)
    later(1)
    walk(case, ("limit", zhou_inspector))
    assert case.state == "limited"


@pytest.fixture
def limited(
    case: LookBack,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
) -> LookBack:
    return walk(case, ("plan", chen_officer), ("report", zhao_signatory), ("limit", zhou_inspector))


def revoke(case: LookBack, by: User, **more: Any) -> LookBack:
    given = {"day": timezone.localdate(), **REVOCATION, **more}
    take_step(look_back=case, step="revoke", by=by, comment=WORDS, **given)
    case.refresh_from_db()
    return case


def test_a_revocation_takes_four_eyes_and_a_source(
    limited: LookBack, zhao_signatory: User, zhou_inspector: User, sun_inspector: User
) -> None:
    walk(limited, ("report_again", zhao_signatory))
    with pytest.raises(NotAllowed):
        revoke(limited, zhou_inspector)
    with pytest.raises(Unusable):
        revoke(limited, sun_inspector, source="")
    with pytest.raises(Unusable):
        revoke(limited, sun_inspector, day=timezone.localdate() + timedelta(days=1))
    limited.refresh_from_db()
    assert limited.state == "reported_again"
    revoked = revoke(limited, sun_inspector)
    assert revoked.state == "revoked"
    assert revoked.revocation.result == "revoked"
    assert revoked.revocation.document_number == REVOCATION["document_number"]


def test_the_count_falls_on_the_day_and_not_before(
    limited: LookBack, zhao_signatory: User, sun_inspector: User
) -> None:
    day = timezone.localdate()
    assert reading.position_on(day).progress.certified_named == 4
    walk(limited, ("report_again", zhao_signatory))
    revoke(limited, sun_inspector)
    assert reading.position_on(day).progress.certified_named == 3
    assert reading.position_on(day - timedelta(days=1)).progress.certified_named == 4


def test_what_was_passed_can_not_be_revoked(
    limited: LookBack, zhao_signatory: User, zhou_inspector: User, sun_inspector: User
) -> None:
    walk(limited, ("report_again", zhao_signatory), ("pass", zhou_inspector))
    with pytest.raises(Conflict):
        revoke(limited, sun_inspector)


def test_offers_say_what_stands_in_the_way(case: LookBack, zhou_inspector: User) -> None:
    offers = {offer.step.name: offer for offer in open_steps(case, zhou_inspector)}
    assert set(offers) == {"plan", "limit", "close"}
    assert not any(offer.is_open for offer in offers.values())
    assert "期限" in str(offers["limit"].refusal)


# -- reminders -------------------------------------------------------------------------------------


def test_reminders_count_working_days_and_rest_on_holidays(case: LookBack) -> None:
    # 20 working days after Monday 2026-09-07, without 25-27 September and 1-7 October, with the
    # working Sunday 20 September and Saturday 10 October: the notice for 2026 as it was issued.
    case.due_on = date(2026, 9, 30)
    case.save()
    assert tell_of_days(by=None, day=date(2026, 9, 29)) == 1  # one working day before
    assert tell_of_days(by=None, day=date(2026, 9, 30)) == 0
    assert tell_of_days(by=None, day=date(2026, 10, 1)) == 0  # a holiday
    assert tell_of_days(by=None, day=date(2026, 10, 8)) == 1  # the first working day after
    assert {kind for (kind,) in Notice.objects.values_list("kind")} >= {
        "look_back.due_soon",
        "look_back.overdue",
    }


def test_midnight_is_shanghais(failing: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 16:30 UTC on 31 December it is New Year's Day in the portal."""
    moment = datetime(2026, 12, 31, 16, 30, tzinfo=timezone.get_fixed_timezone(0))
    with clock.at(moment):
        assert clock.today() == date(2027, 1, 1)
    assert CaseState.OPENED in LookBack.objects.values_list("state", flat=True)
