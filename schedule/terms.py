"""Terms that end on a day: years and months counted by the calendar; pure.

A term of years ends on the day of the same name; where the month has none, as after 29 February,
on the month's last day (《民法典》第二百零二条).
"""

from calendar import monthrange
from datetime import date


def months_after(day: date, count: int) -> date:
    """The day of the same name ``count`` months later, or earlier where it is negative."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, count: int) -> date:
    return months_after(day, 12 * count)
