"""What a draft would change in stored evaluations, before it is published."""

from decimal import Decimal
from typing import Any

import pytest

from districts.models import User
from indicators.calculation.evaluate import evaluate
from indicators.models import Standard, Threshold
from indicators.services import drafts, impact
from indicators.services.impact import StoredInputs, impact_of
from tests.indicators.conftest import primary_school


def stored(label: str, **figures: Any) -> StoredInputs:
    payload = {"standard": "2017", "schools": [primary_school(1, **figures)]}
    return StoredInputs(label, payload)


def raise_a1(draft: Standard, by: User, value: str) -> None:
    row = Threshold.objects.get(
        indicator__standard=draft, indicator__code="A1", stage="primary", name=""
    )
    drafts.change(row=row, by=by, value=Decimal(value))


def lower_b5(draft: Standard, by: User) -> None:
    row = Threshold.objects.get(indicator__standard=draft, indicator__code="B5", name="primary")
    drafts.change(row=row, by=by, value=Decimal(44))


def test_a_draft_that_says_the_same_changes_nothing(draft: Standard) -> None:
    found = impact_of(draft, [stored("沙坪坝区 2026"), stored("铜梁区 2026")])
    assert (found.checked, found.changes) == (2, ())


def test_changed_indicators_and_verdicts_are_named(draft: Standard, wu_manager: User) -> None:
    lower_b5(draft, wu_manager)
    found = impact_of(draft, [stored("沙坪坝区 2026"), stored("铜梁区", largest_class_primary=44)])
    assert found.checked == 2
    [change] = found.changes
    assert (change.label, change.before, change.after) == ("沙坪坝区 2026", "unknown", "not_met")
    assert change.indicators == (("B5", "met", "not_met"),)
    assert found.verdict_changes == (change,)


def test_one_indicator_above_its_floor_may_fail_without_changing_the_school(
    draft: Standard, wu_manager: User
) -> None:
    raise_a1(draft, wu_manager, "4.9")  # floor 4.165: 4.2 stays above it
    [change] = impact_of(draft, [stored("沙坪坝区 2026")]).changes
    assert (change.is_changed, change.indicators) == (False, ())
    [school] = change.schools
    assert (school.stage, school.indicator) == ("primary", "A1")
    assert (school.before, school.after) == ("met", "floor")
    raise_a1(draft, wu_manager, "5")  # floor 4.25: 4.2 falls below
    [change] = impact_of(draft, [stored("沙坪坝区 2026")]).changes
    assert change.indicators == (("A", "unknown", "not_met"),)


def test_the_room_above_hands_over_what_is_stored(
    draft: Standard, standard: Standard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impact, "_provider", lambda base: ())
    asked = []

    def provider(base: Standard) -> list[StoredInputs]:
        asked.append(base)
        return [stored("沙坪坝区 2026")]

    impact.stored_inputs_come_from(provider)
    assert [item.label for item in impact.stored_inputs(draft)] == ["沙坪坝区 2026"]
    assert asked == [standard]
    assert impact.stored_inputs(standard) == ()


def town(number: int, **figures: Any) -> dict[str, Any]:
    return primary_school(
        number,
        location="镇区",
        intake_primary=100,
        nearby_intake_primary=96,
        school_name=f"<b>镇{number}",
        **figures,
    )


def test_the_correction_names_the_schools_and_indicators_it_judges_otherwise(
    standard: Standard,
) -> None:
    """A town primary at 96 % met 95 % before and misses 100 % now; a city junior the reverse."""
    junior = {
        **primary_school(3, school_type="初中", intake_primary=None, nearby_intake_primary=None),
        **{"pupils_junior": 1000, "intake_junior": 100, "nearby_intake_junior": 96},
    }
    junior = {
        key: value
        for key, value in junior.items()
        if not key.endswith("_primary") and value is not None
    }
    payload = {"standard": "2017", "schools": [town(1), primary_school(2), junior]}
    before = evaluate(payload).as_dict()
    corrected = Standard.objects.get(code="2017.1")
    found = impact_of(corrected, [StoredInputs("铜梁区 2025", payload, before)])
    [change] = found.changes
    assert change.indicators == ()  # B13 fails under both readings, for other schools
    told = {(row.school_code, row.indicator, row.before, row.after) for row in change.schools}
    assert told == {
        ("2150000001", "B13", "met", "not_met"),
        ("2150000003", "B13", "not_met", "met"),
    }


def test_the_page_of_a_published_version_shows_its_impact_and_gives_it_as_a_table(
    standard: Standard, wu_manager: User, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = {"standard": "2017", "schools": [town(1), primary_school(2)]}
    rows = [StoredInputs("铜梁区 2025", payload, evaluate(payload).as_dict())]
    monkeypatch.setattr(impact, "_provider", lambda base: rows)
    corrected = Standard.objects.get(code="2017.1")
    address = f"/admin/indicators/standard/{corrected.pk}/impact/"
    browser = signed_in(wu_manager)
    page = browser.get(address).content.decode()
    assert "按 2017.1 重新测算了 1 份结果" in page
    assert "&lt;b&gt;镇1" in page
    table = browser.get(address, {"format": "csv"})
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[1] == "铜梁区 2025,2150000001,<b>镇1,,B13,达标,不达标"
    assert len(lines) == 2
    assert browser.get(address, {"format": "xlsx"}).content.startswith(b"PK")
    page = browser.get(f"/admin/indicators/standard/{corrected.pk}/change/").content.decode()
    assert 'href="../impact/"' in page


def test_the_impact_is_the_citys_to_see(
    chen_officer: User, zhou_inspector: User, signed_in: Any
) -> None:
    corrected = Standard.objects.get(code="2017.1")
    address = f"/admin/indicators/standard/{corrected.pk}/impact/"
    assert signed_in(zhou_inspector).get(address).status_code == 200
    assert signed_in(chen_officer).get(address).status_code in (302, 403)
