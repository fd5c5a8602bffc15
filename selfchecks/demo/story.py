"""What happens to a made-up self-check: which acts, in which order, by when; seeded, pure code."""

from collections.abc import Iterator
from datetime import date as Date
from datetime import datetime, time, timedelta, tzinfo
from random import Random

LONGEST = timedelta(days=110)  # from the first day of filling in to the decision

_SIGNED = ("upload", "send_for_signature", "submit")
_READ = (*_SIGNED, "take_up", "accept")
_RETURNED = (*_READ, "question", "send_back")
_AGAIN = ("correct", "send_for_signature", "submit", "take_up", "accept", "approve")

# How far this year's self-checks have come, dealt out in turn, so that few units show much.
UNDER_WAY: tuple[tuple[str, ...], ...] = (
    _READ,
    _SIGNED,
    _RETURNED,
    ("upload_with_errors",),
    (*_READ, "approve"),
    ("upload", "send_for_signature"),
    ("upload_with_gaps",),
    ("upload_with_errors", *_READ, "approve"),
    _SIGNED,
    (),
    (*_RETURNED, *_AGAIN),
    _READ,
)
# Earlier years are closed; some went round twice.
CLOSED: tuple[tuple[str, ...], ...] = (
    (*_READ, "approve"),
    (*_READ, "approve"),
    ("upload_with_errors", *_READ, "approve"),
    (*_RETURNED, *_AGAIN),
)


def acts_of(
    seed: int, unit_code: str, year: int, place: int, *, is_closed: bool
) -> tuple[str, ...]:
    """The acts of one self-check; ``place`` is the unit's position among those loaded."""
    if is_closed:
        return Random(f"{seed}/{unit_code}/{year}/story").choice(CLOSED)
    return UNDER_WAY[(place + seed - 1) % len(UNDER_WAY)]


def moments(
    seed: int, unit_code: str, first_day: Date, *, until: datetime, count: int
) -> Iterator[datetime]:
    """When each of ``count`` acts happens: in office hours, in order, none after ``until``."""
    draw = Random(f"{seed}/{unit_code}/{first_day}/moments")
    days = min(LONGEST, until - _morning(first_day, until.tzinfo)).days
    day = 0.0
    for left in range(count, 0, -1):
        day += draw.uniform(0.4, 1.0) * (days - day) / (left + 1)
        minutes = draw.randint(0, 29) + 30 * (count - left)
        wanted = _morning(first_day, until.tzinfo) + timedelta(days=int(day), minutes=minutes)
        yield min(wanted, until)


def _morning(day: Date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(9), zone)
