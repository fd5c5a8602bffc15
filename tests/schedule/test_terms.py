"""Terms of months and years, against days worked out by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.terms import months_after, years_after

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2024, 2, 29), date(2027, 2, 28)),  # no such day: the month's last
        (date(2024, 2, 28), date(2027, 2, 28)),
        (date(2021, 2, 28), date(2024, 2, 28)),
        (date(2025, 12, 31), date(2028, 12, 31)),
        (date(2026, 1, 1), date(2029, 1, 1)),
    ],
)
def test_three_years(day: date, later: date) -> None:
    assert years_after(day, 3) == later


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2027, 2, 28), -12, date(2026, 2, 28)),
        (date(2027, 5, 31), -3, date(2027, 2, 28)),
        (date(2028, 5, 31), -3, date(2028, 2, 29)),
        (date(2027, 1, 31), -6, date(2026, 7, 31)),
        (date(2027, 8, 31), -6, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
    ],
)
def test_months_before_and_after(day: date, count: int, found: date) -> None:
    assert months_after(day, count) == found


@given(DAYS, st.integers(-240, 240))
def test_the_same_day_or_the_last_of_a_shorter_month(day: date, count: int) -> None:
    found = months_after(day, count)
    assert 12 * (found.year - day.year) + found.month - day.month == count
    is_last = (found + timedelta(days=1)).month != found.month
    assert found.day == day.day or (is_last and found.day < day.day)


@given(DAYS)
def test_three_years_are_as_many_days(day: date) -> None:
    assert (years_after(day, 3) - day).days in (1095, 1096)
