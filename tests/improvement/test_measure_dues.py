"""Measures that are not done stand in the calendars of those who answer for them."""

from datetime import date

from districts.deadlines import dues_of
from districts.models import User
from improvement.models import SchoolPlan
from improvement.services import measures
from improvement.services.progress import report
from tests.improvement.school_planning import approve


def test_what_is_due_is_in_the_calendar_until_it_is_done(
    written: SchoolPlan,
    chen_officer: User,
    zhao_signatory: User,
    he_planning: User,
    li_finance: User,
    zhou_inspector: User,
) -> None:
    measure = written.measures.get()
    measures.change(measure=measure, by=chen_officer, office="planning")

    def told(user: User) -> list[tuple[date, str]]:
        return [(due.day, due.path) for due in dues_of(user) if due.key.startswith("measure-")]

    assert told(chen_officer) == []  # not approved
    approve(written, chen_officer, zhao_signatory)
    day, place = date(2027, 8, 31), f"school-plans/{written.school_code}/measures/1/"
    assert told(chen_officer) == [(day, f"/self-checks/500106-2026/{place}")]
    assert told(he_planning) == [(day, f"/measures/{measure.pk}/")]
    assert told(li_finance) == told(zhou_inspector) == []
    report(measure=measure, by=he_planning, done=measure.amount)
    assert told(chen_officer) == []
