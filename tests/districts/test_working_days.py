"""Working days: the yearly notices, what the city adds, and a year nobody has announced yet.

Days are those of the State Council's notices for 2025 and 2024: a holiday of eight days with two
working days on weekends beside it, and a leap day.
"""

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from districts.models import CalendarDay, User
from districts.services.calendar import correct_day, set_day, working_days
from districts.working_days import WorkingDays

DAYS = WorkingDays()
dates = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2025, 9, 28), True),  # a Sunday that is worked
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),  # a Wednesday, the last of the holiday
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),  # a Saturday that is worked
        (date(2025, 10, 12), False),
        (date(2024, 2, 29), True),
    ],
)
def test_days_are_those_of_the_notice(day: date, is_working: bool) -> None:
    assert DAYS.is_working(day) is is_working


def test_a_span_counts_working_days_only() -> None:
    assert DAYS.after(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert DAYS.after(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert DAYS.after(date(2025, 9, 30), 4) == date(2025, 10, 13)
    assert DAYS.between(date(2025, 9, 30), date(2025, 10, 13)) == 4
    assert DAYS.between(date(2025, 10, 1), date(2025, 10, 8)) == 0


def test_a_year_not_announced_counts_monday_to_friday_and_says_so() -> None:
    saturday = date(2099, 10, 3)
    assert not DAYS.is_settled(saturday)
    assert DAYS.is_settled(date(2025, 10, 1))
    assert not DAYS.is_working(saturday)
    assert DAYS.is_working(date(2099, 10, 1))


def test_what_the_city_sets_goes_first() -> None:
    closed = WorkingDays({date(2025, 10, 9): False})
    assert closed.after(date(2025, 9, 30), 1) == date(2025, 10, 10)
    assert closed.since_last(date(2025, 10, 9)) == []
    rest = [date(2025, 10, day) for day in range(1, 11)]
    assert closed.since_last(date(2025, 10, 10)) == rest


@given(dates, st.integers(0, 40))
def test_counting_forth_and_back_agree(day: date, count: int) -> None:
    assert DAYS.between(day, DAYS.after(day, count)) == count


@given(dates)
def test_each_day_is_told_of_once(day: date) -> None:
    """However rest days lie, every day belongs to exactly one working day's list."""
    span = [day + timedelta(days=each) for each in range(30)]
    told = [each for one in span for each in DAYS.since_last(one) if each >= day]
    assert told == span[: len(told)]
    assert len(told) >= 20


@pytest.mark.django_db
def test_a_manager_sets_a_day_with_its_source(wu_manager: User, zhou_inspector: User) -> None:
    asked = {"day": date(2027, 1, 4), "is_working": False, "source": "https://www.cq.gov.cn/"}
    with pytest.raises(NotAllowed, match="市级管理员"):
        set_day(by=zhou_inspector, **asked)
    with pytest.raises(Unusable, match="来源"):
        set_day(by=wu_manager, **{**asked, "source": ""})
    row = set_day(by=wu_manager, **asked)
    assert not working_days().is_working(row.day)
    correct_day(row=row, by=wu_manager, is_working=True)
    assert working_days().is_working(row.day)
    actions = Entry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["calendar.set", "calendar.correct"]


@pytest.mark.django_db
def test_a_day_is_set_once(wu_manager: User, client: Client) -> None:
    client.force_login(wu_manager)
    form = {"day": "2027-01-04", "is_working": "on", "document_number": "演示函〔2026〕1号"}
    address = "/admin/districts/calendarday/add/"
    assert client.post(address, form).status_code == 302
    again = client.post(address, form)
    assert "这一天已经登记过" in again.content.decode()
    assert CalendarDay.objects.count() == 1
