"""What a practice changed: both years as approved, and who learns how much of it.

沙坪坝区 has three schools in four evaluation units (小学, 初中, 九年一贯制 in two stages). In 2025
its primary school had 100 ㎡ of sports ground, in 2026 it has what the others have.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from districts.models import School, User
from improvement.models import Practice
from improvement.services.effects import effect_of, effects_of
from improvement.voices.practice_words import rows_of
from selfchecks.models import IndicatorResult, SelfCheck
from selfchecks.services.opening import open_year
from selfchecks.services.steps import take_step
from tests.improvement.test_practices import draft, take
from tests.reader import words
from tests.selfchecks.conftest import decide, keep_clean

NOBODY = AnonymousUser()


@pytest.fixture
def practice(
    self_check: SelfCheck,
    schools: list[School],
    reach: Callable[..., SelfCheck],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    wu_manager: User,
) -> Practice:
    opened = open_year(
        year=2025,
        due_on=date(2025, 12, 15),
        fill_from=date(2025, 9, 1),
        by=wu_manager,
        districts=[self_check.district],
    )
    before = opened.new[0]
    short = {
        (schools[0].code, "sports_ground_area"): 100,
        (schools[0].code, "indoor_sports_area"): 0,
    }
    keep_clean(before, chen_officer, changes=short)
    for step, by in (
        ("send_for_signature", chen_officer),
        ("submit", zhao_signatory),
        ("take_up", zhou_inspector),
    ):
        take_step(self_check=before, step=step, by=by)
    decide(before, "approve", zhou_inspector)
    reach("approved")
    row = draft(self_check.district, chen_officer, indicators="A5 B1")
    return take(take(row, "submit", chen_officer), "publish", zhou_inspector)


def test_everybody_reads_verdicts_and_how_many_units_fail(practice: Practice) -> None:
    effect = effect_of(practice, NOBODY)
    assert effect.before is not None
    assert effect.after is not None
    counts = [
        (side.year, side.failing_unit_count, side.unit_count)
        for side in (effect.before, effect.after)
    ]
    assert [counts[0][::2], counts[1][::2]] == [(2025, 4), (2026, 4)]
    assert counts[0][1] == counts[1][1] + 1
    assert [change.indicator for change in effect.verdicts] == ["A", "B1"]
    assert effect.verdicts[0].before == "not_met"
    assert effect.coefficients == ()


def test_the_unit_and_the_city_read_coefficients_too(
    practice: Practice, chen_officer: User, liu_officer: User, zhou_inspector: User
) -> None:
    stored = IndicatorResult.objects.filter(indicator="A5", stage="primary")
    years = {2025: None, 2026: None} | dict(
        stored.values_list("evaluation__self_check__year", "value")
    )
    for reader in (chen_officer, zhou_inspector):
        effect = effect_of(practice, reader)
        (primary,) = [each for each in effect.coefficients if each.stage == "primary"]
        assert (primary.indicator, primary.before, primary.after) == (
            "A5",
            years[2025],
            years[2026],
        )
        assert primary.before > primary.after
    assert effect_of(practice, liu_officer).coefficients == ()
    assert {row.get("is_inside", False) for row in rows_of(effect_of(practice, NOBODY))} == {False}


def test_an_approval_taken_back_takes_the_figures_with_it(
    practice: Practice, self_check: SelfCheck, zhou_inspector: User, client: Client
) -> None:
    assert "资料不足" not in words(client.get(f"/practices/{practice.pk}/"))
    self_check.refresh_from_db()
    decide(self_check, "take_back_approval", zhou_inspector, "数据需要重新核实")
    page = words(client.get(f"/practices/{practice.pk}/"))
    assert "资料不足：2026 年度没有复核通过的自查" in page


def test_a_page_of_practices_asks_the_database_as_often_as_one(
    practice: Practice, chen_officer: User, django_assert_num_queries: Any
) -> None:
    rows = [
        practice,
        draft(practice.district, chen_officer),
        draft(practice.district, chen_officer),
    ]
    with django_assert_num_queries(4):
        effects_of(rows[:1], chen_officer)
    with django_assert_num_queries(4):
        effects_of(rows, chen_officer)
