"""Stages of the procedure show, and what is known says since when."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from districts.models import District, User
from schedule.models import CertificationEvent, CertificationList, CertificationStep
from schedule.services.certifications import correct_event, record_event
from schedule.services.lists import name_unit
from schedule.services.reading import position_on, today

pytestmark = pytest.mark.usefixtures("reference")


@pytest.mark.parametrize(
    ("step", "result", "state"),
    [
        ("区县自评", "started", "reviewing"),
        ("市级督导评估", "started", "reviewing"),
        ("市级督导评估", "passed", "reviewing"),
        ("申请国家认定", "started", "recommended"),
        ("资格审查", "passed", "recommended"),
        ("市级督导评估", "failed", "late"),
    ],
)
def test_a_step_shows_although_the_unit_is_late(
    client: Any, signed_in: Any, zhou_inspector: User, step: str, result: str, state: str
) -> None:
    found = CertificationStep.objects.of_year(2026).get(name=step)
    zone = District.objects.get(code="GXQ")
    # As reference data: an application would be weighed against what the zone reported.
    record_event(district=zone, step=found, result=result, day=date(2026, 9, 1), by=None)
    said = client.get("/api/v1/districts/GXQ/").json()
    assert (said["status"], said["timing"]) == (state, "late")
    progress = client.get("/api/v1/progress/").json()
    assert "GXQ" in {row["district"] for row in progress["late"]}
    grid = client.get("/").content.decode()
    # Who may be on the list without names is not drawn as late.
    kind = {"late": "unk", "reviewing": "rev", "recommended": "nat"}[state]
    tiles = re.findall(r'<a class="q-(\w+)"', grid)
    assert tiles.count(kind) == progress["statuses"][state] > 0
    desk = signed_in(zhou_inspector).get("/admin/").context["desk"]
    assert "GXQ" in {line.district.code for line in desk["late"]}


def test_a_year_without_steps_has_those_of_the_newest_before_it() -> None:
    known = {year: CertificationStep.objects.of_year(year) for year in (2022, 2023, 2025, 2026)}
    assert [steps.count() for steps in known.values()] == [0, 8, 9, 9]
    assert {step.year for step in known[2026]} == {2025}


def test_the_day_it_became_known_stands_beside_the_day_it_was_true(wu_manager: User) -> None:
    january = CertificationList.objects.get(name="2025年第一批")
    assert january.known_on == date(2026, 1, 12)
    events = CertificationEvent.objects.filter(result="certified")
    assert {event.known_on for event in events} == {date(2025, 3, 14)}
    zone = District.objects.get(code="GXQ")
    named = name_unit(on=january, district=zone, by=wu_manager, source="https://example.org/names")
    assert (named.date, named.known_on) == (january.announced_on, today())


def test_the_newest_fact_says_when_it_was_updated(shapingba: District, wu_manager: User) -> None:
    def updated(day: date) -> date:
        moment = position_on(day).updated_at
        assert moment is not None
        return timezone.localdate(moment)

    # The plan, the list of 2024, the reorganisation reported on 7 November, the first list of 2025.
    days = [date(2024, 1, 1), date(2025, 3, 20), date(2025, 11, 30), date(2026, 11, 28)]
    assert [updated(day) for day in days] == [
        date(2022, 1, 8),
        date(2025, 3, 14),
        date(2025, 11, 7),
        date(2026, 1, 12),
    ]
    correct_event(event=shapingba.events.get(), by=wu_manager, reason="补录说明", note="见通报")
    assert updated(date(2025, 3, 20)) == today()
    assert updated(date(2025, 3, 13)) == date(2022, 1, 8)
