"""Special cases of a school: granted by the city with evidence, read by the calculation."""

from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from districts.models import School, User
from districts.services import schools as register
from districts.special_cases import CASES, read
from indicators.calculation.rules import SPECIAL_CASES
from selfchecks.models import SelfCheck
from selfchecks.services import evaluations, reported
from tests.districts.test_admin_forms import form_of, manager, school
from tests.selfchecks.conftest import keep_clean, schools, self_check

__all__ = ["manager", "school", "schools", "self_check"]

VENUES = {"A5.extra_venues": {"amount": "120.50", "evidence": "渝教〔2026〕3号", "until": "2028"}}
KEPT = {"A5.extra_venues": {"amount": "120.50", "evidence": "渝教〔2026〕3号", "until": 2028}}


def test_the_register_knows_the_cases_of_the_calculation() -> None:
    assert tuple(CASES) == SPECIAL_CASES


@pytest.mark.parametrize(
    ("case", "told", "part"),
    [
        ("A5.extra_venues", {"amount": "1.5", "evidence": " "}, "evidence"),
        ("A5.extra_venues", {"amount": "-1", "evidence": "x"}, "amount"),
        ("A5.extra_venues", {"amount": "1.555", "evidence": "x"}, "amount"),
        ("B3.music_rooms", {"amount": "1.5", "evidence": "x"}, "amount"),
        ("B3.art_rooms", {"amount": "１", "evidence": "x"}, "amount"),
        ("A3.shared_teachers", {"amount": "1", "evidence": "x", "stage": "senior"}, "stage"),
        ("B4.larger_limit", {"evidence": "x", "until": "明年"}, "until"),
        ("B4.larger_limit", {"evidence": "x", "since": "去年"}, "since"),
        ("B4.larger_limit", {"evidence": "x", "since": "2027", "until": "2026"}, "until"),
        ("B4.larger_limit", {"evidence": "x", "commitment": "2028-02-30"}, "commitment"),
        ("B4.larger_limit", {"evidence": "x", "commitment": "20280831"}, "commitment"),
        (
            "B4.larger_limit",
            {"evidence": "x", "since": "2026", "commitment": "2025-12-31"},
            "commitment",
        ),
        ("B4.larger_limit", {"evidence": "x", "amount": "1"}, ""),
        ("A9.unheard", {"evidence": "x"}, ""),
        ("B4.larger_limit", "已批准", ""),
    ],
)
def test_what_does_not_hold_is_named(case: str, told: Any, part: str) -> None:
    cases, faults = read({case: told})
    assert cases == {}
    assert [(fault.case, fault.part) for fault in faults] == [(case, part)]


def test_the_city_grants_and_a_district_does_not(
    school: School, wu_manager: User, zhou_inspector: User, chen_officer: User
) -> None:
    with pytest.raises(NotAllowed):
        register.update_school(school=school, by=chen_officer, special_cases=VENUES)
    granted = register.update_school(school=school, by=zhou_inspector, special_cases=VENUES)
    assert granted.special_cases == KEPT
    # What a district says again of its school without changing the cases is no grant.
    register.update_school(school=school, by=chen_officer, name="实验小学", special_cases=KEPT)
    with pytest.raises(Unusable):
        register.update_school(school=school, by=wu_manager, special_cases={"A9": {}})


def test_a_case_is_granted_changed_and_taken_back_in_the_admin(manager, school: School) -> None:
    address = f"/admin/districts/school/{school.pk}/change/"
    typed = {f"A5.extra_venues.{part}": text for part, text in VENUES["A5.extra_venues"].items()}
    assert manager.post(address, form_of(school, **typed)).status_code == 302
    school.refresh_from_db()
    assert school.special_cases == KEPT
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    assert "渝教〔2026〕3号" in str(entry.changes["special_cases"][1])
    assert 'value="渝教〔2026〕3号"' in manager.get(address).text
    refused = manager.post(address, form_of(school, **{**typed, "A5.extra_venues.evidence": ""}))
    assert "须写明依据的文件" in refused.text
    assert manager.post(address, form_of(school)).status_code == 302
    school.refresh_from_db()
    assert school.special_cases == {}


def test_what_is_granted_is_what_the_calculation_takes(
    self_check: SelfCheck, schools: list[School], chen_officer: User, wu_manager: User
) -> None:
    parts = {"evidence": "批复", "amount": "2", "stage": "primary", "until": "2027"}
    parts |= {"since": "2025", "commitment": "2028-08-31"}
    every = {code: {p: parts[p] for p in case.parts} for code, case in CASES.items()}
    register.update_school(school=schools[0], by=wu_manager, special_cases=every)
    keep_clean(self_check, chen_officer)
    inputs = evaluations.inputs_of(self_check, reported.from_records(self_check))
    assert [row["case"] for row in inputs["special_cases"]] == sorted(SPECIAL_CASES)
    assert evaluations.try_out(self_check) is not None


def test_promises_are_followed_up_in_the_list_of_schools(
    manager, schools: list[School], wu_manager: User
) -> None:
    first, second, third = schools
    whole = {"evidence": "批复", "since": 2025, "until": 2027}
    for one, told in (
        (first, {**whole, "commitment": "2026-08-31"}),
        (second, {**whole, "commitment": "2099-08-31"}),
        (third, {"evidence": "批复", "until": 2027}),
    ):
        register.update_school(school=one, by=wu_manager, special_cases={"B4.larger_limit": told})
    page = manager.get("/admin/districts/school/?promised=any").text
    assert "规模上限放宽 2026-08-31 承诺期限已过" in page
    assert "规模上限放宽 2099-08-31 在承诺期限内" in page
    for asked, expected in (("overdue", first), ("pending", second), ("undated", third)):
        shown = manager.get(f"/admin/districts/school/?promised={asked}").context["cl"].queryset
        assert list(shown) == [expected]


def test_a_granted_case_counts_under_the_correction_once_it_is_adopted(
    self_check: SelfCheck, schools: list[School], chen_officer: User, wu_manager: User
) -> None:
    standard = self_check.standard
    standard.special_cases.filter(code="A5.extra_venues").update(is_enabled=True)
    standard.published_at = standard.published_at.replace(microsecond=1)  # rules are kept by it
    standard.save(update_fields=["published_at"])
    keep_clean(self_check, chen_officer)
    venues = {"amount": "10", "evidence": "批复", "until": "2027"}
    applied = []
    for more in ({}, {"since": "2025", "commitment": "2028-08-31"}):
        granted = {"A5.extra_venues": venues | more}
        register.update_school(school=schools[0], by=wu_manager, special_cases=granted)
        self_check.refresh_from_db()
        outcome = evaluations.try_out(self_check)
        assert outcome is not None
        applied.append(len(outcome.special_cases.applied))
    assert applied == [0, 1]
