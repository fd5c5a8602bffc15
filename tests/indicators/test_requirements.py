"""Requirements in words: rates with one place, what is unsure or below what is advised."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from figures.shown import Places
from indicators.calculation.evaluate import evaluate
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from indicators.models import Indicator, Standard
from indicators.presenting import Presented
from indicators.requirements import CheckRow
from indicators.wording import amount
from tests.indicators.calculation.builders import make_district, make_payload, make_school

CLOSE = "贴近限值，已按精确分数判定"


def rows(
    standard: Standard, code: str, rules: Rules = STANDARD_2017_1, *schools: Any, **more: Any
) -> tuple[CheckRow, ...]:
    payload = make_payload(*schools, **more) | {"standard": rules.standard}
    page = Presented(evaluate(payload, rules), standard.indicators.prefetch_related("thresholds"))
    with override("zh-hans"):
        return page.row_of(next(row for row in page.indicators if row.code == code)).checks


def items(**changes: Any) -> dict[str, Any]:
    return {"district": make_district(**changes)}


def test_a_rate_is_a_percentage_with_one_place(standard: Standard) -> None:
    """By hand: 1175 of 1208 stayed, 97.268 %."""
    given = dict(C1__graduates=1180, C1__transferred_in=60, C1__transferred_out=55)
    given |= dict(C1__entrants=1210, C1__deceased=2)
    (row,) = rows(standard, "C1", **items(**given))
    assert row.working == "1175 ÷ 1208 = 97.3%"
    assert row.sentence == "初中三年巩固率 1175 ÷ 1208 = 97.3%，要求不低于 95%，达标"


@pytest.mark.parametrize(
    ("teachers", "servants", "working", "notes"),
    [
        ("121086", "116743", "121086 ÷ 116743 = 1.037", ()),
        ("119990", "120000", "119990 ÷ 120000 = 0.9999", (CLOSE,)),  # 0.99992 prints as 1.000
        ("119000", "120000", "119000 ÷ 120000 = 0.992", ()),
    ],
)
def test_pay_is_so_many_times_and_no_percentage(
    standard: Standard, teachers: str, servants: str, working: str, notes: tuple[str, ...]
) -> None:
    given = items(B8__teacher_pay=teachers, B8__civil_servant_pay=servants)
    row = rows(standard, "B8", **given)[0]
    assert (row.working, row.notes) == (working, notes)


@pytest.mark.parametrize("rules", [STANDARD_2017, STANDARD_2017_1])
def test_what_prints_as_enough_and_is_not_is_said(standard: Standard, rules: Rules) -> None:
    """1 of 5,000 teachers without certificate: 99.98 % would print as 100.0 %."""
    staff = dict(teachers=5000, teachers_trained=5000)
    school = make_school(1, teachers_certified=4999, **staff)
    row = rows(standard, "B12", rules, school)[-1]
    assert (row.working, row.verdict) == ("4999 ÷ 5000 = 99.98%", "not_met")
    assert row.notes == (CLOSE,)
    assert row.sentence.endswith(CLOSE)


def test_a_pass_on_a_small_sample_is_told_as_unsure(standard: Standard) -> None:
    (sure,) = rows(standard, "D1", **items(D1__sample=2000, D1__satisfied=1800))
    assert sure.notes == ()
    (unsure,) = rows(standard, "D1", **items(D1__sample=20, D1__satisfied=18))
    assert (unsure.verdict, unsure.notes) == (
        "met",
        # Wilson, by hand: (0.9 + 0.09604 − 0.16282) / 1.19208 = 0.699
        ("置信下限（95%）69.9%，低于要求的 85%，样本偏少，结论不稳",),
    )


def test_visits_have_their_own_line(standard: Standard) -> None:
    given = items(D1__visited=200, D1__visited_satisfied=169)
    questionnaires, visits = rows(standard, "D1", **given)
    assert questionnaires.working == "900 ÷ 1000 = 90.0%"
    assert visits.sentence == "实地走访满意度 169 ÷ 200 = 84.5%，要求不低于 85%，不达标"


@pytest.mark.parametrize(
    ("granted", "rules", "notes"),
    [
        ("6999.99", STANDARD_2017_1, ("低于国家补助标准 7000 元，请核实",)),
        ("7000", STANDARD_2017_1, ()),
        ("6999.99", STANDARD_2017, ()),
    ],
)
def test_funds_below_the_national_subsidy_are_told(
    standard: Standard, granted: str, rules: Rules, notes: tuple[str, ...]
) -> None:
    (row,) = rows(standard, "B7", rules, **items(B7__special_budget_per_pupil=granted))
    assert (row.verdict, row.notes) == ("met", notes)


def test_figures_of_units_and_coefficients_are_shown_as_the_form_prints() -> None:
    """By hand: 7 of 166 pupils are 4.2168…; five schools of the book example give 0.515257."""
    school = make_school(1, pupils_primary=166, qualified_teachers_primary=7)
    page = Presented(evaluate(make_payload(school)), [Indicator(code="A1", name="教师数")])
    figure = page.stages[0].rows[0].figures[0]
    assert (figure.cell.value, figure.value) == ("4.216867", "4.22")
    assert [mean for _stage, mean in page.composites] == ["0.000"]


def test_as_many_places_are_shown_as_the_version_sets() -> None:
    """By hand: 7 of 166 are 4.216867…; 97.268 % of 1208; a manager may publish more or fewer."""
    rules = replace(STANDARD_2017_1, shown_digits=3, coefficient_digits=2, rate_digits=2)
    school = make_school(1, pupils_primary=166, qualified_teachers_primary=7)
    payload = make_payload(school, **items(C1__graduates=1175, C1__entrants=1208))
    indicators = [Indicator(code="C1", name="巩固率")]
    page = Presented(
        evaluate(payload | {"standard": "2017.1"}, rules), indicators, Places.of(rules)
    )
    assert page.stages[0].rows[0].figures[0].value == "4.217"
    assert {row.cv for row in page.spreads} == {"0.00"}
    (stayed,) = page.row_of(indicators[0]).checks
    assert stayed.working.endswith("= 97.27%")


def test_what_misses_its_limit_is_not_shown_as_reaching_it() -> None:
    """By hand: 1,049 of 25,000 pupils are 4.196, which two places would print as 4.20."""
    school = make_school(1, pupils_primary=25_000, qualified_teachers_primary=1_049)
    page = Presented(evaluate(make_payload(school)), [Indicator(code="A1", name="教师数")])
    figure = page.stages[0].rows[0].figures[0]
    assert (figure.value, figure.verdict, figure.shortfall) == ("4.196", "floor", "1 人")


def test_an_amount_in_ten_thousands_reads_in_english() -> None:
    with override("en"):
        assert amount(Decimal("16.36"), "万元") == "16.36 × 10,000 yuan"
    with override("zh-hans"):
        assert amount(Decimal("16.36"), "万元") == "16.36 万元"
