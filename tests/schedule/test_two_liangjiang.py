"""The functional area of the plan and the district of its name are two units, not one."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import Entry
from audit.refusals import Unusable
from districts.models import District, Succession, Township, User
from districts.services import units
from schedule.models import CertificationStep
from schedule.services.certifications import record_event
from schedule.services.reading import position_on
from tests.reader import words

pytestmark = pytest.mark.usefixtures("reference")
BEFORE, AFTER, AUTUMN = date(2025, 11, 5), date(2025, 11, 6), date(2026, 11, 28)


def place() -> Succession:
    return Succession.objects.get(predecessor__code="LJXQ", successor__code="500157")


@pytest.mark.parametrize(
    ("day", "basis", "count", "certified", "area", "district"),
    [
        (BEFORE, "plan", 41, 4, True, False),
        (BEFORE, "current", 41, 4, True, False),
        (AFTER, "plan", 41, 4, True, False),
        (AFTER, "current", 39, 3, False, True),
        (AUTUMN, "current", 39, 3, False, True),
    ],
)
def test_the_district_stands_in_the_place_of_the_area(
    day, basis, count, certified, area, district
) -> None:
    position = position_on(day, basis)
    found = [unit.code for unit in position.progress.standings]
    # Named units only: what a list counts beside them is counted elsewhere.
    named = [unit for unit in position.progress.standings if unit.certified_on]
    assert (len(found), len(named)) == (count, certified)
    assert ("LJXQ" in found, "500157" in found) == (area, district)


def test_of_a_day_before_it_the_page_says_that_it_was_not_there(client: Client) -> None:
    said = words(client.get("/districts/500157/?as_of=2025-11-05"))
    assert "从 2025年11月6日起设立；所选的这一天还没有这个单位" in said
    assert "还没有这个单位" not in words(client.get("/districts/500157/?as_of=2025-11-06"))


def test_staff_can_tell_the_two_apart(client: Client, wu_manager: User) -> None:
    client.force_login(wu_manager)
    recorded = words(client.get("/admin/schedule/certificationevent/"))
    assert "两江新区(功能区)" in recorded
    step = CertificationStep.objects.get(year=2025, is_application=True)
    with pytest.raises(Unusable, match=r"^两江新区\(行政区\)在 2025年11月5日时不存在"):
        record_event(
            district=District.objects.get(code="500157"),
            step=step,
            result="started",
            day=BEFORE,
            by=wu_manager,
        )


def test_nobody_certified_the_district(client: Client) -> None:
    district = client.get("/api/v1/districts/500157/").json()
    assert (district["name"], district["distinction"]) == ("两江新区", "行政区")
    assert (district["planned_year"], district["certified_on"]) == (None, None)
    assert (district["valid_from"], district["valid_to"]) == ("2025-11-06", None)
    area = client.get("/api/v1/districts/LJXQ/").json()
    assert (area["planned_year"], area["certified_on"]) == (2022, "2025-03-14")
    assert (area["valid_to"], area["successors"]) == ("2025-11-05", ["500157"])
    assert client.get("/api/v1/districts/500157/?as_of=2025-11-05").status_code == 404
    assert client.get("/api/v1/districts/LJXQ/?basis=current").status_code == 404


def test_both_settings_are_the_citys_and_say_so(client: Client, wu_manager) -> None:
    page = words(client.get("/districts/500157/"))
    assert "现行口径由它接替计数，认定结果按不延续计；待市级明确" in page
    settled = {"succession": place(), "by": wu_manager, "reason": "市里已经答复"}
    units.correct_succession(**settled, carries_certification=True)
    current = position_on(AUTUMN, "current")
    assert current.standing_of("500157").certified_on == date(2025, 3, 14)
    assert position_on(AUTUMN).progress.units == 41
    assert "认定结果按延续计" in words(client.get("/districts/500157/"))
    units.correct_succession(**settled, takes_place=False)
    assert position_on(AUTUMN, "current").progress.units == 38


def one_row_for_two_units() -> None:
    """As databases of 46315a8 have it: the area goes on, and everything went into it."""
    area, district = (District.objects.get(code=code) for code in ("LJXQ", "500157"))
    place().delete()
    district.inheritances.update(successor=area)
    Township.objects.all().delete()
    district.delete()
    District.objects.update(order=1000)
    District.objects.filter(code="LJXQ").update(
        distinction="", valid_to=None, current_tile_column=4, current_tile_row=4
    )


def test_an_older_database_gets_its_two_units(wu_manager) -> None:
    one_row_for_two_units()
    assert position_on(AUTUMN, "current").progress.units == 39
    call_command("load_reference", stdout=StringIO())
    area, district = (District.objects.get(code=code) for code in ("LJXQ", "500157"))
    assert (area.valid_to, district.valid_from) == (BEFORE, AFTER)
    assert {row.predecessor.code for row in district.inheritances.all()} == {
        "500105",
        "500112",
        "500109",
        "LJXQ",
    }
    assert not area.inheritances.exists()
    assert area.events.count() == 1
    assert [unit.code for unit in District.objects.all()][:2] == ["500101", "500102"]
    assert Entry.objects.filter(action="succession.correct").count() == 3
    count = Entry.objects.count()
    call_command("load_reference", stdout=StringIO())
    assert Entry.objects.count() == count
