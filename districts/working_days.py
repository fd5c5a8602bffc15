"""Which days are working days: by the State Council's yearly notice, and by what the city adds.

A year whose notice the table of ``chinesecalendar`` does not have yet counts Monday to Friday;
``is_settled`` says so, and pages tell their readers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, islice

import chinese_calendar

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """``added`` are days the city has set: True for a working day."""

    added: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if day in self.added:
            return self.added[day]
        return (
            chinese_calendar.is_workday(day) if self.is_settled(day) else day.weekday() < SATURDAY
        )

    @staticmethod
    def is_settled(day: date) -> bool:
        """Whether the notice for the year of the day is known."""
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return False
        return True

    def after(self, day: date, number: int) -> date:
        """The ``number``-th working day after a day; the day itself for 0."""
        following = (each for each in _onwards(day) if self.is_working(each))
        return next(islice(following, number - 1, None)) if number else day

    def before(self, day: date) -> date:
        """The last working day before a day."""
        earlier = (day - DAY * each for each in count(1))
        return next(each for each in earlier if self.is_working(each))

    def back(self, day: date, count: int) -> date:
        """The ``count``-th working day up to and with a day; the day itself for 0."""
        before = (day - DAY * each for each in range((day - date.min).days))
        worked = (each for each in before if self.is_working(each))
        return next(islice(worked, count - 1, None)) if count else day

    def between(self, first: date, last: date) -> int:
        """How many working days come after ``first``, up to and with ``last``."""
        days = (first + DAY * each for each in range(1, (last - first).days + 1))
        return sum(map(self.is_working, days))

    def since_last(self, day: date) -> list[date]:
        """The day and the days of rest before it, the earliest first; nothing on a day of rest."""
        if not self.is_working(day):
            return []
        found = [day]
        while not self.is_working(found[0] - DAY):
            found.insert(0, found[0] - DAY)
        return found


def _onwards(day: date) -> Iterator[date]:
    while True:
        day += DAY
        yield day
