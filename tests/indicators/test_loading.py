"""What load_reference puts in: 32 indicators, their numbers, every open point; once."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from figures.table import DISTRICT_ITEM, QUALITATIVE_INDICATORS, SCHOOL_FIELD
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.models import Indicator, Standard, Threshold
from indicators.services.loading import load_standard_2017, load_standard_2017_1, names_2017
from indicators.services.rules import rules_of
from indicators.wording import FORMULAS

# From the published tables (数值与 85% 底线): indicator, stage, 达标值, 基本值.
PUBLISHED = (
    ("A1", "primary", "4.2", "3.57"),
    ("A2", "primary", "1", "0.85"),
    ("A3", "primary", "0.9", "0.765"),
    ("A4", "primary", "4.5", "3.825"),
    ("A5", "primary", "7.5", "6.375"),
    ("A6", "primary", "2000", "1700"),
    ("A7", "primary", "2.3", "1.955"),
    ("A1", "junior", "5.3", "4.505"),
    ("A2", "junior", "1", "0.85"),
    ("A3", "junior", "0.9", "0.765"),
    ("A4", "junior", "5.8", "4.93"),
    ("A5", "junior", "10.2", "8.67"),
    ("A6", "junior", "2500", "2125"),
    ("A7", "junior", "2.4", "2.04"),
)


def test_thirty_two_indicators_in_four_parts(standard: Standard) -> None:
    groups = [indicator.group for indicator in standard.indicators.all()]
    assert {group: groups.count(group) for group in "ABCD"} == {"A": 7, "B": 15, "C": 9, "D": 1}
    assert list(standard.indicators.values_list("code", flat=True)) == list(names_2017())


@pytest.mark.parametrize(("code", "stage", "value", "floor"), PUBLISHED)
def test_thresholds_and_floors_are_the_published_ones(
    standard: Standard, code: str, stage: str, value: str, floor: str
) -> None:
    threshold = Threshold.objects.get(
        indicator__standard=standard, indicator__code=code, stage=stage, name=""
    )
    assert threshold.value == Decimal(value)
    assert threshold.floor == Decimal(floor)
    assert threshold.dispersion_limit == Decimal("0.5" if stage == "primary" else "0.45")


@pytest.mark.parametrize(
    ("code", "name", "operator", "value"),
    [
        ("B3", "music_area", ">=", "96"),
        ("B3", "art_area", ">=", "90"),
        ("B4", "several_stages", "<=", "2500"),
        ("B5", "primary", "<=", "45"),
        ("B7", "special_budget", ">=", "6000"),
        ("B11", "backbone", ">=", "0.2"),
        ("B13", "town", ">=", "0.95"),
        ("C4", "training", ">=", "0.05"),
        ("C9", "difference", "<", "0.15"),
        ("D1", "satisfied", ">=", "0.85"),
    ],
)
def test_other_numbers(standard: Standard, code: str, name: str, operator: str, value: str) -> None:
    threshold = Threshold.objects.get(indicator__standard=standard, indicator__code=code, name=name)
    assert (threshold.operator, threshold.value) == (operator, Decimal(value))


def test_rows_say_what_the_calculation_says(standard: Standard) -> None:
    assert rules_of(standard) == STANDARD_2017
    assert rules_of(standard).to_dict() == STANDARD_2017.to_dict()


def test_the_standard_is_published_with_its_number_and_day(standard: Standard) -> None:
    assert (standard.status, standard.document_number) == ("published", "教督〔2017〕6号")
    assert Standard.objects.in_force_on(standard.effective_from) == standard


def test_every_open_question_of_the_sources_has_its_default(standard: Standard) -> None:
    settled = {point.key: point.value for point in standard.open_points.all()}
    assert settled == {
        "point_comparison": "<",
        "attached_points": False,
        "special_cases": [],
        "B7.special_budget": Decimal("6000"),
        "training_accounts": "budget",
        "shown_digits": 2,
        "monitored_subjects": [],
    }


def test_special_cases_are_off(standard: Standard) -> None:
    cases = standard.special_cases.all()
    assert len(cases) == 5
    assert not any(case.is_enabled for case in cases)


def test_every_indicator_is_worded_in_both_languages_and_has_a_formula(standard: Standard) -> None:
    for indicator in Indicator.objects.all():
        assert all(
            (indicator.wording, indicator.english_name, indicator.english_wording, indicator.source)
        ), indicator.code
        assert indicator.formula in FORMULAS
        for field in indicator.raw_fields:
            known = field in SCHOOL_FIELD or field in DISTRICT_ITEM
            assert known or field in QUALITATIVE_INDICATORS or field.startswith("C9."), field


def test_numeric_fields_of_the_calculation_are_named_on_some_indicator(standard: Standard) -> None:
    named = {field for row in Indicator.objects.all() for field in row.raw_fields}
    described = {"school_code", "school_name", "organiser"}
    assert set(SCHOOL_FIELD) - named == described
    assert set(DISTRICT_ITEM) <= named


def test_loading_again_changes_nothing(standard: Standard) -> None:
    assert load_standard_2017() == load_standard_2017_1() == 0
    output = StringIO()
    call_command("load_reference", stdout=output)
    assert Standard.objects.count() == 2
    assert "没有改动" in output.getvalue()
