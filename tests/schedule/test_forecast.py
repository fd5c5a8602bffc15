"""Going on as figures did: worked by hand, and properties of the chances."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.forecast import (
    LEAST_CHANGES,
    PACES,
    Chances,
    Change,
    Course,
    back_test,
    changes_of,
    days_of_steps,
    record_of,
)
from schedule.standing import Event

NOVEMBER = date(2025, 11, 20)
SAME = PACES["same"]


def course(*found: tuple[int, int], approved_on: date = NOVEMBER) -> Course:
    return Course("500106", 2027, found, approved_on)


def test_a_gap_closes_at_the_speed_of_the_last_two_years() -> None:
    unit = course((2023, 90), (2024, 40), (2025, 28))
    assert unit.speed == 12  # 40 − 28; what went before 2024 is no longer its speed
    assert unit.years_to_close() == 3  # 28 ÷ 12 = 2.33
    assert unit.years_to_close(PACES["slow"]) == 5  # 28 ÷ 6 = 4.67
    assert unit.years_to_close(PACES["fast"]) == 2  # 28 ÷ 18 = 1.56


def test_a_year_left_out_halves_the_speed() -> None:
    assert course((2023, 40), (2025, 28)).speed == Fraction(6)


def test_steps_may_carry_the_announcement_into_the_next_year() -> None:
    unit = course((2024, 40), (2025, 28))  # three years: approved on 2028-11-20
    assert unit.expected_year(SAME, 41, NOVEMBER) == 2028  # 2028-12-31
    assert unit.expected_year(SAME, 42, NOVEMBER) == 2029  # 2029-01-01


def test_what_was_ready_long_ago_is_not_expected_in_the_past() -> None:
    ready = course((2023, 0), approved_on=date(2023, 11, 20))
    assert ready.is_known
    assert ready.expected_year(SAME, 100, date(2026, 11, 29)) == 2026


@pytest.mark.parametrize("now", [40, 41])
def test_a_gap_that_does_not_close_is_not_foretold(now: int) -> None:
    unit = course((2024, 40), (2025, now))
    assert unit.years_to_close() is None
    assert unit.expected_year(SAME, 0, NOVEMBER) is None


def test_one_approved_year_is_too_little_unless_nothing_is_open() -> None:
    assert not course((2025, 3)).is_known
    assert course((2025, 0)).is_known


@pytest.mark.parametrize(
    ("day", "days", "more"),
    [
        (NOVEMBER, 41, 2),  # 2027-11-20 + 41 days is 2027-12-31
        (NOVEMBER, 42, 1),
        (date(2024, 2, 29), 0, 3),
        (NOVEMBER, 900, -1),  # not even the approval of 2025 leads there
    ],
)
def test_self_checks_that_can_still_count_for_2027(day: date, days: int, more: int) -> None:
    assert course((2025, 3), approved_on=day).chances_until(2027, days) == more


def test_29_february_is_followed_by_28_february() -> None:
    unit = course((2023, 2), (2024, 1), approved_on=date(2024, 2, 29))
    assert unit.expected_year(SAME, 306, date(2024, 3, 1)) == 2025  # 2025-02-28 + 306 = 12-31
    assert unit.expected_year(SAME, 307, date(2024, 3, 1)) == 2026


def test_changes_are_of_years_that_follow_each_other_with_something_open() -> None:
    units = [course((2022, 9), (2024, 6), (2025, 3)), course((2024, 0), (2025, 2))]
    assert changes_of(units) == [Change("500106", 6, 3)]


def test_chances_by_hand() -> None:
    """Half of the changes halve what is open, half leave nothing: from 4, one year 1/2; two years
    1/2 + 1/2 · 1/2."""
    chances = Chances([Change("a", 10, 5), Change("b", 8, 0)])
    assert chances.closed_within(4, 0) == 0
    assert chances.closed_within(4, 1) == 0.5
    assert chances.closed_within(4, 2) == 0.75
    assert chances.closed_within(0, 0) == 1
    assert chances.closed_within(0, -1) == 0  # too late, whatever is open
    assert not chances.are_backed


_changes = st.lists(
    st.builds(Change, st.sampled_from("abcdef"), st.integers(1, 40), st.integers(0, 60)),
    min_size=1,
    max_size=12,
)


@given(_changes, st.integers(0, 60), st.integers(0, 3))
def test_more_years_never_lower_a_chance(changes: list[Change], gap: int, years: int) -> None:
    chances = Chances(changes)
    sooner, later = chances.closed_within(gap, years), chances.closed_within(gap, years + 1)
    assert 0 <= sooner <= later + 1e-12
    assert later <= 1 + 1e-12


def test_too_few_changes_give_no_back_test() -> None:
    few = [Change(str(at), 4, 0) for at in range(LEAST_CHANGES)]
    assert back_test(few) is None


def test_back_test_by_hand() -> None:
    """22 changes: 11 close 2 of 2, 11 leave 9 of 10. From 2, the others' chance of closing is
    10/21 for those that did and 11/21 for those that did not (9 of 10 leaves 2 of 2), as the
    share of the others is: no better, and the table says so."""
    closing = [Change(f"c{at}", 2, 0) for at in range(11)]
    staying = [Change(f"s{at}", 10, 9) for at in range(11)]
    found = back_test(closing + staying)
    assert found is not None
    assert (found.changes, found.closed) == (22, 11)
    by_hand = (11 * (10 / 21 - 1) ** 2 + 11 * (11 / 21) ** 2) / 22
    assert found.score == pytest.approx(by_hand)
    assert found.base == pytest.approx(by_hand)
    assert not found.is_better


def test_days_of_steps_are_the_median_of_those_that_have_both() -> None:
    events = [
        Event("a", date(2025, 1, 1), "passed", "city"),
        Event("a", date(2025, 3, 2), "certified", "nation"),  # 60 days
        Event("b", date(2025, 1, 1), "started", "district"),
        Event("b", date(2025, 1, 31), "certified", "nation"),  # 30
        Event("c", date(2025, 1, 1), "certified", "nation"),  # nothing before it
        Event("d", date(2025, 1, 1), "passed", "city"),  # not certified
    ]
    assert days_of_steps(events) == 45
    assert days_of_steps(events[4:]) is None


def test_the_public_record_beats_its_own_pace() -> None:
    """Nothing by 2023, 4 in March 2025, 10 in January 2026, counted from 2022-01-01."""
    came = [(date(2025, 3, 14), 4), (date(2026, 1, 12), 10)]
    found = record_of(came, date(2022, 1, 1), date(2026, 11, 29))
    told = {(each.day, each.until): (each.count, float(each.foretold), each.came) for each in found}
    assert told[date(2023, 12, 31), date(2024, 12, 31)] == (0, 0, 0)
    assert told[date(2024, 12, 31), date(2025, 3, 14)] == (0, 0, 4)
    count, foretold, came_then = told[date(2025, 12, 31), date(2026, 1, 12)]
    assert (count, came_then) == (4, 10)
    assert foretold == pytest.approx(4 * 1472 / 1460)  # days since 2022-01-01
