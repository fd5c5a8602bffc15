"""What the database refuses about versions of the standard, and who sees a draft."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from districts.models import User
from indicators.models import Indicator, OpenPoint, SpecialCase, Standard, Threshold


def refused(queryset: object, **values: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        queryset.update(**values)  # type: ignore[attr-defined]


def test_a_draft_has_no_day_of_publication_and_a_published_version_has(
    standard: Standard, draft: Standard
) -> None:
    refused(Standard.objects.filter(pk=standard.pk), published_at=None)
    refused(Standard.objects.filter(pk=standard.pk), effective_from=None)
    refused(Standard.objects.filter(pk=draft.pk), published_at=timezone.now())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("floor_ratio", Decimal("0")),
        ("floor_ratio", Decimal("1.01")),
        ("required_met", 8),
        ("shown_digits", 7),
        ("dispersion_limit_junior", Decimal("0")),
        ("weighting", "teachers"),
        ("point_comparison", ">"),
        ("training_accounts", "guess"),
        ("code", "2017"),
    ],
)
def test_settings_of_a_version_stay_in_range(draft: Standard, field: str, value: object) -> None:
    refused(Standard.objects.filter(pk=draft.pk), **{field: value})


def test_indicators_are_unique_and_their_code_fits_their_part(draft: Standard) -> None:
    a1 = Indicator.objects.filter(standard=draft, code="A1")
    refused(a1, code="A2")
    refused(a1, code="B16")
    refused(a1, code="A0")
    refused(a1, kind="guess")


def test_thresholds_are_not_negative_and_unique(draft: Standard) -> None:
    primary = Threshold.objects.filter(
        indicator__standard=draft, indicator__code="A1", stage="primary"
    )
    refused(Threshold.objects.filter(pk=primary.get().pk), value=Decimal("-1"))
    refused(Threshold.objects.filter(pk=primary.get().pk), stage="junior")
    refused(Threshold.objects.filter(pk=primary.get().pk), operator="~")


@pytest.mark.parametrize("model", [Standard, Indicator, Threshold, SpecialCase, OpenPoint])
def test_a_draft_is_the_citys_own_work(
    draft: Standard, model: type, chen_officer: User, zhou_inspector: User
) -> None:
    of_draft = {model.status_path: "draft"}  # type: ignore[attr-defined]
    rows = model.objects  # type: ignore[attr-defined]
    assert rows.visible_to(zhou_inspector).filter(**of_draft).exists()
    for viewer in (AnonymousUser(), chen_officer):
        visible = rows.visible_to(viewer)
        assert visible.exists()
        assert not visible.filter(**of_draft).exists()


def test_english_pages_show_the_english_name_and_fall_back_to_chinese(standard: Standard) -> None:
    b5 = Indicator.objects.get(code="B5", standard=standard)
    assert b5.display_name == "班额"
    with translation.override("en"):
        assert b5.display_name == "Class size"
        b5.english_name = ""
        assert b5.display_name == "班额"
