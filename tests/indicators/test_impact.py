"""What a draft would change in stored evaluations, before it is published."""

from decimal import Decimal
from typing import Any

import pytest

from districts.models import User
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
    assert impact_of(draft, [stored("沙坪坝区 2026")]).changes == ()
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
