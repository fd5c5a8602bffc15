"""Draft, change, publish, retire; and that nothing ever edits a published version."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from inspect import isfunction, signature
from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Refused, Stale, Unusable
from audit.services import verify
from districts.models import User
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.models import Indicator, OpenPoint, SpecialCase, Standard, Threshold
from indicators.services import drafts, standards
from indicators.services.rules import indicator_names, indicators_of, rules_of
from indicators.services.standards import content_tag, row_tag

A1_PRIMARY = {"indicator__code": "A1", "stage": "primary"}


def a1(standard: Standard) -> Threshold:
    return Threshold.objects.get(indicator__standard=standard, **A1_PRIMARY)


def published(draft: Standard, by: User) -> Standard:
    drafts.change(row=draft, by=by, effective_from=date(2027, 1, 1))
    return standards.publish(standard=draft, reason="按国家新办法", by=by)


def test_a_draft_says_what_its_base_says(standard: Standard, draft: Standard) -> None:
    said = rules_of(draft)
    assert (said.engine, said.nearby_intake_by) == ("2", "place")
    numbers = {name: said.limits[name] for name in STANDARD_2017.limits}
    assert replace(said, limits=numbers, engine="1", standard="2017") == rules_of(standard)
    assert (draft.status, draft.based_on, draft.effective_from) == ("draft", standard, None)
    assert draft.open_points.count() == standard.open_points.count() == 7
    assert Indicator.objects.filter(standard=draft).count() == 32


@pytest.mark.parametrize(
    ("code", "reason", "field"),
    [
        ("2017", "原因", "code"),
        ("新版", "原因", "code"),
        ("", "原因", "code"),
        ("2028", " ", "reason"),
    ],
)
def test_a_draft_needs_a_free_code_and_a_reason(
    standard: Standard, wu_manager: User, code: str, reason: str, field: str
) -> None:
    with pytest.raises(Unusable) as refusal:
        standards.draft_from(standard=standard, code=code, reason=reason, by=wu_manager)
    assert field in refusal.value.fields


def test_only_managers_keep_the_standard(
    standard: Standard, draft: Standard, zhou_inspector: User, he_auditor: User, chen_officer: User
) -> None:
    for person in (zhou_inspector, he_auditor, chen_officer):
        with pytest.raises(NotAllowed):
            standards.draft_from(standard=standard, code="x", reason="原因", by=person)
        with pytest.raises(NotAllowed):
            drafts.change(row=a1(draft), by=person, value=Decimal(5))
        with pytest.raises(NotAllowed):
            standards.publish(standard=draft, reason="原因", by=person)
        with pytest.raises(NotAllowed):
            standards.retire(standard=standard, reason="原因", by=person)
        with pytest.raises(NotAllowed):
            standards.discard_draft(standard=draft, by=person)


def test_changing_a_draft_leaves_its_base_alone(
    standard: Standard, draft: Standard, wu_manager: User
) -> None:
    before = content_tag(standard)
    drafts.change(row=a1(draft), by=wu_manager, value=Decimal("4.5"))
    assert rules_of(draft).thresholds["A1"]["primary"] == Decimal("4.5")
    assert rules_of(standard).thresholds["A1"]["primary"] == Decimal("4.2")
    assert content_tag(standard) == before


def test_what_a_published_version_asks_is_read_once(
    standard: Standard, draft: Standard, wu_manager: User, django_assert_num_queries: Any
) -> None:
    asked = indicators_of(standard)
    assert [each.code for each in asked][:2] == ["A1", "A2"]
    assert [row.value for row in asked[0].thresholds.all()] == [Decimal("4.2"), Decimal("5.3")]
    with django_assert_num_queries(0):
        assert indicators_of(standard) is asked
        assert indicator_names(standard)["A1"] == asked[0].name
    for value in (Decimal("4.5"), Decimal("4.6")):
        drafts.change(row=a1(draft), by=wu_manager, value=value)
        assert indicators_of(draft)[0].thresholds.all()[0].value == value


def test_a_change_is_recorded_with_before_and_after(draft: Standard, wu_manager: User) -> None:
    drafts.change(row=a1(draft), by=wu_manager, value=Decimal("4.5"))
    entry = Entry.objects.first()
    assert (entry.action, entry.actor) == ("standard.change", "manager")
    assert entry.changes == {"row": "A1 小学达标值", "value": ["4.2", "4.5"]}
    assert verify() is None


def test_changing_nothing_records_nothing(draft: Standard, wu_manager: User) -> None:
    count = Entry.objects.count()
    drafts.change(row=a1(draft), by=wu_manager, value=Decimal("4.20"))
    assert Entry.objects.count() == count


def test_a_change_on_something_older_is_refused(draft: Standard, wu_manager: User) -> None:
    seen = row_tag(a1(draft))
    drafts.change(row=a1(draft), by=wu_manager, value=Decimal("4.5"))
    with pytest.raises(Stale):
        drafts.change(row=a1(draft), by=wu_manager, expected=seen, value=Decimal("4.6"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("floor_ratio", Decimal("1.2")),
        ("required_met", 9),
        ("weighting", "teachers"),
        ("split_weights", {"九年一贯制": {"primary": "1"}}),
        ("monitored_subjects", "数学"),
        ("status", "published"),
    ],
)
def test_settings_that_make_no_rules_are_refused(
    draft: Standard, wu_manager: User, field: str, value: Any
) -> None:
    before = rules_of(draft)
    with pytest.raises(Unusable):
        drafts.change(row=draft, by=wu_manager, **{field: value})
    assert rules_of(Standard.objects.get(pk=draft.pk)) == before


def test_a_special_case_is_turned_on_and_shows_in_the_open_point(
    draft: Standard, wu_manager: User
) -> None:
    case = SpecialCase.objects.get(standard=draft, code="A5.extra_venues")
    drafts.change(row=case, by=wu_manager, is_enabled=True)
    assert rules_of(draft).special_cases == ("A5.extra_venues",)
    assert draft.open_points.get(key="special_cases").value == ["A5.extra_venues"]


def test_numbers_of_a_special_case_must_stay_complete(draft: Standard, wu_manager: User) -> None:
    case = SpecialCase.objects.get(standard=draft, code="A3.shared_teachers")
    for parameters in ({"small_from": "50"}, ["50"], {"small_from": "x", "small_below": "100"}):
        with pytest.raises(Unusable):
            drafts.change(row=case, by=wu_manager, parameters=parameters)


def test_a_whole_table_of_numbers_is_taken_or_refused(draft: Standard, wu_manager: User) -> None:
    values = {("A1", "primary", ""): Decimal("4.5"), ("B7", "", "special_budget"): Decimal(8000)}
    changed = drafts.change_thresholds(standard=draft, values=values, by=wu_manager)
    assert changed == 2
    assert rules_of(draft).limits["B7.special_budget"] == Decimal(8000)
    wrong = {("A1", "primary", ""): Decimal(5), ("Z1", "", ""): Decimal(1)}
    with pytest.raises(Unusable, match="Z1"):
        drafts.change_thresholds(standard=draft, values=wrong, by=wu_manager)
    assert a1(draft).value == Decimal("4.5")


def test_publishing_needs_a_reason_and_a_day(draft: Standard, wu_manager: User) -> None:
    with pytest.raises(Unusable) as refusal:
        standards.publish(standard=draft, reason="原因", by=wu_manager)
    assert "effective_from" in refusal.value.fields
    with pytest.raises(Unusable) as refusal:
        standards.publish(standard=draft, reason="", by=wu_manager)
    assert "reason" in refusal.value.fields


def test_publishing_what_was_changed_since_is_refused(draft: Standard, wu_manager: User) -> None:
    drafts.change(row=draft, by=wu_manager, effective_from=date(2027, 1, 1))
    seen = content_tag(draft)
    drafts.change(row=a1(draft), by=wu_manager, value=Decimal("4.5"))
    with pytest.raises(Stale):
        standards.publish(standard=draft, reason="原因", by=wu_manager, expected=seen)
    assert Standard.objects.get(pk=draft.pk).is_draft


def test_each_day_has_its_version(standard: Standard, draft: Standard, wu_manager: User) -> None:
    assert published(draft, wu_manager).published_by == wu_manager
    in_force = Standard.objects.in_force_on
    assert in_force(date(2025, 12, 31)) == standard
    assert in_force(date(2026, 12, 31)).code == "2017.1"
    assert in_force(date(2027, 1, 1)) == draft
    assert in_force(date(2016, 1, 1)) is None


def every_change(standard: Standard, by: User) -> list[tuple[str, Any]]:
    """Every way a service could change something of a version, with values that differ."""
    indicator = standard.indicators.first()
    case, point = standard.special_cases.first(), standard.open_points.first()
    assert isinstance(case, SpecialCase)
    assert isinstance(point, OpenPoint)
    number = {("A1", "primary", ""): Decimal(9)}
    later = {"effective_to": date(2040, 1, 1)}
    return [
        ("change_standard", lambda: drafts.change(row=standard, by=by, **later)),
        (
            "change_indicator",
            lambda: drafts.change(row=indicator, by=by, name="别名"),
        ),
        (
            "change_threshold",
            lambda: drafts.change(row=a1(standard), by=by, value=Decimal(9)),
        ),
        (
            "change_thresholds",
            lambda: drafts.change_thresholds(standard=standard, values=number, by=by),
        ),
        (
            "change_special_case",
            lambda: drafts.change(row=case, by=by, is_enabled=True),
        ),
        ("change_open_point", lambda: drafts.change(row=point, by=by, note="另")),
        ("add", lambda: drafts.add(row=OpenPoint(standard=standard, key="x"), by=by)),
        ("settle", lambda: drafts.settle(point=point, by=by)),
        ("publish", lambda: standards.publish(standard=standard, reason="原因", by=by)),
        ("discard_draft", lambda: standards.discard_draft(standard=standard, by=by)),
    ]


def test_no_service_edits_a_published_or_retired_version(
    standard: Standard, draft: Standard, wu_manager: User
) -> None:
    newer = published(draft, wu_manager)
    retired = standards.retire(standard=standard, reason="由新版代替", by=wu_manager)
    for version in (newer, retired):
        before = content_tag(version)
        for name, change in every_change(version, wu_manager):
            with pytest.raises(Conflict) as refusal:
                change()
            assert refusal.value.code == "frozen", name
        assert content_tag(version) == before


def test_the_list_above_names_every_service_that_changes_a_version(
    standard: Standard, wu_manager: User
) -> None:
    named = {name for name, _change in every_change(standard, wu_manager)}
    for module in (drafts, standards):
        takes_by = {
            name
            for name, each in vars(module).items()
            if isfunction(each) and not name.startswith("_") and "by" in signature(each).parameters
        }
        assert takes_by <= named | {"change", "draft_from", "may_keep", "record", "retire"}


def test_the_only_published_version_cannot_be_retired(standard: Standard, wu_manager: User) -> None:
    newer = Standard.objects.get(code="2017.1")
    standards.retire(standard=newer, reason="试一试", by=wu_manager)
    with pytest.raises(Conflict, match="唯一"):
        standards.retire(standard=standard, reason="原因", by=wu_manager)


def test_a_retired_version_ends_today_and_is_no_longer_in_force(
    standard: Standard, draft: Standard, wu_manager: User
) -> None:
    drafts.change(row=draft, by=wu_manager, effective_from=date(2026, 1, 1))
    standards.publish(standard=draft, reason="原因", by=wu_manager)
    retired = standards.retire(standard=standard, reason="由新版代替", by=wu_manager)
    assert retired.effective_to is not None
    assert Standard.objects.in_force_on(date(2025, 6, 1)) is None
    with pytest.raises(Refused):
        standards.retire(standard=retired, reason="再来", by=wu_manager)


def test_a_discarded_draft_is_gone_with_all_its_rows(
    standard: Standard, draft: Standard, wu_manager: User
) -> None:
    standards.discard_draft(standard=draft, by=wu_manager)
    assert [row.code for row in Standard.objects.all()] == ["2017.1", "2017"]
    assert Indicator.objects.count() == 64
    with pytest.raises(Conflict, match="删除"):
        standards.publish(standard=draft, reason="原因", by=wu_manager)
