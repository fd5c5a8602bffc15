"""When a unit may be certified if it goes on as its own figures did: pure, no Django, no clock.

Everything rests on ``open_by_year``: how many requirements of the standard an approved self-check
left open. The method, its assumptions and what it got wrong stand in ``docs/forecast.md``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil
from statistics import median

from schedule.standing import Event, by_unit, certified_day

PACES = {"slow": Fraction(1, 2), "same": Fraction(1), "fast": Fraction(3, 2)}
# A share of fewer changes is uncertain by more than 13 points (√(¼ ÷ 15)): chances made up.
LEAST_CHANGES = 15


@dataclass(frozen=True, slots=True)
class Course:
    """A unit's approved years, the oldest first: (year of the self-check, requirements open);
    ``approved_on`` is the day of the newest approval."""

    code: str
    planned_year: int | None
    open_by_year: tuple[tuple[int, int], ...]
    approved_on: date

    @property
    def is_known(self) -> bool:
        """One year says where a unit stands, two say where it is going."""
        return self.open_now == 0 or len(self.open_by_year) > 1

    @property
    def open_now(self) -> int:
        return self.open_by_year[-1][1]

    @property
    def speed(self) -> Fraction | None:
        """Requirements closed in a year, between the two newest approved years."""
        if len(self.open_by_year) < 2:
            return None
        (earlier, before), (later, now) = self.open_by_year[-2:]
        return Fraction(before - now, later - earlier)

    def years_to_close(self, pace: Fraction = Fraction(1)) -> int | None:
        """Yearly self-checks until nothing is open; None when the gap is not closing."""
        if self.open_now == 0:
            return 0
        if self.speed is None or self.speed <= 0:
            return None
        return ceil(self.open_now / (self.speed * pace))

    def expected_year(self, pace: Fraction, days: int, as_of: date) -> int | None:
        """The year it would be certified in, ``days`` after the approval that leaves nothing open;
        never before ``as_of``."""
        years = self.years_to_close(pace)
        if years is None:
            return None
        return max(_year_after(self.approved_on, years, days), as_of.year)

    def chances_until(self, year: int, days: int) -> int:
        """How many more self-checks can be approved early enough to be certified by the end of
        the year; negative when not even the newest was."""
        last = date(year, 12, 31) - timedelta(days)
        day = self.approved_on
        return last.year - day.year - ((day.month, day.day) > (last.month, last.day))


def _year_after(day: date, years: int, days: int) -> int:
    """29 February of a common year is the 28th."""
    last_of_february = (day.month, day.day) == (2, 29)
    later = day.replace(year=day.year + years, day=28 if last_of_february else day.day)
    return (later + timedelta(days)).year


@dataclass(frozen=True, slots=True)
class Change:
    """What one unit did from one approved year to the next: open before and after."""

    code: str
    before: int
    after: int


def changes_of(courses: Iterable[Course]) -> list[Change]:
    """Year to year; who had nothing open tells nothing about closing."""
    return [
        Change(course.code, before, after)
        for course in courses
        for (year, before), (later, after) in zip(
            course.open_by_year, course.open_by_year[1:], strict=False
        )
        if later == year + 1 and before
    ]


class Chances:
    """The chance that nothing is open any more, when each year a unit does what some unit of the
    city has done in one: all observed changes alike likely, in proportion to what was open.

    Exact for the changes given; a requirement once met is taken to stay met.
    """

    def __init__(self, changes: Sequence[Change]) -> None:
        self._ratios = [Fraction(each.after, each.before) for each in changes]
        self.closed_within = cache(self._closed_within)

    @property
    def are_backed(self) -> bool:
        return len(self._ratios) >= LEAST_CHANGES

    def _closed_within(self, still_open: int, years: int) -> float:
        """``years`` yearly self-checks from ``still_open`` requirements."""
        if still_open == 0 and years >= 0:
            return 1.0
        if years <= 0:
            return 0.0
        nexts = (round(still_open * ratio) for ratio in self._ratios)
        return sum(self.closed_within(each, years - 1) for each in nexts) / len(self._ratios)


@dataclass(frozen=True, slots=True)
class BackTest:
    """``score`` is the mean squared error of the chances (Brier 1950), 0 best; ``base`` that of
    saying for every unit the share of the others."""

    changes: int
    closed: int
    score: float
    base: float

    @property
    def is_better(self) -> bool:
        return self.score < self.base


def back_test(changes: Sequence[Change]) -> BackTest | None:
    """Each observed change foretold from those of other units alone; None while they are few."""
    if len(changes) <= LEAST_CHANGES or len({each.code for each in changes}) < 2:
        return None
    score = base = 0.0
    for left_out in changes:
        others = [each for each in changes if each.code != left_out.code]
        happened = left_out.after == 0
        score += (Chances(others).closed_within(left_out.before, 1) - happened) ** 2
        base += (sum(each.after == 0 for each in others) / len(others) - happened) ** 2
    count, closed = len(changes), sum(each.after == 0 for each in changes)
    return BackTest(count, closed, score / count, base / count)


def days_of_steps(events: Iterable[Event]) -> int | None:
    """Median of days from a unit's first step to its certification; None where no unit has both."""
    found = []
    for of_unit in by_unit(events).values():
        day = certified_day(of_unit)
        first = min(event.day for event in of_unit)
        if day and first < day:
            found.append((day - first).days)
    return round(median(found)) if found else None


@dataclass(frozen=True, slots=True)
class Pace:
    """What going on as fast as since ``since`` would have given on ``until``, and what came."""

    day: date
    count: int
    until: date
    foretold: Fraction
    came: int


def record_of(course: Sequence[tuple[date, int]], since: date, as_of: date) -> list[Pace]:
    """The public record held against its own pace: from each day the count grew (and each end of
    a year before that) to the next. ``course`` are days and totals from then on."""
    grown = {day: total for day, total in course if since < day <= as_of}
    ends = {date(year, 12, 31) for year in range(since.year, as_of.year)}
    days = sorted({*grown, *(day for day in ends if day > since)})
    counts = [max((t for d, t in grown.items() if d <= day), default=0) for day in days]
    return [
        Pace(day, count, until, Fraction(count * (until - since).days, (day - since).days), came)
        for (day, count), (until, came) in zip(
            zip(days, counts, strict=True),
            zip(days[1:], counts[1:], strict=True),
            strict=False,
        )
    ]
