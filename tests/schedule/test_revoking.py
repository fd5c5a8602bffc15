"""A case of 回头看 that ends in 限期整改 and 撤销, and what the calendar reminds of."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import District, User
from schedule.models import CaseState, CertificationStep, LookBack
from schedule.services import reading
from schedule.services.certifications import record_event
from schedule.services.look_back_days import tell_of_days
from schedule.services.look_back_steps import open_steps, take_step
from selfchecks import clock
from selfchecks.models import Notice
from tests.schedule.looking_back import (
    REVOCATION,
    WORDS,
    case,
    failing,
    later,
    limited,
    reach,
    revoke,
    schools,
    self_check,
    walk,
)

__all__ = ["case", "failing", "later", "limited", "reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db

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
    assert revoked.revocation.document_number == "演示函〔2026〕2号"


def test_nobody_revokes_round_an_open_case(
    limited: LookBack, zhou_inspector: User, wu_manager: User
) -> None:
    announcing = CertificationStep.objects.of_year(2026).get(is_announcement=True)
    facts = {"district": limited.district, "step": announcing, "result": "revoked"}
    for by in (zhou_inspector, wu_manager):
        with pytest.raises(Conflict, match="回头看"):
            record_event(day=timezone.localdate(), by=by, **facts, **REVOCATION)
    take_step(look_back=limited, step="close", by=wu_manager, comment=WORDS)
    record_event(day=timezone.localdate(), by=wu_manager, **facts, **REVOCATION)


def test_the_count_falls_on_the_day_and_not_before(
    limited: LookBack, zhao_signatory: User, sun_inspector: User
) -> None:
    day = timezone.localdate()
    assert reading.position_on(day).progress.certified_named == 4
    walk(limited, ("report_again", zhao_signatory))
    revoke(limited, sun_inspector)
    assert reading.position_on(day).progress.certified_named == 3
    assert reading.position_on(day - timedelta(days=1)).progress.certified_named == 4


def test_it_is_shown_so_from_its_day_and_not_before(
    limited: LookBack,
    zhao_signatory: User,
    sun_inspector: User,
    client: Client,
) -> None:
    """Announced the day before yesterday; 沙坪坝区 was certified on 14 March 2025."""
    day = timezone.localdate() - timedelta(days=2)
    walk(limited, ("report_again", zhao_signatory))
    assert "国家认定被撤销" not in client.get("/districts/500106/").content.decode()
    revoke(limited, sun_inspector, day=day)
    for address in ("/", "/districts/500106/"):
        before = f"{address}?as_of={day - timedelta(days=1)}"
        assert "国家认定被撤销" not in client.get(before).content.decode()
        assert "国家认定被撤销" in client.get(f"{address}?as_of={day}").content.decode()
        assert "国家认定被撤销" in client.get(address).content.decode()
    course = reading.position_on(timezone.localdate()).progress.course
    assert course == [(date(2025, 3, 14), 4), (date(2026, 1, 12), 10), (day, 9)]
    earlier = reading.position_on(day - timedelta(days=1)).progress.course
    assert earlier == [(date(2025, 3, 14), 4), (date(2026, 1, 12), 10)]


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
    moment = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    with clock.at(moment):
        assert clock.today() == date(2027, 1, 1)
    assert CaseState.OPENED in LookBack.objects.values_list("state", flat=True)
