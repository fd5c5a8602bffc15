"""举办者类型 in what is stored and prefilled; shown places on the desk and in the admin."""

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from districts.models import School, User
from selfchecks.models import SchoolRecord, SelfCheck, UnitResult
from selfchecks.services import evaluations, opening, reported
from selfchecks.services.workbooks import prefill_of
from tests.reader import words
from tests.selfchecks.conftest import DUE_ON, FILL_FROM, keep_clean, latest

RUN_BY_THE_COUNTY = "县级教育部门"


def test_what_was_not_reported_leaves_no_key_behind(
    reach: Callable[[str], SelfCheck],
) -> None:
    """So that stored inputs, and the digests over them, stay as they were."""
    evaluation = latest(reach("submitted"))
    assert not any("organiser" in school for school in evaluation.inputs["schools"])
    assert not any(item.startswith("D1.visit") for item in evaluation.inputs["district"])
    assert [replayed.problem for replayed in evaluations.replay_all()] == [""]


def test_an_organiser_is_stored_and_comes_back_with_the_inputs(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    ways = zip(schools, (7, "7", RUN_BY_THE_COUNTY), strict=True)
    changes = {(school.code, "organiser"): way for school, way in ways}
    keep_clean(self_check, chen_officer, changes=changes)
    assert set(SchoolRecord.objects.values_list("organiser", flat=True)) == {RUN_BY_THE_COUNTY}
    payload = reported.from_records(self_check).payload()
    assert [school["organiser"] for school in payload["schools"]] == [RUN_BY_THE_COUNTY] * 3
    assert reported.from_payload(payload).payload() == payload


def test_the_next_template_knows_the_organiser_unless_the_school_changed_hands(
    self_check: SelfCheck, schools: list[School], chen_officer: User, wu_manager: User
) -> None:
    keep_clean(
        self_check,
        chen_officer,
        changes={(school.code, "organiser"): RUN_BY_THE_COUNTY for school in schools[:2]},
    )
    School.objects.filter(pk=schools[1].pk).update(ownership="民办")
    dates = {"due_on": DUE_ON.replace(year=2027), "fill_from": FILL_FROM.replace(year=2027)}
    (following,) = opening.open_year(
        year=2027, by=wu_manager, districts=[self_check.district], **dates
    ).new
    known = {row["school_code"]: row["organiser"] for row in prefill_of(following).schools}
    assert known == {
        schools[0].code: RUN_BY_THE_COUNTY,
        schools[1].code: "民办",
        schools[2].code: None,
    }


def test_desk_and_admin_show_two_places(
    reach: Callable[[str], SelfCheck], zhou_inspector: User, signed_in: Callable[[User], Client]
) -> None:
    """Row 4 of the workbook: 24 qualified teachers for 404 pupils, 5.9405…"""
    self_check = reach("in_review")
    client = signed_in(zhou_inspector)
    review = reverse("admin:selfchecks_selfcheck_review", args=[self_check.pk])
    desk = words(client.get(review + "?part=units-primary"))
    assert " 5.94 " in desk
    assert "5.940594" not in desk
    row = UnitResult.objects.order_by("school_code").first()
    assert row is not None
    stored = words(client.get(reverse("admin:selfchecks_unitresult_change", args=[row.pk])))
    assert "A15.944.2A2" in stored


def test_a_figure_that_prints_as_enough_and_is_not_is_marked(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    signed_in: Callable[[User], Client],
) -> None:
    """4,499.99 ㎡ for 1,000 pupils, 4.49999 each, would print as 4.50 and is not 4.5."""
    code = schools[0].code
    given = {"pupils_primary": 1000, "teaching_area": "4699.99", "indoor_sports_area": "200.00"}
    given |= {"classes_primary": 25, "largest_class_primary": 42, "teachers": 80}
    changes = {(code, field): value for field, value in given.items()}
    keep_clean(self_check, chen_officer, changes=changes)
    address = "/self-checks/500106-2026/result/?part=primary"
    page = words(signed_in(chen_officer).get(address))
    assert re.search(r"4\.49999 ?未达标，但不低于基本值 ?临界", page)
    assert "教学及辅助用房面积差 0.01 ㎡" in page
